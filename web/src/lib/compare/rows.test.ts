import { expect, it } from 'vitest';

import type { CompareOut } from '#lib/api/schema.d.ts';
import { hours, rows } from './rows.ts';

const plan = (cents: number, kg: number | null = null) => ({
	plan: {},
	rounds: 7,
	visits: 71,
	missing: 0,
	distance_m: 600_000,
	duration_s: 80_000,
	cents,
	terms: {},
	kg_co2e: kg,
	waiting_days: 2.5,
	waiting_by_flow: 2.4
});
const compare = (...plans: unknown[]) =>
	({
		plans,
		worse: [],
		better: [],
		co2_source: 'ADEME',
		delays: { median_h: plans.map(() => 52), ninety_h: plans.map(() => 96) }
	}) as unknown as CompareOut;

it('knows the best of a row, and says nothing where all are alike', () => {
	const found = rows(compare(plan(110_000), plan(105_000)));
	expect(found.find((one) => one.name === 'Coût')?.best).toEqual([1]);
	expect(found.find((one) => one.name === 'Distance')?.best).toEqual([]);
	expect(found.some((one) => one.name === 'CO₂e')).toBe(false); // no factor is set
});

it('leaves out of the race what is not known', () => {
	const co2 = rows(compare(plan(1, null), plan(1, 120))).find((one) => one.name === 'CO₂e');
	expect(co2?.texts[0]).toBe('–');
	expect(co2?.best).toEqual([1]);
});

it('says hours in days', () => {
	expect(hours(52)).toBe('2\u00a0jours 4\u00a0h'); // 2 × 24 + 4
	expect(hours(24)).toBe('1\u00a0jour');
	expect(hours(5)).toBe('5\u00a0h');
});
