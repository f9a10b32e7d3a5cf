/** The periods that people report on: dates « 2026-11-30 », both included. */
import { later } from '#lib/words.ts';

export interface Span {
	first: string;
	last: string;
}

export interface Named extends Span {
	name: string;
}

/** The periods one asks for most, seen from a day. The school year begins on 1 September. */
export function usual(today: string): Named[] {
	const [year, month] = [Number(today.slice(0, 4)), Number(today.slice(5, 7))];
	const school = month >= 9 ? year : year - 1;
	const ended = new Date(Date.UTC(year, month - 1, 0)).toISOString().slice(0, 10);
	return [
		{ name: 'Quatre dernières semaines', first: later(today, -27), last: today },
		{ name: 'Mois dernier', first: `${ended.slice(0, 7)}-01`, last: ended },
		{ name: 'Année scolaire', first: `${school}-09-01`, last: today },
		{ name: `Année ${year}`, first: `${year}-01-01`, last: today },
		{ name: `Année ${year - 1}`, first: `${year - 1}-01-01`, last: `${year - 1}-12-31` }
	];
}

/** The last period before this one that is as long. */
export function before(span: Span): Span {
	const days = (Date.parse(span.last) - Date.parse(span.first)) / 86_400_000 + 1;
	return { first: later(span.first, -days), last: later(span.first, -1) };
}
