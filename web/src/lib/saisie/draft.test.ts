import { beforeEach, describe, expect, it } from 'vitest';
import { blockOf, fault, keep, load, resumed, rowsOf, same, waiting, type Row } from './draft.ts';
import type { Saying, Sheet, SheetVisit, SquareOut } from './shapes.ts';

const CODE = '2026-W49-mar-matin-V1';

function square(keyed: Partial<Saying> | null = null, kind: SquareOut['kind'] = 'delivered'): SquareOut {
	const whole = keyed && {
		source: 'paper' as const,
		teller: 'Camille',
		at: '',
		time: '9:12',
		crates: null,
		scan: 'x',
		counts: true,
		...keyed
	};
	return { kind, keyed: whole, others: [], conflict: false, why: '' };
}

function visit(number: number, keyed = false): SheetVisit {
	return {
		visit: `${CODE}/site${number}`,
		number,
		site: `site${number}`,
		name: `Bibliothèque ${number}`,
		commune: `Commune ${number}`,
		planned: '9:10',
		planned_at: '2026-12-01T09:10:00+01:00',
		state: 'nothing',
		leave: 3,
		take: 2,
		codes: [],
		time: square(keyed ? { time: '9:12' } : null),
		delivered: square(keyed ? { crates: 4 } : null),
		picked_up: square(),
		empties: square(),
		closed: square()
	};
}

const sheet: Sheet = {
	code: CODE,
	label: 'matin',
	day: '2026-12-01',
	start_at: '2026-12-01T09:00:00+01:00',
	end_at: '2026-12-01T10:10:00+01:00',
	vehicle_name: 'Fourgon',
	driver_name: 'Dominique',
	current: true,
	visits: [visit(1, true), visit(2), visit(3)],
	keyed: 1,
	conflicts: 0
};

/** The rows of the sheet as they stand after some changes to one of them. */
function changed(number: number, fields: Partial<Row>): Row[] {
	return rowsOf(sheet).map((row, k) => (k === number - 1 ? { ...row, ...fields } : row));
}

beforeEach(() => localStorage.clear());

describe('rowsOf', () => {
	it('shows what was keyed in, and nothing proposed beside it', () => {
		expect(rowsOf(sheet)[0]).toMatchObject({
			delivered: '4',
			picked_up: '',
			time: '9 h 12',
			done: true,
			sent: true
		});
	});

	it('proposes what was to be left and taken, and no hour', () => {
		expect(rowsOf(sheet)[1]).toMatchObject({
			delivered: '3',
			picked_up: '2',
			empties: '',
			time: '',
			done: false
		});
	});
});

it('sends what was gone through, and only that', () => {
	const rows = changed(2, { time: '925', done: true });
	expect(waiting(rows).map(blockOf)).toEqual([
		{ visit: `${CODE}/site2`, time: '9:25', delivered: 3, picked_up: 2, empties: null, closed: false }
	]);
	expect(waiting(changed(2, { time: 'midi', done: true }))).toEqual([]);
});

it('says what is wrong with a square', () => {
	const [row] = changed(1, { time: '972', delivered: 'x' }) as [Row];
	expect(fault(row, 'time')).toContain('1012');
	expect(fault(row, 'delivered')).toContain('bacs');
	expect(fault(row, 'empties')).toBe('');
});

it('takes two spellings of an hour for the same', () => {
	const [row] = changed(1, { time: '912' }) as [Row];
	const [first] = rowsOf(sheet) as [Row];
	expect(same(row, first)).toBe(true);
});

describe('a draft', () => {
	it('is resumed after a reload, half typed blocks too, and forgotten once the service has it', () => {
		keep(CODE, changed(2, { time: '9', touched: true }), sheet, localStorage);
		const kept = load(CODE, localStorage);
		expect(kept.sheet?.visits).toHaveLength(3);
		expect(resumed(sheet, kept.draft)[1]).toMatchObject({ time: '9', done: false });
		keep(CODE, changed(2, { time: '925', done: true, sent: true }), sheet, localStorage);
		expect(load(CODE, localStorage)).toEqual({ draft: null, sheet: null });
	});

	it('that was damaged is none', () => {
		localStorage.setItem(`navette.saisie.${CODE}`, '{');
		expect(load(CODE, localStorage).draft).toBeNull();
	});

	it('that the browser refuses to keep is said', () => {
		const full = {
			...localStorage,
			setItem: () => {
				throw new Error('full');
			}
		} as unknown as Storage;
		expect(keep(CODE, changed(2, { touched: true }), sheet, full)).toBe(false);
	});
});
