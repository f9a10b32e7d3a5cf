/** Months as weeks of days, and what is dated on each. */
import type { CalendarOut } from '#lib/api/schema.d.ts';
import { day, later, shortDay } from '#lib/words.ts';

export interface Dated {
	first: string;
	last: string;
	kind: 'holiday' | 'school' | 'closure' | 'asked' | 'absence' | 'season';
	words: string;
	id: string;
}

export const SIGNS: Record<Dated['kind'], { sign: string; word: string }> = {
	holiday: { sign: 'F', word: 'jour férié' },
	school: { sign: 'V', word: 'vacances scolaires' },
	closure: { sign: '×', word: 'fermeture' },
	asked: { sign: '?', word: 'fermeture à décider' },
	absence: { sign: 'A', word: 'absence' },
	season: { sign: 'S', word: 'saison' }
};

/** The first day of a month so many months later: « 2027-01-01 » for (« 2026-12-01 », 1). */
export function monthLater(first: string, months: number): string {
	const [year, month] = [Number(first.slice(0, 4)), Number(first.slice(5, 7)) - 1 + months];
	return new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 10);
}

/** Weeks from Monday to Sunday; null for days of other months. */
export function weeksOf(first: string): (string | null)[][] {
	const end = monthLater(first, 1);
	const before = (new Date(`${first}T00:00:00Z`).getUTCDay() + 6) % 7;
	const days: (string | null)[] = Array.from({ length: before }, () => null);
	for (let at = first; at < end; at = later(at, 1)) days.push(at);
	while (days.length % 7 > 0) days.push(null);
	return Array.from({ length: days.length / 7 }, (_, k) => days.slice(7 * k, 7 * k + 7));
}

/** Everything dated of a calendar, in time order. */
export function datedOf(
	calendar: CalendarOut,
	placeOf: (site: string | null) => string,
	whoOf: (absence: CalendarOut['absences'][number]) => string
): Dated[] {
	const found: Dated[] = [
		...calendar.holidays.map((one) => ({
			...one,
			kind: one.school ? ('school' as const) : ('holiday' as const),
			words: one.name,
			id: `${one.name} ${one.first}`
		})),
		...calendar.closures
			.filter((one) => one.status === 'accepted' || one.status === 'proposed')
			.map((one) => ({
				first: one.starts_on,
				last: one.ends_on,
				kind: one.status === 'accepted' ? ('closure' as const) : ('asked' as const),
				words: `${placeOf(one.site)}${one.reason ? ` (${one.reason})` : ''}`,
				id: one.id
			})),
		...calendar.absences.map((one) => ({
			first: one.starts_on,
			last: one.ends_on,
			kind: 'absence' as const,
			words: `${whoOf(one)}${one.reason ? ` (${one.reason})` : ''}`,
			id: one.id
		})),
		...calendar.seasons.map((one, k) => ({
			first: one.starts_on,
			last: one.ends_on,
			kind: 'season' as const,
			words: placeOf(one.site),
			id: `season ${k}`
		}))
	];
	return found.sort((a, b) => a.first.localeCompare(b.first) || a.last.localeCompare(b.last));
}

/** What is dated on a day. */
export function onDay(dated: readonly Dated[], at: string): Dated[] {
	return dated.filter((one) => one.first <= at && at <= one.last);
}

/** « le jeudi 12 mars », « du jeu. 12 mars au sam. 14 mars ». */
export function span(first: string, last: string): string {
	return first === last ? `le ${day(first)}` : `du ${shortDay(first)} au ${shortDay(last)}`;
}
