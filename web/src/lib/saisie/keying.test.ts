import { beforeEach, describe, expect, it, vi } from 'vitest';

import { Problem } from '#lib/api/problem.ts';

import { blockOf, type Row } from './draft.ts';
import { Keying, type Door } from './keying.svelte.ts';
import type { Block, Saying, Sheet, SheetVisit, SquareOut } from './shapes.ts';

const CODE = '2026-W49-mar-matin-V1';
const STOPS = ['cassel', 'arneke', 'bavinchove'].map((site) => `${CODE}/${site}`);

function told(status: number, detail = ''): Problem {
	return new Problem({ status, type: 'about:blank', title: 'Non', detail });
}

/** A service that keeps what it was last told of each block; `broken` says what happens to a request. */
class Service implements Door {
	blocks = new Map<string, Block>();
	writes = 0;
	broken: () => 'before' | 'after' | 'no' = () => 'no';
	refused = new Set<string>();

	read = () => (this.broken() === 'no' ? Promise.resolve(this.sheet()) : Promise.reject(told(0)));

	write = async (_: string, blocks: Block[]) => {
		this.writes += 1;
		const how = this.broken();
		await Promise.resolve();
		if (how === 'before') throw told(0);
		if (blocks.some((one) => this.refused.has(one.visit))) throw told(422, 'Pas encore passé.');
		for (const one of blocks) this.blocks.set(one.visit, one);
		if (how === 'after') throw told(503); // stored, but the answer was lost
		return this.sheet();
	};

	sheet(): Sheet {
		const visits = STOPS.map((visit, k) => this.#visit(visit, k + 1));
		return {
			code: CODE,
			label: 'matin',
			day: '2026-12-01',
			vehicle_name: 'Fourgon',
			driver_name: 'Dominique',
			current: true,
			start_at: '2026-12-01T09:00:00+01:00',
			end_at: '2026-12-01T10:00:00+01:00',
			visits,
			keyed: this.blocks.size,
			conflicts: 0
		};
	}

	#visit(visit: string, number: number): SheetVisit {
		const block = this.blocks.get(visit);
		const square = (kind: SquareOut['kind'], there: boolean, crates: number | null): SquareOut => {
			const keyed: Saying = {
				source: 'paper',
				teller: 'Camille',
				at: '',
				time: block?.time ?? '9:10',
				crates,
				scan: `${visit}/${kind}`,
				counts: true
			};
			return { kind, keyed: there ? keyed : null, others: [], conflict: false, why: '' };
		};
		const count = (kind: SquareOut['kind'], crates: number | null | undefined) =>
			square(kind, crates !== null && crates !== undefined, crates ?? null);
		return {
			visit,
			number,
			site: visit,
			name: visit,
			commune: visit,
			planned: '9:10',
			planned_at: '2026-12-01T09:10:00+01:00',
			leave: 2,
			take: 1,
			codes: [],
			state: 'nothing',
			time: square('arrived', Boolean(block?.time), null),
			delivered: count('delivered', block?.delivered),
			picked_up: count('picked_up', block?.picked_up),
			empties: count('empty', block?.empties),
			closed: square('closed', block?.closed ?? false, null)
		};
	}
}

let service: Service;

async function opened(): Promise<Keying> {
	const keying = new Keying(CODE, service);
	await keying.open();
	return keying;
}

function row(keying: Keying, at: number): Row {
	const found = keying.rows[at];
	if (!found) throw new Error(`no row ${at}`);
	return found;
}

beforeEach(() => {
	localStorage.clear();
	vi.useFakeTimers();
	service = new Service();
});

