/** Quantities and moments as people say them in French. Seconds are of a service day: 28800 is 8 a.m. */

const THIN = '\u202f'; // before : ; ! ?, and within numbers
const FIRM = '\u00a0';
const ZONE = 'Europe/Paris';

/** « 8 h 05 »; past midnight « 0 h 20 ». */
export function clock(seconds: number): string {
	const minutes = Math.floor(seconds / 60);
	return `${Math.floor(minutes / 60) % 24}${FIRM}h${FIRM}${pad(minutes % 60)}`;
}

/** The clock of an instant in Europe/Paris. */
export function clockAt(instant: string | Date): string {
	const parts = new Intl.DateTimeFormat('fr-FR', {
		timeZone: ZONE,
		hour: 'numeric',
		minute: '2-digit',
		hourCycle: 'h23'
	}).formatToParts(new Date(instant));
	const of = (type: string) => parts.find((part) => part.type === type)?.value ?? '';
	return `${Number(of('hour'))}${FIRM}h${FIRM}${of('minute').padStart(2, '0')}`;
}

/** « 1 h 05 », « 45 min », « moins d’une minute ». Rounded to the minute. */
export function duration(seconds: number): string {
	const minutes = Math.round(Math.abs(seconds) / 60);
	if (minutes === 0) return seconds === 0 ? `0${FIRM}min` : 'moins d’une minute';
	if (minutes < 60) return `${minutes}${FIRM}min`;
	return `${Math.floor(minutes / 60)}${FIRM}h${FIRM}${pad(minutes % 60)}`;
}

/** « 12,4 km ». */
export function distance(metres: number): string {
	return `${number(metres / 1000, metres < 100_000 ? 1 : 0)}${FIRM}km`;
}

/** « 412 € », from cents. */
export function euros(cents: number): string {
	return `${number(cents / 100, 0)}${FIRM}€`;
}

/** « 3 bacs », « 1 bac », « aucun bac ». */
export function count(n: number, one: string, many = `${one}s`): string {
	if (n === 0) return `aucun ${one}`;
	return `${number(n, 0)}${FIRM}${Math.abs(n) < 2 ? one : many}`;
}

/** A number as the French write it: « 1 234,5 ». */
export function number(value: number, digits: number): string {
	return new Intl.NumberFormat('fr-FR', {
		minimumFractionDigits: digits,
		maximumFractionDigits: digits
	}).format(value);
}

/** « +12 min », « −8,1 km », « ± 0 km »: a difference always has its sign. */
export function signed(value: number, say: (amount: number) => string): string {
	if (value === 0) return `±${FIRM}${say(0)}`;
	return `${value > 0 ? '+' : '−'}${say(Math.abs(value))}`;
}

/** « jeudi 12 mars », from « 2026-03-12 ». */
export function day(date: string): string {
	return dayWith(date, { weekday: 'long', day: 'numeric', month: 'long' });
}

/** « jeudi ». */
export function weekday(date: string): string {
	return dayWith(date, { weekday: 'long' });
}

/** « jeu. 12 mars ». */
export function shortDay(date: string): string {
	return dayWith(date, { weekday: 'short', day: 'numeric', month: 'short' });
}

/** « semaine 49 (30 novembre) », from « 2026-W49 ». */
export function week(iso: string): string {
	return `semaine ${Number(iso.slice(6))} (${dayWith(mondayOf(iso), { day: 'numeric', month: 'long' })})`;
}

/** The date of an ISO week's Monday: « 2026-11-30 » for « 2026-W49 ». */
export function mondayOf(iso: string): string {
	const fourth = new Date(Date.UTC(Number(iso.slice(0, 4)), 0, 4)); // always in the first week
	const days = (Number(iso.slice(6)) - 1) * 7 - ((fourth.getUTCDay() + 6) % 7);
	return new Date(fourth.getTime() + days * 86_400_000).toISOString().slice(0, 10);
}

/** The ISO week of a date: « 2026-W49 ». */
export function weekOf(date: string): string {
	const at = new Date(`${date}T00:00:00Z`);
	at.setUTCDate(at.getUTCDate() + 3 - ((at.getUTCDay() + 6) % 7)); // its Thursday says the year
	const first = Date.UTC(at.getUTCFullYear(), 0, 1);
	return `${at.getUTCFullYear()}-W${pad(Math.floor((at.getTime() - first) / 604_800_000) + 1)}`;
}

/** Today in Europe/Paris: « 2026-11-30 ». */
export function today(now: Date = new Date()): string {
	return new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE }).format(now);
}

/** A date so many days later. */
export function later(date: string, days: number): string {
	return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** « Cassel, Oxelaëre et Hazebrouck ». */
export function listing(names: string[]): string {
	if (names.length < 2) return names.join('');
	return `${names.slice(0, -1).join(', ')} et ${names[names.length - 1]}`;
}

/** Text with a narrow space before each double sign, whoever wrote it. */
export function typeset(text: string): string {
	return text.replace(/[ \u00a0]([;!?:»])/g, `${THIN}$1`).replace(/« /g, `«${THIN}`);
}

function dayWith(date: string, how: Intl.DateTimeFormatOptions): string {
	const said = new Intl.DateTimeFormat('fr-FR', { timeZone: 'UTC', ...how }).format(
		new Date(`${date}T00:00:00Z`)
	);
	return said.replace(/(^|\s)1(?=\s\p{L})/u, '$11er');
}

function pad(n: number): string {
	return String(n).padStart(2, '0');
}
