/** What a round is on the phone, and what this phone has told of it: pure, from the round and the facts alone. */
import type { PlaceOut, RoundActionsOut, RoundPage, RoundProgressOut, VisitOut } from '#lib/api/schema.d.ts';
import type { ScanKind } from '#lib/api/schema.d.ts';
import type { Fact, Tap } from './store.ts';

/** A round with all that is needed without network. `lines`: its legs, [lon, lat] each. */
export interface Kept {
	round: RoundPage;
	actions: RoundActionsOut;
	progress: RoundProgressOut | null;
	lines: [number, number][][];
	kept_at: string;
}
export type State = 'ahead' | 'done' | 'closed' | 'elsewhere';

/** A visit as this phone shows it. `facts`: those that stand, by kind, for undo and correction. */
export interface Stop {
	visit: VisitOut;
	place: PlaceOut;
	leave: number;
	take: number;
	leaving: string[];
	taking: string[];
	codes: string[];
	state: State;
	at: string | null;
	delivered: number | null;
	picked_up: number | null;
	empties: number | null;
	facts: Partial<Record<ScanKind, Fact>>;
	crates: Fact[];
	problems: string[];
}
export interface Tour {
	code: string;
	stops: Stop[];
	started_at: string | null;
	ended_at: string | null;
	next: Stop | null;
	startFact: Fact | null;
	endFact: Fact | null;
}

/** The ref of a round's depot; `left` there starts the round, `arrived` ends it. */
export const startRef = (round: RoundPage) => `${round.code}/${round.start_site}`;
export const endRef = (round: RoundPage) => `${round.code}/${round.end_site}`;

/** The round as it stands after the facts of this phone and what the service told last. */
export function tourOf(kept: Kept, taps: Tap[]): Tour {
	const facts = standing(taps.flatMap((tap) => ('fact' in tap.payload ? [tap.payload.fact] : [])));
	const { round } = kept;
	const stops = round.visits.map((visit) => stopOf(kept, visit, facts));
	const start = facts.find((fact) => fact.visit === startRef(round) && fact.kind === 'left') ?? null;
	const end = facts.findLast((fact) => fact.visit === endRef(round) && fact.kind === 'arrived') ?? null;
	return {
		code: round.code,
		stops,
		started_at: start?.occurred_at ?? kept.progress?.started_at ?? null,
		ended_at: end?.occurred_at ?? kept.progress?.ended_at ?? null,
		next: stops.find((stop) => stop.state === 'ahead') ?? null,
		startFact: start,
		endFact: end
	};
}

/** Facts that are not undone, with their corrections applied, in the order of the taps. */
export function standing(facts: Fact[]): Fact[] {
	const undone = new Set<string>();
	for (const fact of facts.toReversed())
		if (fact.kind === 'undo' && fact.target && !undone.has(fact.id)) undone.add(fact.target);
	const said = new Map<string, Fact>();
	for (const fact of facts) {
		if (undone.has(fact.id) || fact.kind === 'undo') continue;
		const target = fact.target === undefined ? undefined : said.get(fact.target);
		if (fact.kind !== 'correction') said.set(fact.id, fact);
		else if (target) said.set(target.id, corrected(target, fact));
	}
	return [...said.values()];
}

function corrected(target: Fact, by: Fact): Fact {
	return {
		...target,
		...(by.count === undefined ? {} : { count: by.count }),
		...(by.crate === undefined ? {} : { crate: by.crate }),
		...(by.retimed_to === undefined ? {} : { occurred_at: by.retimed_to })
	};
}

function stopOf(kept: Kept, visit: VisitOut, facts: Fact[]): Stop {
	const mine = facts.filter((fact) => fact.visit === visit.ref);
	const last = (kind: ScanKind) => mine.findLast((fact) => fact.kind === kind && fact.crate === undefined);
	const told = kept.progress?.visits.find((one) => one.visit === visit.ref);
	const actions = kept.actions.visits.find((one) => one.visit === visit.ref);
	const of = (kind: ScanKind) => last(kind)?.count ?? null;
	const found: Partial<Record<ScanKind, Fact>> = {};
	for (const fact of mine) if (fact.crate === undefined) found[fact.kind] = fact;
	const state = stateOf(found, told?.state);
	return {
		visit,
		place: kept.round.places.find((place) => place.code === visit.site) ?? nowhere(visit.site),
		leave: actions?.leave ?? visit.deliver,
		take: actions?.take ?? visit.collect,
		leaving: (actions?.leaving ?? []).map((one) => one.words),
		taking: (actions?.taking ?? []).map((one) => one.words),
		codes: (actions?.leaving ?? []).flatMap((one) => (one.crate ? [one.crate] : [])),
		state,
		at: (last('arrived') ?? last('closed') ?? last('left'))?.occurred_at ?? told?.arrived_at ?? null,
		delivered: of('delivered') ?? told?.delivered?.crates ?? null,
		picked_up: of('picked_up') ?? told?.picked_up?.crates ?? null,
		empties: of('empty') ?? told?.empties?.crates ?? null,
		facts: found,
		crates: mine.filter((fact) => fact.crate !== undefined),
		problems: mine.filter((fact) => fact.kind === 'problem').map((fact) => fact.text ?? '')
	};
}

/** Done by this phone, by somebody else (another phone, paper, the desk), or still ahead. */
function stateOf(found: Partial<Record<ScanKind, Fact>>, told: string | undefined): State {
	if (found.closed) return 'closed';
	if (found.left) return 'done';
	if (told === 'done' || told === 'left' || told === 'closed') return 'elsewhere';
	return 'ahead';
}

function nowhere(code: string): PlaceOut {
	return {
		code,
		name: code,
		kind: '',
		commune: '',
		address: '',
		postcode: '',
		lon: 0,
		lat: 0,
		access: '',
		access_note: '',
		phone: '',
		assumed: []
	};
}

/** « Bac HAZ-0123 : à déposer à Cassel, dans 3 arrêts. » */
export function whereGoes(crate: string, tour: Tour): string {
	const ahead = tour.stops.filter((stop) => stop.state === 'ahead');
	const index = ahead.findIndex((stop) => stop.codes.includes(crate));
	const stop = ahead[index];
	if (!stop) return `Le bac ${crate} n’est attendu à aucun arrêt qui reste.`;
	const when = index === 0 ? 'à cet arrêt' : index === 1 ? 'à l’arrêt suivant' : `dans ${index} arrêts`;
	return `Bac ${crate} : à déposer à ${stop.place.commune || stop.place.name}, ${when}.`;
}

/** What a plan published meanwhile would change, in words; empty when nothing does. */
export function newer(kept: RoundPage, offered: RoundPage): string {
	if (kept.plan === offered.plan && kept.version === offered.version) return '';
	const name = (round: RoundPage, site: string) =>
		round.places.find((place) => place.code === site)?.commune ?? site;
	const was = new Set(kept.visits.map((visit) => visit.ref));
	const is = new Set(offered.visits.map((visit) => visit.ref));
	const gone = kept.visits.filter((visit) => !is.has(visit.ref)).map((visit) => name(kept, visit.site));
	const come = offered.visits
		.filter((visit) => !was.has(visit.ref))
		.map((visit) => name(offered, visit.site));
	const said = [
		come.length ? `en plus : ${come.join(', ')}` : '',
		gone.length ? `en moins : ${gone.join(', ')}` : ''
	].filter(Boolean);
	return said.length ? said.join(' ; ') : 'l’ordre ou les heures ont changé';
}
