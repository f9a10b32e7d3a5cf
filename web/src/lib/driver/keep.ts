/** Rounds put on the phone before leaving: all that the screens need, in one row each. */
import type {
	ListedRoundHead,
	RoundActionsOut,
	RoundHead,
	RoundPage,
	RoundProgressOut
} from '#lib/api/schema.d.ts';
import { later } from '#lib/words.ts';
import type { Ask } from './calls.ts';
import type { Kept } from './round.ts';
import type { Store } from './store.ts';

interface Drawn {
	features: { geometry: { type: string; coordinates: unknown } }[];
}

export async function headsFrom(ask: Ask, from: string): Promise<RoundHead[]> {
	const heads = await ask<ListedRoundHead>(`/rounds?from=${from}&to=${later(from, 7)}`);
	return heads.items.toSorted((a, b) => a.day.localeCompare(b.day) || a.start_s - b.start_s);
}

/** The round with everything; its lines are not worth failing for. */
export async function download(ask: Ask, code: string): Promise<Kept> {
	const at = `/rounds/${encodeURIComponent(code)}`;
	const [round, actions, progress, drawn] = await Promise.all([
		ask<RoundPage>(at),
		ask<RoundActionsOut>(`${at}/actions`),
		ask<RoundProgressOut>(`${at}/progress`).catch(() => null),
		ask<Drawn>(`${at}/files/tournees.geojson`).catch(() => null)
	]);
	return { round, actions, progress, lines: linesOf(drawn), kept_at: new Date().toISOString() };
}

function linesOf(drawn: Drawn | null): [number, number][][] {
	return (drawn?.features ?? []).flatMap(({ geometry }) => {
		if (geometry.type === 'LineString') return [geometry.coordinates as [number, number][]];
		return geometry.type === 'MultiLineString' ? (geometry.coordinates as [number, number][][]) : [];
	});
}

export async function keptRound(store: Store, code: string): Promise<Kept | null> {
	return ((await store.get('rounds', code)) as Kept | undefined) ?? null;
}

/** Keep a round; those of days long past go. */
export async function keepRound(store: Store, kept: Kept, today: string): Promise<void> {
	for (const code of await store.getAllKeys('rounds')) {
		const old = await keptRound(store, code);
		if (old && old.round.day < later(today, -7)) await store.delete('rounds', code);
	}
	await store.put('rounds', kept, kept.round.code);
}
