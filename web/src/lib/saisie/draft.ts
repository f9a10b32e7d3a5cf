/**
 * What is being keyed in from one sheet: kept in the browser until the service has it, block by block.
 *
 * A block counts as keyed in once the hand has gone through its last square; what stands in the squares before
 * is only proposed. Sending is a state, not facts: a block may be sent as often as one likes.
 */
import type { Block, Sheet, SheetVisit } from './shapes.ts';
import { readHour } from './hour.ts';

export type Square = 'delivered' | 'picked_up' | 'empties' | 'time';
export const SQUARES: readonly Square[] = ['delivered', 'picked_up', 'empties', 'time'];

/** The squares of a block as typed. `done`: gone through; `sent`: the service has exactly this;
 * `touched`: typed in, and not gone through yet. */
export interface Row {
	visit: string;
	delivered: string;
	picked_up: string;
	empties: string;
	time: string;
	closed: boolean;
	done: boolean;
	sent: boolean;
	touched: boolean;
}

export interface Draft {
	code: string;
	rows: Row[];
}

/** The rows of a sheet: what is keyed in already, else what the sheet proposes. */
export function rowsOf(sheet: Sheet): Row[] {
	return sheet.visits.map(rowOf);
}

/** Whether anything was keyed in of a block. */
export function isKeyed(visit: SheetVisit): boolean {
	return [visit.time, visit.delivered, visit.picked_up, visit.empties, visit.closed].some((one) => one.keyed);
}

function rowOf(visit: SheetVisit): Row {
	const keyed = isKeyed(visit);
	const crates = (square: SheetVisit['delivered'], proposed: number | null): string => {
		const known = keyed ? (square.keyed?.crates ?? null) : proposed;
		return known === null ? '' : String(known);
	};
	return {
		visit: visit.visit,
		delivered: crates(visit.delivered, visit.leave),
		picked_up: crates(visit.picked_up, visit.take),
		empties: crates(visit.empties, null),
		time: visit.time.keyed?.time.replace(':', ' h ') ?? '',
		closed: visit.closed.keyed !== null,
		done: keyed,
		sent: keyed,
		touched: false
	};
}

/** Whether the browser alone has what stands in a row. */
function held(row: Row): boolean {
	return row.touched || (row.done && !row.sent);
}

/** The rows of a sheet with what this browser still holds of them: a block that was not sent yet wins. */
export function resumed(sheet: Sheet, draft: Draft | null): Row[] {
	const kept = new Map((draft?.rows ?? []).filter(held).map((row) => [row.visit, row]));
	return rowsOf(sheet).map((row) => kept.get(row.visit) ?? row);
}

/** What is wrong with a square, in words; empty where nothing is. */
export function fault(row: Row, square: Square): string {
	if (square === 'time')
		return row.time === '' || readHour(row.time) ? '' : 'Une heure s’écrit 1012 ou 10 h 12.';
	return row[square] === '' || /^\d{1,4}$/.test(row[square]) ? '' : 'Un nombre de bacs est attendu.';
}

export function whole(row: Row): boolean {
	return SQUARES.every((square) => fault(row, square) === '');
}

/** What is still to be sent. */
export function waiting(rows: readonly Row[]): Row[] {
	return rows.filter((row) => row.done && !row.sent && whole(row));
}

/** A row as the service takes it. */
export function blockOf(row: Row): Block {
	return {
		visit: row.visit,
		time: row.time === '' ? null : readHour(row.time),
		delivered: count(row.delivered),
		picked_up: count(row.picked_up),
		empties: count(row.empties),
		closed: row.closed
	};
}

function count(typed: string): number | null {
	return typed === '' ? null : Number(typed);
}

/** Two rows that the service would take for the same. */
export function same(one: Row, other: Row): boolean {
	return JSON.stringify(blockOf(one)) === JSON.stringify(blockOf(other));
}

const KEY = 'navette.saisie.';

export function load(code: string, storage: Storage): { draft: Draft | null; sheet: Sheet | null } {
	const read = <Kept>(name: string): Kept | null => {
		try {
			return JSON.parse(storage.getItem(name) ?? 'null') as Kept | null;
		} catch {
			return null;
		}
	};
	return { draft: read<Draft>(KEY + code), sheet: read<Sheet>(`${KEY}${code}.feuille`) };
}

/** Keep what is not sent yet; false where the browser refuses. Nothing is kept of what the service has. */
export function keep(code: string, rows: readonly Row[], sheet: Sheet, storage: Storage): boolean {
	const rest = rows.filter(held);
	try {
		if (rest.length === 0) {
			storage.removeItem(KEY + code);
			storage.removeItem(`${KEY}${code}.feuille`);
			return true;
		}
		storage.setItem(KEY + code, JSON.stringify({ code, rows: rest } satisfies Draft));
		storage.setItem(`${KEY}${code}.feuille`, JSON.stringify(sheet));
		return true;
	} catch {
		return false;
	}
}
