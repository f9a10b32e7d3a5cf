import { expect, it } from 'vitest';

import { monthLater, onDay, span, weeksOf, type Dated } from './months.ts';

it('lays a month out in whole weeks', () => {
	const weeks = weeksOf('2026-12-01'); // a Tuesday; 31 days: 1 + 31 + 3 are five weeks
	expect(weeks).toHaveLength(5);
	expect(weeks[0]?.slice(0, 2)).toEqual([null, '2026-12-01']);
	expect(weeks[4]?.slice(3)).toEqual(['2026-12-31', null, null, null]);
	expect(monthLater('2026-12-01', 1)).toBe('2027-01-01');
	expect(monthLater('2026-01-01', -1)).toBe('2025-12-01');
});

it('finds what is dated on a day, both ends included', () => {
	const one: Dated = { first: '2026-12-02', last: '2026-12-04', kind: 'closure', words: 'Cassel', id: '1' };
	expect(onDay([one], '2026-12-02')).toEqual([one]);
	expect(onDay([one], '2026-12-04')).toEqual([one]);
	expect(onDay([one], '2026-12-05')).toEqual([]);
	expect(span('2026-12-02', '2026-12-02')).toBe('le mercredi 2 décembre');
});
