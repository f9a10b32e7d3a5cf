import { expect, it } from 'vitest';

import { along, placeAt, roundsOf, type Point } from './rounds.ts';

const halt = (number: number, begin_s: number, end_s: number | null, at: Point) => ({
	geometry: { type: 'Point', coordinates: at },
	properties: {
		kind: 'halt',
		round: 'r',
		number,
		site: `s${number}`,
		commune: '',
		begin_s,
		...(end_s === null ? {} : { end_s, load_after: 7 })
	}
});
const leg = (number: number, line: Point[]) => ({
	geometry: { type: 'LineString', coordinates: line },
	properties: { kind: 'leg', round: 'r', number }
});
const rounds = roundsOf({
	features: [
		leg(1, [
			[0, 0],
			[2, 0]
		]),
		leg(2, [
			[2, 0],
			[2, 2]
		]),
		halt(0, 100, null, [0, 0]),
		halt(1, 200, 300, [2, 0]),
		halt(2, 400, null, [2, 2])
	]
});

it('finds a van on its road, at its halts and nowhere when it is home', () => {
	const [round] = rounds;
	if (!round) throw new Error('no round');
	expect(placeAt(round, 99)).toBeNull();
	expect(placeAt(round, 150)?.point).toEqual([1, 0]); // half of 100 s from the depot
	expect(placeAt(round, 250)).toMatchObject({ point: [2, 0], load: 7 }); // unloading
	expect(placeAt(round, 325)?.point[1]).toBeCloseTo(0.5); // a quarter of the way home
	expect(placeAt(round, 401)).toBeNull();
	expect(along([[0, 0]], 0.5)).toEqual([0, 0]);
});
