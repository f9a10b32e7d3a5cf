/** A sheet's way to the service and back, and the corrections that settle what contradicts itself. */
import { v7 } from 'uuid';

import { api, told } from '#lib/api/client.ts';

import type { Door } from './keying.svelte.ts';
import type { Saying } from './shapes.ts';

export const door: Door = {
	read: (code) => told(api.GET('/api/v1/rounds/{code}/sheet', { params: { path: { code } } })),
	write: (code, visits) =>
		told(api.PUT('/api/v1/rounds/{code}/sheet', { params: { path: { code } }, body: { visits } }))
};

/** Has one saying hold for all: whoever says otherwise is corrected, and what they said first is kept beside. */
export async function settle(visit: string, right: Saying, all: readonly Saying[]): Promise<void> {
	const now = new Date().toISOString();
	const wrong = all.filter((one) =>
		right.crates === null ? one.time !== right.time : one.crates !== right.crates
	);
	const scans = wrong.map((one) => ({
		id: v7(),
		kind: 'correction' as const,
		visit,
		text: '',
		target: one.scan,
		occurred_at: now,
		sent_at: now,
		...(right.crates === null ? { retimed_to: right.at } : { count: right.crates })
	}));
	await told(api.POST('/api/v1/scans', { body: { scans: scans as never[] } })); // each is judged by itself
}
