/** A day's rounds as lines: where each visit stands, what it is called, what is said of a round in a few words. */
import type { RoundProgressOut as Round, VisitProgressOut as Visit } from '#lib/api/schema.d.ts';
import { clockAt, duration } from '#lib/words.ts';

export type Mark = 'done' | 'late' | 'closed' | 'skipped' | 'here' | 'coming' | 'delayed';

/** What each mark is called; its sign stands beside its colour. */
export const MARKS: Record<Mark, { word: string; sign: string }> = {
	done: { word: 'fait', sign: '✓' },
	late: { word: 'fait en retard', sign: '✓' },
	closed: { word: 'fermé', sign: '×' },
	skipped: { word: 'non pointé', sign: '?' },
	here: { word: 'sur place', sign: '●' },
	coming: { word: 'à venir', sign: '' },
	delayed: { word: 'sera en retard', sign: '!' }
};

const MINUTE = 60_000;
const QUARTER = 15 * MINUTE;

/** Which mark a visit bears: late means after the hour that the library was told. */
export function markOf(visit: Visit): Mark {
	if (visit.state === 'closed') return 'closed';
	if (visit.state === 'done' || visit.state === 'left')
		return isLate(visit, visit.began_at) ? 'late' : 'done';
	if (visit.skipped) return 'skipped';
	if (visit.state === 'arrived') return 'here';
	return isLate(visit, likely(visit)) ? 'delayed' : 'coming';
}

function isLate(visit: Visit, at: string | null): boolean {
	if (at === null || visit.planned === null) return false;
	return Date.parse(at) >= Date.parse(visit.planned.announced_late_at) + MINUTE;
}

/** When a visit began or will likely begin: recorded, else predicted, else planned. */
export function likely(visit: Visit): string | null {
	return (
		visit.began_at ?? visit.closed_at ?? visit.p50_at ?? visit.expected_at ?? visit.planned?.begin_at ?? null
	);
}

export interface Axis {
	from: number;
	to: number;
}

/** Whole quarters of an hour around everything that the rounds show. */
export function axisOf(rounds: readonly Round[]): Axis {
	const moments = rounds.flatMap((round) => [
		...[
			round.planned_start_at,
			round.planned_end_at,
			round.started_at,
			round.ended_at,
			round.expected_end_at
		],
		...round.visits.flatMap((visit) => [likely(visit), visit.p90_at ?? null])
	]);
	const known = moments.filter((one) => one !== null).map((one) => Date.parse(one));
	if (known.length === 0) return { from: 0, to: 1 };
	return {
		from: Math.floor(Math.min(...known) / QUARTER) * QUARTER,
		to: Math.ceil(Math.max(...known) / QUARTER) * QUARTER
	};
}

/** Where an instant stands on the axis, in percent; null outside it. */
export function placeOf(axis: Axis, at: string | number | null | undefined): number | null {
	if (at === null || at === undefined) return null;
	const moment = typeof at === 'number' ? at : Date.parse(at);
	if (moment < axis.from || moment > axis.to) return null;
	return ((moment - axis.from) / (axis.to - axis.from)) * 100;
}

/** The full hours of the axis, or its half hours where it is short. */
export function ticksOf(axis: Axis): number[] {
	const step = axis.to - axis.from > 180 * MINUTE ? 60 * MINUTE : 30 * MINUTE;
	const found: number[] = [];
	for (let at = Math.ceil(axis.from / step) * step; at <= axis.to; at += step) found.push(at);
	return found;
}

/** « 12 min de retard », « 4 min d’avance », « à l’heure » within two minutes. */
export function lateness(seconds: number | null): string {
	if (seconds === null) return '';
	if (Math.abs(seconds) < 120) return 'à l’heure';
	return seconds > 0 ? `${duration(seconds)} de retard` : `${duration(seconds)} d’avance`;
}

/** « entre 9 h 42 et 9 h 55 », or nothing where nothing is predicted. */
export function interval(visit: Visit): string {
	if (!visit.p10_at || !visit.p90_at) return '';
	const [early, late] = [clockAt(visit.p10_at), clockAt(visit.p90_at)];
	return early === late ? `vers ${early}` : `entre ${early} et ${late}`;
}

/** The visit that the van goes to, or stands at. */
export function nextOf(round: Round): Visit | undefined {
	if (round.state === 'ended') return undefined;
	return (
		round.visits.find((visit) => markOf(visit) === 'here') ??
		round.visits.find((visit) => visit.state === 'nothing' && !visit.skipped)
	);
}

/** Where the van is, in one sentence. */
export function whereIs(round: Round, now = 0): string {
	if (round.state === 'waiting')
		return `Départ prévu à ${clockAt(round.planned_start_at)}${now > Date.parse(round.planned_start_at) ? ', pas encore pointé' : ''}`;
	if (round.state === 'ended')
		return round.ended_at ? `Rentrée à ${clockAt(round.ended_at)}` : 'Tournée terminée';
	const next = nextOf(round);
	if (!next) return 'Retour au dépôt';
	if (next.state === 'arrived')
		return `À ${next.commune}${next.arrived_at ? ` depuis ${clockAt(next.arrived_at)}` : ''}`;
	const foreseen = next.p50_at ?? next.expected_at;
	if (foreseen) return `En route vers ${next.commune}, vers ${clockAt(foreseen)}`;
	return `En route vers ${next.commune}${next.planned ? `, prévu à ${clockAt(next.planned.begin_at)}` : ''}`;
}

/** Who will be served after the hour they were told, over all rounds. */
export function willBeLate(rounds: readonly Round[]): Visit[] {
	return rounds.flatMap((round) => round.visits.filter((visit) => markOf(visit) === 'delayed'));
}

/** A visit as a sentence, as a screen reader says it and the title of its mark shows it. */
export function sayVisit(visit: Visit): string {
	const mark = markOf(visit);
	const planned = visit.planned ? `prévu ${clockAt(visit.planned.begin_at)}` : 'hors du planning';
	const at = likely(visit);
	const moved = ['coming', 'delayed'].includes(mark)
		? interval(visit) || (at && visit.expected_at ? `vers ${clockAt(at)}` : '')
		: visit.began_at || visit.closed_at
			? `à ${clockAt((visit.began_at ?? visit.closed_at) as string)}`
			: '';
	return [`${visit.commune} : ${MARKS[mark].word}`, moved, planned, crates(visit)].filter(Boolean).join(', ');
}

/** « 3 déposés, 1 pris »: as recorded, else as planned. */
export function crates(visit: Visit): string {
	const told = visit.delivered !== null || visit.picked_up !== null;
	const leave = told ? (visit.delivered?.crates ?? 0) : (visit.planned?.deliver ?? 0);
	const take = told ? (visit.picked_up?.crates ?? 0) : (visit.planned?.collect ?? 0);
	return told
		? `${leave} déposé${leave > 1 ? 's' : ''}, ${take} pris`
		: `${leave} à déposer, ${take} à prendre`;
}
