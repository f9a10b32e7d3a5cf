import { describe, expect, it } from 'vitest';

import {
	clock,
	clockAt,
	count,
	day,
	distance,
	duration,
	listing,
	mondayOf,
	signed,
	today,
	week,
	weekOf
} from './words.ts';

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

describe('words', () => {
	it('says clocks and durations', () => {
		expect(plain(clock(9 * 3600 + 5 * 60 + 59))).toBe('9 h 05');
		expect(plain(clock(24 * 3600 + 20 * 60))).toBe('0 h 20');
		expect(plain(duration(3900))).toBe('1 h 05');
		expect(plain(duration(20))).toBe('moins d’une minute');
		expect(plain(clockAt('2026-07-01T08:04:00Z'))).toBe('10 h 04'); // summer: UTC + 2
		expect(plain(clockAt('2026-12-01T23:30:00Z'))).toBe('0 h 30');
	});
	it('gives every difference its sign', () => {
		expect(plain(signed(720, duration))).toBe('+12 min');
		expect(plain(signed(-8100, distance))).toBe('−8,1 km');
		expect(plain(signed(0, distance))).toBe('± 0,0 km');
	});
	it('counts as the French do', () => {
		expect(plain(count(0, 'bac'))).toBe('aucun bac');
		expect(plain(count(1, 'bac'))).toBe('1 bac');
		expect(plain(count(1200, 'bac'))).toBe('1 200 bacs');
		expect(listing(['Cassel', 'Staple', 'Zermezeele'])).toBe('Cassel, Staple et Zermezeele');
	});
	it('finds weeks across the years', () => {
		expect(mondayOf('2026-W49')).toBe('2026-11-30');
		expect(mondayOf('2026-W01')).toBe('2025-12-29'); // a week that begins in the year before
		expect(weekOf('2026-11-30')).toBe('2026-W49');
		expect(weekOf('2025-12-29')).toBe('2026-W01');
		expect(weekOf('2027-01-03')).toBe('2026-W53'); // 2026 has 53 weeks
		expect(plain(week('2026-W49'))).toBe('semaine 49 (30 novembre)');
		expect(day('2026-03-12')).toBe('jeudi 12 mars');
		expect(today(new Date('2026-11-30T23:30:00Z'))).toBe('2026-12-01');
	});
});

it('says the first of a month as people do', () => {
	expect(day('2026-12-01')).toBe('mardi 1er décembre');
	expect(day('2026-12-11')).toBe('vendredi 11 décembre');
});
