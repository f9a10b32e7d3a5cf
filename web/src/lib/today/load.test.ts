import { expect, it } from 'vitest';

import type { RoundOut } from '#lib/api/schema.d.ts';

import { weekLoad } from './load.ts';

function round(more: Partial<RoundOut>): RoundOut {
	return {
		day: '2026-12-01',
		label: 'Mardi matin',
		vehicle: 'V1',
		end_s: 40_000,
		shift: { early: 28_800, late: 43_200 },
		duration_s: 7200,
		load_peak: 10,
		...more
	} as RoundOut;
}

it('takes the fuller of hours and van', () => {
	const week = weekLoad('2026-11-30', [round({})], { V1: 40 });
	expect(week).toHaveLength(7);
	// 2 h of 4 h are 50 %, 10 of 40 crates are 25 %
	expect(week[1]).toMatchObject({ day: '2026-12-01', rounds: 1, percent: 50, over: false });
	expect(week[0]).toMatchObject({ rounds: 0, percent: 0 });
});

it('says what a day exceeds', () => {
	const [, late] = weekLoad('2026-11-30', [round({ end_s: 43_800 })], {});
	expect(late?.why).toBe('Mardi matin : finit 10\u00a0min après les heures du chauffeur');
	const [, full] = weekLoad('2026-11-30', [round({ load_peak: 41 })], { V1: 40 });
	expect(full).toMatchObject({ over: true, percent: 103 }); // 41 / 40, rounded
});
