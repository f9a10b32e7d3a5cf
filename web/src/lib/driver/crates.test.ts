import { describe, expect, it } from 'vitest';

import { crateOf } from './crates.ts';
import { guideTo } from './links.ts';
import { within } from './photo.ts';
import { metres, worthKeeping } from './position.ts';
import { frameOf } from './sketch.ts';

describe('small things of the phone', () => {
	it('reads a crate from its label, its address, or a thumb', () => {
		expect(crateOf('https://navette.example/c/HAZ-0123')).toBe('HAZ-0123');
		expect(crateOf(' haz-0123\n')).toBe('HAZ-0123'); // scanners end with a new line
	});
	it('shrinks a photo to 1600 px and leaves a small one alone', () => {
		expect(within(4000, 3000)).toEqual([1600, 1200]);
		expect(within(3000, 4000)).toEqual([1200, 1600]);
		expect(within(800, 600)).toEqual([800, 600]);
	});
	it('keeps a position that says something new', () => {
		const here = { at: '2026-12-01T08:00:00Z', lat: 50.8, lon: 2.5, accuracy_m: 8 };
		// 0.001° of latitude: 6 371 000 × π / 180 000 = 111.2 m
		const there = { ...here, lat: 50.801 };
		expect(metres(here, there)).toBeCloseTo(111.2, 0);
		expect(worthKeeping(null, here)).toBe(true);
		expect(worthKeeping(here, { ...there, at: '2026-12-01T08:00:10Z' })).toBe(false); // too soon
		expect(worthKeeping(here, { ...there, at: '2026-12-01T08:00:20Z' })).toBe(true);
		expect(worthKeeping(here, { ...here, at: '2026-12-01T08:01:00Z' })).toBe(false); // stands
		expect(worthKeeping(here, { ...here, at: '2026-12-01T08:02:00Z' })).toBe(true); // still there
		expect(worthKeeping(null, { ...here, accuracy_m: 900 })).toBe(false); // a cell, not a place
	});
	it('draws the north up, within the box', () => {
		const frame = frameOf(
			[
				[2.4, 50.7],
				[2.6, 50.9]
			],
			340,
			320
		);
		expect(frame.y(50.9)).toBeLessThan(frame.y(50.7));
		for (const at of [frame.x(2.4), frame.x(2.6), frame.y(50.7), frame.y(50.9)]) {
			expect(at).toBeGreaterThanOrEqual(23.9);
			expect(at).toBeLessThanOrEqual(316.1);
		}
	});
	it('leads to the halt in each app', () => {
		const place = { lat: 50.8, lon: 2.49, name: 'Cassel' };
		expect(guideTo('geo', place)).toBe('geo:50.8,2.49?q=50.8,2.49(Cassel)');
		expect(guideTo('waze', place)).toContain('ll=50.8,2.49');
		expect(guideTo('google', place)).toContain('destination=50.8,2.49');
	});
});
