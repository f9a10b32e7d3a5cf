/** When the van of a running round was last seen; asked only while it runs, and only by a coordinator. */
import type { RoundProgressOut } from '#lib/api/schema.d.ts';
import { api } from '#lib/api/client.ts';
import { session } from '#lib/api/session.svelte.ts';
import { duration } from '#lib/words.ts';

const STALE_MS = 15 * 60_000;

export class Seen {
	/** By the code of the round: « position reçue il y a 2 min ». */
	words = $state.raw<Record<string, string>>({});

	async look(rounds: readonly RoundProgressOut[], now: number): Promise<void> {
		if (!session.mayChange) return;
		const running = rounds.filter((one) => one.state === 'running');
		const found = await Promise.all(running.map(async (one) => [one.code, await lastOf(one.code, now)]));
		this.words = Object.fromEntries(found) as Record<string, string>;
	}
}

async function lastOf(code: string, now: number): Promise<string> {
	const { data } = await api.GET('/api/v1/rounds/{code}/positions', {
		params: { path: { code }, query: { limit: 200 } }
	});
	const last = Math.max(0, ...(data?.items ?? []).map((one) => Date.parse(one.at)));
	if (last === 0) return '';
	const age = Math.max(0, now - last);
	if (age > STALE_MS) return `sans position depuis ${duration(age / 1000)}`;
	return age < 60_000 ? 'position à l’instant' : `position il y a ${duration(age / 1000)}`;
}
