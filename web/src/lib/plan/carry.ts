/** Where a visit that is carried by the keyboard goes at each key; and where the tray is. */
import type { Day, Place } from './layout.ts';

/** The tray of what is not planned, as a place. */
export const TRAY: Place = { round: '', number: 0 };

export type Key = 'ArrowUp' | 'ArrowDown' | 'ArrowLeft' | 'ArrowRight';

interface Slot {
	round: string;
	visits: number;
}

/**
 * The next place from `from`. Up and down: within the round, then into the round before or after it on that day;
 * left and right: the neighbouring day, its round most alike; right of the last day is the tray.
 */
export function carried(days: Day[], from: Place, key: Key, ref: string): Place {
	const columns = days.map((day) => slots(day, ref));
	const column = columns.findIndex((one) => one.some((slot) => slot.round === from.round));
	if (column < 0) return key === 'ArrowLeft' ? landed(columns[columns.length - 1], 0, 1) : from;
	const slotsHere = columns[column] ?? [];
	const row = slotsHere.findIndex((slot) => slot.round === from.round);
	if (key === 'ArrowUp') {
		if (from.number > 1) return { ...from, number: from.number - 1 };
		const above = slotsHere[row - 1];
		return above ? { round: above.round, number: above.visits + 1 } : from;
	}
	if (key === 'ArrowDown') {
		if (from.number <= (slotsHere[row]?.visits ?? 0)) return { ...from, number: from.number + 1 };
		const below = slotsHere[row + 1];
		return below ? { round: below.round, number: 1 } : from;
	}
	const next = column + (key === 'ArrowRight' ? 1 : -1);
	if (next < 0) return from;
	if (next >= columns.length) return TRAY;
	return landed(columns[next], row, from.number);
}

function landed(column: Slot[] | undefined, row: number, number: number): Place {
	const slot = column?.[Math.min(row, column.length - 1)];
	return slot ? { round: slot.round, number: Math.min(number, slot.visits + 1) } : TRAY;
}

/** The rounds of a day with how many other visits each has. */
function slots(day: Day, ref: string): Slot[] {
	return [
		...day.rounds.map((round) => ({
			round: round.code,
			visits: round.visits.filter((one) => one.ref !== ref).length
		})),
		...day.possible.map((round) => ({ round: round.code, visits: 0 }))
	];
}
