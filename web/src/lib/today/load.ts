/** How full each day of a week is: the rounds of the published plan against the drivers' hours and the vans. */
import type { RoundOut } from '#lib/api/schema.d.ts';
import { duration, later } from '#lib/words.ts';

export interface DayLoad {
	day: string;
	rounds: number;
	/** The fullest of its rounds, in percent of the driver's hours or of the van. */
	percent: number;
	over: boolean;
	why: string;
}

/** Seven days from a Monday. `capacity` holds the crates of each van. */
export function weekLoad(
	monday: string,
	rounds: readonly RoundOut[],
	capacity: Readonly<Record<string, number>>
): DayLoad[] {
	return Array.from({ length: 7 }, (_, k) => {
		const day = later(monday, k);
		return loadOf(
			day,
			rounds.filter((one) => one.day === day),
			capacity
		);
	});
}

function loadOf(
	day: string,
	rounds: readonly RoundOut[],
	capacity: Readonly<Record<string, number>>
): DayLoad {
	const found: DayLoad = { day, rounds: rounds.length, percent: 0, over: false, why: '' };
	for (const one of rounds) {
		const room = capacity[one.vehicle];
		const hours = (100 * one.duration_s) / Math.max(1, one.shift.late - one.shift.early);
		const crates = room ? (100 * one.load_peak) / room : 0;
		found.percent = Math.max(found.percent, Math.round(hours), Math.round(crates));
		const why = excess(one, room);
		if (why && !found.over) Object.assign(found, { over: true, why: `${one.label} : ${why}` });
	}
	return found;
}

function excess(round: RoundOut, room: number | undefined): string {
	if (round.end_s > round.shift.late)
		return `finit ${duration(round.end_s - round.shift.late)} après les heures du chauffeur`;
	if (room && round.load_peak > room) return `${round.load_peak} bacs pour ${room} places`;
	return '';
}
