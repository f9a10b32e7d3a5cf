/** Hours as a hand keys them in, and as paper and screens show them. */

const LATEST = 35; // « 25:10 » is ten past one the day after the round began

/** « 1012 », « 912 », « 9h12 », « 9 h 12 », « 9:12 », « 9 » → « 9:12 »; null where it is no hour. */
export function readHour(typed: string): string | null {
	const text = typed.trim().toLowerCase().replace(/\s/g, '');
	const parts = /^(\d{1,2})(?:[h:.,](\d{2})?)?$/.exec(text) ?? /^(\d{1,2})(\d{2})$/.exec(text);
	if (!parts) return null;
	const hours = Number(parts[1]);
	const minutes = Number(parts[2] ?? 0);
	if (hours > LATEST || minutes > 59) return null;
	return `${hours}:${String(minutes).padStart(2, '0')}`;
}

/** « 9:12 » → « 9 h 12 », with spaces that do not break. */
export function shownHour(hour: string): string {
	const [hours, minutes] = hour.split(':');
	return `${hours}\u00a0h\u00a0${minutes}`;
}

/** Minutes between two hours of one day, without a sign. */
export function apart(one: string, other: string): number {
	return Math.abs(minutes(one) - minutes(other));
}

function minutes(hour: string): number {
	const [hours, rest] = hour.split(':').map(Number);
	return (hours ?? 0) * 60 + (rest ?? 0);
}
