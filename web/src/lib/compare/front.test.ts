import { expect, it } from 'vitest';

import type { FrontOut } from '#lib/api/schema.d.ts';
import { marks } from './front.ts';

const point = (run: string, cents: number | null, days: number, dominated = false) => ({
	run,
	reader_percent: 100,
	state: 'done',
	plan: run,
	dominated,
	figures: cents === null ? null : { cents, waiting_days: days }
});

it('draws what is known, and the line through what no other beats', () => {
	const front = {
		front: 'f',
		week: '2026-W49',
		points: [
			point('a', 100_000, 3),
			point('b', 120_000, 2.5, true),
			point('c', null, 0),
			point('d', 115_000, 2)
		]
	} as unknown as FrontOut;
	const drawn = marks(front);
	expect(drawn.points.map((one) => one.number)).toEqual([1, 2, 4]);
	expect(drawn.line.map((one) => one.run)).toEqual(['a', 'd']);
	// 100 000 to 120 000 cents: a twentieth of 20 000 at both ends.
	expect(drawn.cents).toEqual([99_000, 121_000]);
	expect(drawn.days[0]).toBeCloseTo(1.9); // a twentieth of 1 day is less than the least, 0.1
});
