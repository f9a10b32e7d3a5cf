import { expect, it } from 'vitest';

import { hoursInWords } from './hours.ts';

it('says hours as people do', () => {
	expect(hoursInWords('Mo-Fr 08:15-12:15,13:30-17:00; PH off')).toBe(
		'lundi à vendredi 8\u00a0h\u00a015 – 12\u00a0h\u00a015, 13\u00a0h\u00a030 – 17\u00a0h\u202f; sauf jours fériés'
	);
	expect(hoursInWords('autrement')).toBe('autrement');
});
