/** What each button tells: pure, from the clock and the stop to the facts. */
import { v7 as uuidv7 } from 'uuid';
import type { ScanKind } from '#lib/api/schema.d.ts';
import type { Stop } from './round.ts';
import type { Fact, Payload } from './store.ts';

/** The clock of the phone, as it stands; only its readings are kept. */
export const now = () => new Date();

type More = Partial<Pick<Fact, 'count' | 'crate' | 'target' | 'retimed_to' | 'text'>>;

export function fact(kind: ScanKind, visit: string, at: Date, more: More = {}): Fact {
	return { id: uuidv7(), kind, visit, occurred_at: at.toISOString(), ...more };
}

export interface Counts {
	delivered: number;
	picked_up: number;
	empties: number;
}

/** « C'est fait »: came (unless told before), left so many, took so many, went. Empties only where there were any. */
export function done(stop: Stop, counts: Counts, at: Date): Fact[] {
	const { ref } = stop.visit;
	return [
		...(stop.facts.arrived ? [] : [fact('arrived', ref, at)]),
		fact('delivered', ref, at, { count: counts.delivered }),
		fact('picked_up', ref, at, { count: counts.picked_up }),
		...(counts.empties > 0 ? [fact('empty', ref, at, { count: counts.empties })] : []),
		fact('left', ref, at)
	];
}

/** « Fermé »: came, found it closed, went. */
export function closed(stop: Stop, at: Date): Fact[] {
	const { ref } = stop.visit;
	return [
		...(stop.facts.arrived ? [] : [fact('arrived', ref, at)]),
		fact('closed', ref, at),
		fact('left', ref, at)
	];
}

/** Other figures for a stop that is done: a correction of what this phone told, else told anew. Unchanged: nothing. */
export function corrections(stop: Stop, counts: Counts, at: Date): Fact[] {
	const told: [ScanKind, number | null, number][] = [
		['delivered', stop.delivered, counts.delivered],
		['picked_up', stop.picked_up, counts.picked_up],
		['empty', stop.empties, counts.empties]
	];
	return told.flatMap(([kind, was, is]) => {
		if (is === (was ?? 0) && (was !== null || is === 0)) return [];
		const target = stop.facts[kind]?.id;
		return [
			fact(target ? 'correction' : kind, stop.visit.ref, at, { count: is, ...(target ? { target } : {}) })
		];
	});
}

/** A problem in words, perhaps with a photo: the fact is told, the incident is made, the photo follows it. */
export function problem(visit: string, text: string, picture: ArrayBuffer | null, at: Date): Payload[] {
	const incident = { id: uuidv7(), visit, text, occurred_at: at.toISOString() };
	const photo = picture ? [{ photo: { id: uuidv7(), incident: incident.id, picture } }] : [];
	return [{ fact: fact('problem', visit, at, { text }) }, { incident }, ...photo];
}
