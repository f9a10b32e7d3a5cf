/** What a change comes to, in plain French. */
import type { DeltaOut, PlanOut, RoundOut, ShiftedOut } from '#lib/api/schema.d.ts';
import { clock, distance, duration, euros, signed, weekday } from '#lib/words.ts';

export type NameOf = (site: string) => string;

const FEW = 3;

/** « +12 min, +8 km, +4 €, Méteren passe à 14 h 10 ». */
export function deltaSentence(delta: DeltaOut, nameOf: NameOf): string {
	const figures = [];
	if (Math.abs(delta.duration_s) >= 30) figures.push(signed(delta.duration_s, duration));
	if (Math.abs(delta.distance_m) >= 50) figures.push(signed(delta.distance_m, distance));
	if (Math.abs(delta.cents) >= 50) figures.push(signed(delta.cents, euros));
	const moved = delta.shifted.slice(0, FEW).map((one) => shiftSentence(one, nameOf));
	const more = delta.shifted.length - FEW;
	if (more > 0) moved.push(more === 1 ? 'un autre horaire bouge' : `${more} autres horaires bougent`);
	const told = [...figures, ...moved];
	return told.length > 0 ? told.join(', ') : 'ni temps ni kilomètres de plus';
}

/** « Méteren passe à 14 h 10 », with its day when it is another one. Its announced window begins then. */
export function shiftSentence(one: ShiftedOut, nameOf: NameOf): string {
	const when = `entre ${clock(one.now.early)} et ${clock(one.now.late)}`;
	const what = one.day === one.was_day ? when : `${weekday(one.day)} ${when}`;
	return `${nameOf(one.site)} passe ${what}`;
}

/** How a round is called in a column: its half-day and its van. */
export function halfDay(round: { start_s?: number; window?: { early: number } }): string {
	const early = round.start_s ?? round.window?.early ?? 0;
	return early < 12 * 3600 ? 'Matin' : 'Après-midi';
}

/** « 62 km · 3 h 10 · 14/40 bacs · fin 12 h 05 ». */
export function totals(round: RoundOut, capacity: number | undefined): string {
	const load = capacity === undefined ? `${round.load_peak}` : `${round.load_peak}/${capacity}`;
	return [distance(round.distance_m), duration(round.duration_s), `${load} bacs`].join(' · ');
}

/** What the rounds of a day come to; `end_s` is when the last is home. */
export function dayTotals(rounds: RoundOut[]): {
	distance_m: number;
	duration_s: number;
	visits: number;
	end_s: number;
} {
	return {
		distance_m: rounds.reduce((sum, one) => sum + one.distance_m, 0),
		duration_s: rounds.reduce((sum, one) => sum + one.duration_s, 0),
		visits: rounds.reduce((sum, one) => sum + one.visits.length, 0),
		end_s: Math.max(0, ...rounds.map((one) => one.end_s))
	};
}

/** A remark that names a round or visit by its code, with the names that people use instead. */
export function withNames(text: string, plan: PlanOut, nameOf: NameOf, vehicleOf: NameOf): string {
	const round = plan.rounds
		.filter((one) => text.startsWith(one.code))
		.sort((a, b) => b.code.length - a.code.length)[0];
	if (!round) return text;
	const rest = text.slice(round.code.length);
	const called = `${weekday(round.day)} ${halfDay(round).toLowerCase()} (${vehicleOf(round.vehicle)})`;
	const site = /^\/([^ :~\u202f\u00a0]+)(?:~\d+)?/.exec(rest);
	return site ? `${nameOf(site[1] ?? '')}, ${called}${rest.slice(site[0].length)}` : `${called}${rest}`;
}
