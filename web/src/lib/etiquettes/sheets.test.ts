import { expect, it } from 'vitest';

import { FORMATS, codesOf, places, seriesOf, sheetsNeeded } from './sheets.ts';

it('reads a series from its two ends', () => {
	expect(seriesOf('HAZ-0100', ' HAZ-0123')).toEqual({ prefix: 'HAZ-', first: 100, last: 123, digits: 4 });
	expect(seriesOf('7', '12')).toEqual({ prefix: '', first: 7, last: 12, digits: 1 });
	expect(seriesOf('HAZ-0100', 'BAI-0123')).toBeNull();
	expect(seriesOf('HAZ-0123', 'HAZ-0100')).toBeNull();
	expect(seriesOf('HAZ', 'HAZ-1')).toBeNull();
});

it('reads codes as they are pasted', () => {
	expect(codesOf('HAZ-1, HAZ-2;HAZ-1\n HAZ-3 ')).toEqual(['HAZ-1', 'HAZ-2', 'HAZ-3']);
});

it('counts sheets from the first free sticker on', () => {
	const [l7160] = FORMATS;
	if (!l7160) throw new Error('no format');
	expect(places(l7160)).toBe(21);
	expect([0, 1, 21, 22].map((n) => sheetsNeeded(n, l7160, 1))).toEqual([0, 1, 1, 2]);
	expect(sheetsNeeded(3, l7160, 20)).toBe(2); // two on the first sheet, one on the next
});
