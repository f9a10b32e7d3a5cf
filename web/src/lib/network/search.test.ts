import { expect, it } from 'vitest';

import { matches } from './search.ts';

it('finds places however they are typed', () => {
	expect(matches('oxelaere', 'Médiathèque d’Oxelaëre', 'Oxelaëre')).toBe(true);
	expect(matches('MEDIA cas', 'Médiathèque de Cassel', 'Cassel')).toBe(true);
	expect(matches('saint jans', 'Saint-Jans-Cappel')).toBe(true);
	expect(matches('', 'Staple')).toBe(true);
	expect(matches('staple cassel', 'Staple')).toBe(false);
});
