/** The outlines of the network's communes, asked for once. */
import type { FeatureCollection } from 'geojson';
import { problemOf } from '#lib/api/problem.ts';

let asked: Promise<FeatureCollection> | null = null;

/** A network without outlines has a map all the same, of its roads alone. */
export function communesOf(): Promise<FeatureCollection> {
	asked ??= read().catch((thrown: unknown) => {
		asked = null;
		throw thrown;
	});
	return asked;
}

async function read(): Promise<FeatureCollection> {
	const answer = await fetch('/api/v1/network/communes.geojson');
	if (answer.status === 404) return { type: 'FeatureCollection', features: [] };
	if (!answer.ok) throw problemOf(answer.status, await answer.json().catch(() => null));
	return (await answer.json()) as FeatureCollection;
}
