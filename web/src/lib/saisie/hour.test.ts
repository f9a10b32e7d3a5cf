import { describe, expect, it } from 'vitest';
import { apart, readHour, shownHour } from './hour.ts';

describe('readHour', () => {
	it.each([
		['1012', '10:12'],
		['912', '9:12'],
		['0912', '9:12'],
		['9h12', '9:12'],
		['9 h 12', '9:12'],
		['9:12', '9:12'],
		['9.12', '9:12'],
		['9h', '9:00'],
		['9', '9:00'],
		['10', '10:00'],
		['2510', '25:10']
	])('reads %s', (typed, read) => expect(readHour(typed)).toBe(read));

	it.each(['', 'x', '972', '9h60', '3600', '12345', '9:1', '-9', 'midi'])('refuses « %s »', (typed) =>
		expect(readHour(typed)).toBeNull()
	);
});

it('shows hours as people write them', () => {
	expect(shownHour('9:12')).toBe('9\u00a0h\u00a012');
	expect(apart('9:55', '10:05')).toBe(10);
});
