import { expect, it } from 'vitest';

import { before, usual } from './periods.ts';

it('names the periods that contain or precede a day', () => {
	const of = (name: string, today: string) => usual(today).find((one) => one.name === name);
	expect(of('Mois dernier', '2026-03-31')).toMatchObject({ first: '2026-02-01', last: '2026-02-28' });
	expect(of('Mois dernier', '2026-01-05')).toMatchObject({ first: '2025-12-01', last: '2025-12-31' });
	expect(of('Année scolaire', '2026-08-31')).toMatchObject({ first: '2025-09-01' });
	expect(of('Année scolaire', '2026-09-01')).toMatchObject({ first: '2026-09-01' });
	expect(of('Quatre dernières semaines', '2026-11-29')).toMatchObject({ first: '2026-11-02' }); // 28 days
});

it('finds the period before, as long', () => {
	// 1 to 30 November has 30 days: 2 to 31 October.
	expect(before({ first: '2026-11-01', last: '2026-11-30' })).toEqual({
		first: '2026-10-02',
		last: '2026-10-31'
	});
});
