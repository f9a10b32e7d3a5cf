import { describe, expect, it } from 'vitest';

import type { RoundPage } from '#lib/api/schema.d.ts';
import { newer, standing, tourOf, whereGoes, type Kept } from './round.ts';
import type { Fact, Tap } from './store.ts';
import { closed, corrections, done } from './taps.ts';

const REF = ['R/cassel', 'R/arneke', 'R/cassel~2'] as const;
const kept = {
	round: {
		code: 'R',
		start_site: 'depot',
		end_site: 'depot',
		plan: 'a',
		version: 1,
		places: [
			{ code: 'cassel', name: 'Médiathèque de Cassel', commune: 'Cassel' },
			{ code: 'arneke', name: 'Bibliothèque', commune: 'Arnèke' }
		],
		visits: REF.map((ref, index) => ({
			ref,
			number: index + 1,
			site: index === 1 ? 'arneke' : 'cassel',
			deliver: 2,
			collect: 1
		}))
	},
	actions: {
		round: 'R',
		visits: [{ visit: REF[1], leave: 4, take: 0, leaving: [{ crate: 'HAZ-0123', words: 'Bac' }], taking: [] }]
	},
	progress: null,
	lines: [],
	kept_at: ''
} as unknown as Kept;
const at = new Date('2026-12-01T08:10:00Z');
const taps = (facts: Fact[]): Tap[] =>
	facts.map((fact) => ({
		id: fact.id,
		driver: 'C1',
		payload: { fact },
		tries: 0,
		state: 'waiting',
		reason: ''
	}));
const first = () => {
	const [stop] = tourOf(kept, []).stops;
	if (!stop) throw new Error('no stop');
	return stop;
};

describe('a round on the phone', () => {
	it('prefills from what is to be done, else from the plan', () => {
		const [cassel, arneke] = tourOf(kept, []).stops;
		expect([cassel?.leave, cassel?.take, arneke?.leave, arneke?.take]).toEqual([2, 1, 4, 0]);
	});

	it('goes on to the next stop, and knows a second call at a library from the first', () => {
		const facts = done(first(), { delivered: 3, picked_up: 1, empties: 0 }, at);
		expect(facts.map((fact) => fact.kind)).toEqual(['arrived', 'delivered', 'picked_up', 'left']);
		const tour = tourOf(kept, taps(facts));
		expect(tour.stops.map((stop) => stop.state)).toEqual(['done', 'ahead', 'ahead']);
		expect(tour.next?.visit.ref).toBe(REF[1]);
		expect(tour.stops[0]?.delivered).toBe(3);
	});

	it('is as before when all is undone, and keeps a closed door apart from a visit', () => {
		const facts = closed(first(), at);
		expect(tourOf(kept, taps(facts)).stops[0]?.state).toBe('closed');
		const undos = facts.map((fact): Fact => ({ ...fact, id: `u${fact.id}`, kind: 'undo', target: fact.id }));
		expect(tourOf(kept, taps([...facts, ...undos])).stops[0]?.state).toBe('ahead');
	});

	it('corrects what was told, and only what differs', () => {
		const facts = done(first(), { delivered: 3, picked_up: 1, empties: 0 }, at);
		const [stop] = tourOf(kept, taps(facts)).stops;
		if (!stop) throw new Error('no stop');
		const told = corrections(stop, { delivered: 2, picked_up: 1, empties: 1 }, at);
		expect(told.map((fact) => [fact.kind, fact.count])).toEqual([
			['correction', 2],
			['empty', 1] // none was told before: nothing to correct
		]);
		const [after] = tourOf(kept, taps([...facts, ...told])).stops;
		expect([after?.delivered, after?.picked_up, after?.empties]).toEqual([2, 1, 1]);
	});

	it('takes an undo of an undo for what it is', () => {
		const one: Fact = { id: '1', kind: 'left', visit: 'R/cassel', occurred_at: '' };
		const undo: Fact = { ...one, id: '2', kind: 'undo', target: '1' };
		const redo: Fact = { ...one, id: '3', kind: 'undo', target: '2' };
		expect(standing([one, undo])).toEqual([]);
		expect(standing([one, undo, redo])).toEqual([one]);
	});

	it('says where a crate goes', () => {
		expect(whereGoes('HAZ-0123', tourOf(kept, []))).toBe(
			'Bac HAZ-0123 : à déposer à Arnèke, à l’arrêt suivant.'
		);
		expect(whereGoes('HAZ-9999', tourOf(kept, []))).toContain('n’est attendu à aucun arrêt');
	});

	it('says what a new plan would change', () => {
		const { round } = kept;
		const other: RoundPage = { ...round, plan: 'b', visits: round.visits.slice(1, 2) };
		expect(newer(round, round)).toBe('');
		expect(newer(round, other)).toBe('en moins : Cassel, Cassel');
		expect(newer(round, { ...other, visits: round.visits })).toContain('l’ordre');
	});
});
