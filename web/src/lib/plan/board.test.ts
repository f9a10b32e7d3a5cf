import { describe, expect, it } from 'vitest';

import type { EditOut, PlanOut, RoundOut, VisitOut } from '#lib/api/schema.d.ts';
import { carried, TRAY } from './carry.ts';
import { curve } from './curve.ts';
import { answered, applied, daysOf, sameLayout, visitOf } from './layout.ts';
import { withNames } from './say.ts';
import { keep, kept } from './waiting.ts';

const span = { early: 8 * 3600, late: 12 * 3600 };
const visit = (round: string, site: string, number: number): VisitOut =>
	({
		ref: `${round}/${site}`,
		number,
		site,
		deliver: 1,
		collect: 1,
		notes: [],
		lock: 'none',
		after: null
	}) as unknown as VisitOut;
const round = (code: string, day: string, sites: string[]): RoundOut =>
	({
		code,
		day,
		vehicle: 'V1',
		driver: 'C1',
		start_s: 30000,
		end_s: 40000,
		shift: span,
		locked: false,
		notes: [],
		visits: sites.map((site, k) => visit(code, site, k + 1))
	}) as unknown as RoundOut;
const plan = {
	rounds: [round('lun', '2026-11-30', ['a', 'b', 'c']), round('mar', '2026-12-01', ['b', 'd'])],
	possible: [{ code: 'mer', day: '2026-12-02', vehicle: 'V1', driver: 'C1', window: span }],
	unplanned: [{ site: 'e', missing: 2, reason: 'fermé' }],
	version: 1
} as unknown as PlanOut;
const order = (of: PlanOut, code: string) =>
	of.rounds.find((one) => one.code === code)?.visits.map((one) => one.ref);

describe('a change drawn before its answer', () => {
	it('moves within a round, counting places without the moved one', () => {
		const moved = applied(plan, { kind: 'move', visit: 'lun/a', round: 'lun', number: 2 });
		expect(order(moved, 'lun')).toEqual(['lun/b', 'lun/a', 'lun/c']);
	});
	it('moves to another round under the ref that the service will give', () => {
		const moved = applied(plan, { kind: 'move', visit: 'lun/b', round: 'mar', number: 3 });
		expect(order(moved, 'lun')).toEqual(['lun/a', 'lun/c']);
		expect(order(moved, 'mar')).toEqual(['mar/b', 'mar/d', 'mar/b~2']); // a second call at b
	});
	it('drives a possible round once something stands in it, and frees one that is empty', () => {
		const there = applied(plan, { kind: 'move', visit: 'mar/d', round: 'mer', number: 1 });
		expect(order(there, 'mer')).toEqual(['mer/d']);
		expect(there.possible).toEqual([]);
		const back = applied(there, { kind: 'move', visit: 'mer/d', round: 'mar', number: 2 });
		expect(back.possible.map((one) => one.code)).toEqual(['mer']);
		expect(sameLayout(back, plan)).toBe(true);
	});
	it('takes from the tray and puts into it', () => {
		const added = applied(plan, { kind: 'add', site: 'e', round: 'lun', number: 1 });
		expect(order(added, 'lun')?.[0]).toBe('lun/e');
		expect(added.unplanned[0]?.missing).toBe(1); // two were owed
		const out = applied(added, { kind: 'take_out', visit: 'lun/e' });
		expect(out.unplanned[0]?.missing).toBe(2);
		expect(visitOf(out, 'lun/e')).toBeNull();
	});
	it('is replaced by the answer, whole rounds at a time', () => {
		const told = {
			rounds: [round('mar', '2026-12-01', ['d'])],
			gone: ['lun'],
			unplanned: [],
			version: 2,
			total_cents: 5
		};
		const now = answered(plan, told as unknown as EditOut);
		expect(now.rounds.map((one) => one.code)).toEqual(['mar']);
		expect(now.possible.map((one) => one.code)).toContain('lun');
		expect(now.version).toBe(2);
	});
});

describe('carrying by keys', () => {
	const days = daysOf(plan);
	it('goes through a round, over days, into the tray and back', () => {
		let at = { round: 'lun', number: 1 };
		at = carried(days, at, 'ArrowDown', 'lun/a');
		at = carried(days, at, 'ArrowDown', 'lun/a');
		expect(at).toEqual({ round: 'lun', number: 3 }); // the last of three
		expect(carried(days, at, 'ArrowDown', 'lun/a')).toEqual(at); // no other round that day
		at = carried(days, at, 'ArrowRight', 'lun/a');
		expect(at).toEqual({ round: 'mar', number: 3 }); // after both of Tuesday
		at = carried(days, at, 'ArrowRight', 'lun/a');
		expect(at).toEqual({ round: 'mer', number: 1 });
		expect(carried(days, at, 'ArrowRight', 'lun/a')).toEqual(TRAY);
		expect(carried(days, TRAY, 'ArrowLeft', 'lun/a')).toEqual({ round: 'mer', number: 1 });
	});
});

describe('small things', () => {
	it('keeps what waits, and forgets it when nothing does', () => {
		keep('p', { etag: '"v1"', steps: [{ kind: 'undo' }] });
		expect(kept('p')?.etag).toBe('"v1"');
		keep('p', { etag: '"v2"', steps: [] });
		expect(kept('p')).toBeNull();
	});
	it('draws a falling cost as steps', () => {
		const points = [
			{ spent_s: 0, cost_eur: 10 },
			{ spent_s: 2, cost_eur: 5 }
		];
		expect(curve(points, 102, 14)).toBe('M1 2H101V12'); // 0 s → 1, 2 s → 1 + 100; 10 € on top, 5 € at the bottom
	});
	it('names rounds and visits as people do', () => {
		const say = (text: string) =>
			withNames(
				text,
				plan,
				(site) => site.toUpperCase(),
				() => 'Fourgon'
			);
		expect(say('lun : rentre trop tard.')).toBe('lundi matin (Fourgon) : rentre trop tard.');
		expect(say('mar/d : arrive tard.')).toBe('D, mardi matin (Fourgon) : arrive tard.');
	});
});
