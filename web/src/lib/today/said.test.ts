import { expect, it } from 'vitest';

import { saidOf } from './said.ts';

it('says declarations in words', () => {
	expect(saidOf({ kind: 'ready', text: '', facts: { crates: 3 } })).toBe('3\u00a0bacs à prendre.');
	expect(saidOf({ kind: 'ready', text: '', facts: { crates: 0 } })).toBe('Aucun bac n’est prêt.');
	expect(
		saidOf({ kind: 'closed', text: 'Inventaire', facts: { from: '2026-12-01', to: '2026-12-03' } })
	).toBe('Fermeture du mardi 1er décembre au jeudi 3 décembre. Inventaire');
	expect(saidOf({ kind: 'text', text: 'Merci', facts: {} })).toBe('Merci');
});