describe('a block', () => {
	it('is sent once it was gone through, and forgotten here once it is stored', async () => {
		const keying = await opened();
		keying.type(row(keying, 0), 'time', '912');
		keying.finish(row(keying, 0));
		await vi.waitFor(() => expect(row(keying, 0).sent).toBe(true));
		expect(service.blocks.get(STOPS[0] ?? '')).toMatchObject({ time: '9:12', delivered: 2, picked_up: 1 });
		expect(localStorage.length).toBe(0);
	});

	it('waits while the service is away, and leaves by itself', async () => {
		const keying = await opened();
		service.broken = () => 'before';
		keying.finish(row(keying, 0));
		await vi.waitFor(() => expect(keying.problem?.away).toBe(true));
		expect(keying.waiting).toBe(1);
		service.broken = () => 'no';
		await vi.advanceTimersByTimeAsync(10_000);
		expect([keying.waiting, keying.problem]).toEqual([0, null]);
	});

	it('that is refused keeps no other out, and says why', async () => {
		const keying = await opened();
		service.broken = () => 'before';
		keying.finish(row(keying, 0));
		keying.finish(row(keying, 1));
		await vi.waitFor(() => expect(keying.problem?.away).toBe(true));
		service.broken = () => 'no';
		service.refused = new Set([STOPS[0] ?? '']);
		await keying.send();
		expect([...service.blocks.keys()]).toEqual([STOPS[1]]);
		expect(keying.refused[STOPS[0] ?? '']).toBe('Pas encore passé.');
		expect(row(keying, 0)).toMatchObject({ done: false, touched: true });
	});

	it('that is typed in while it is on its way is sent again', async () => {
		const keying = await opened();
		keying.finish(row(keying, 0));
		keying.type(row(keying, 0), 'delivered', '7');
		keying.finish(row(keying, 0));
		await vi.waitFor(() => expect(keying.waiting).toBe(0));
		await vi.waitFor(() => expect(service.blocks.get(STOPS[0] ?? '')?.delivered).toBe(7));
	});

	it('of which nothing was written is taken back', async () => {
		const keying = await opened();
		keying.finish(row(keying, 0));
		await vi.waitFor(() => expect(row(keying, 0).sent).toBe(true));
		await keying.empty(row(keying, 0));
		expect(service.blocks.get(STOPS[0] ?? '')).toMatchObject({
			time: null,
			delivered: null,
			picked_up: null
		});
		expect(row(keying, 0).done).toBe(false);
	});
});

it('opens without the service where something was kept', async () => {
	const before = await opened();
	service.broken = () => 'before';
	before.type(row(before, 1), 'time', '9');
	before.stop();
	const keying = await opened();
	expect(keying.problem?.away).toBe(true);
	expect(row(keying, 1).time).toBe('9');
});

/** A small generator of our own, so that a failure repeats: Mulberry32. */
function chance(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
}

it.each(Array.from({ length: 60 }, (_, seed) => seed))(
	'ends with what the hand wrote last, whatever breaks (%i)',
	async (seed) => {
		const next = chance(seed);
		const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)] as T;
		service.broken = () => pick(['before', 'after', 'no', 'no'] as const);
		let keying = await opened();
		const wrote = new Map<string, Block>();
		for (let step = 0; step < 30; step += 1) {
			if (keying.rows.length === 0 || next() < 0.1) {
				keying.stop(); // the page dies, another is opened
				keying = await opened();
				continue;
			}
			const at = row(keying, Math.floor(next() * STOPS.length));
			keying.type(at, pick(['delivered', 'picked_up', 'empties']), pick(['0', '1', '5']));
			keying.finish(at);
			wrote.set(at.visit, blockOf(at));
			if (next() < 0.5) await vi.advanceTimersByTimeAsync(pick([1, 10_000]));
		}
		service.broken = () => 'no';
		keying.stop();
		keying = await opened();
		await vi.advanceTimersByTimeAsync(10_000);
		expect(keying.waiting).toBe(0);
		expect(Object.fromEntries(service.blocks)).toEqual(Object.fromEntries(wrote));
		expect(localStorage.length).toBe(0);
		keying.stop();
	}
);
