import { expect, it } from 'vitest';

import type { MessageOut } from '#lib/api/schema.d.ts';

import { threadsOf } from './threads.ts';

const message = (site: string, at: string) => ({ site, at }) as MessageOut;

it('puts what nobody has read first, then the latest', () => {
	const found = threadsOf(
		[
			message('cassel', '2026-12-01T10:00:00Z'),
			message('arneke', '2026-12-01T09:00:00Z'),
			message('cassel', '2026-12-01T08:00:00Z'),
			message('staple', '2026-12-01T07:00:00Z')
		],
		{ staple: 2 }
	);
	expect(found.map((one) => one.site)).toEqual(['staple', 'cassel', 'arneke']);
	expect(found[0]?.unread).toBe(2);
	expect(found[1]?.last.at).toBe('2026-12-01T10:00:00Z');
});
