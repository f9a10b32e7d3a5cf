/** A plan's `tournees.geojson` as rounds that can be drawn, and where their vans are at a second of the day. */
import { stroke, type Stroke } from '#lib/ui/strokes.ts';

export type Point = [lon: number, lat: number];

export interface Leg {
	number: number;
	line: Point[];
}

export interface Halt {
	number: number;
	site: string;
	commune: string;
	point: Point;
	begin_s: number;
	/** Null at the depots, where a round begins and ends. */
	end_s: number | null;
	load_after: number | null;
}

/** One round on the map; `ref` of a halt's visit is what the board calls it. */
export interface DrawnRound {
	code: string;
	stroke: Stroke;
	legs: Leg[];
	halts: Halt[];
}

interface Feature {
	geometry: { type: string; coordinates: unknown };
	properties: Record<string, unknown>;
}

/** The rank of each round in its plan: what gives it its drawing everywhere. */
export function ranksOf(codes: string[]): Map<string, number> {
	return new Map(codes.map((code, k) => [code, k]));
}

export function strokeOf(ranks: Map<string, number>, code: string): Stroke {
	return stroke(ranks.get(code) ?? 0);
}

/** The rounds of a FeatureCollection of legs and halts, in their order. */
export function roundsOf(collection: { features: unknown[] }, ranks?: Map<string, number>): DrawnRound[] {
	const rounds = new Map<string, DrawnRound>();
	for (const feature of collection.features as Feature[]) {
		const told = feature.properties;
		const code = String(told['round']);
		const rank = ranks?.get(code) ?? rounds.size;
		const round = rounds.get(code) ?? { code, stroke: stroke(rank), legs: [], halts: [] };
		rounds.set(code, round);
		if (told['kind'] === 'leg') {
			round.legs.push({ number: Number(told['number']), line: feature.geometry.coordinates as Point[] });
		} else {
			round.halts.push({
				number: Number(told['number']),
				site: String(told['site']),
				commune: String(told['commune']),
				point: feature.geometry.coordinates as Point,
				begin_s: Number(told['begin_s']),
				end_s: typeof told['end_s'] === 'number' ? told['end_s'] : null,
				load_after: typeof told['load_after'] === 'number' ? told['load_after'] : null
			});
		}
	}
	return [...rounds.values()];
}

export interface VanPlace {
	point: Point;
	/** The halt just left or reached. */
	halt: Halt;
	/** Crates aboard after it; null before the first visit. */
	load: number | null;
}

/** Where the van of a round is at a second of the day; null before it leaves and after it is home. */
export function placeAt(round: DrawnRound, second: number): VanPlace | null {
	const { halts, legs } = round;
	const [first, last] = [halts[0], halts[halts.length - 1]];
	if (!first || !last || second < first.begin_s || second > last.begin_s) return null;
	let at = 0;
	while (at + 1 < halts.length && (halts[at + 1]?.begin_s ?? Infinity) <= second) at += 1;
	const halt = halts[at] ?? first;
	const next = halts[at + 1];
	const left = halt.end_s ?? halt.begin_s;
	const line = legs.find((leg) => leg.number === next?.number)?.line;
	if (!next || !line || second <= left) return { point: halt.point, halt, load: halt.load_after };
	const share = (second - left) / Math.max(1, next.begin_s - left);
	return { point: along(line, Math.min(1, share)), halt, load: halt.load_after };
}

/** The point at a share (0 to 1) of a line's length, measured flat at its own latitude. */
export function along(line: Point[], share: number): Point {
	const start = line[0] ?? [0, 0];
	const squeeze = Math.cos((start[1] * Math.PI) / 180);
	const lengths = line.slice(1).map((to, k) => {
		const from = line[k] ?? to;
		return Math.hypot((to[0] - from[0]) * squeeze, to[1] - from[1]);
	});
	let rest = share * lengths.reduce((sum, one) => sum + one, 0);
	for (const [k, length] of lengths.entries()) {
		const from = line[k] ?? start;
		const to = line[k + 1] ?? from;
		if (rest <= length && length > 0) {
			const part = rest / length;
			return [from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part];
		}
		rest -= length;
	}
	return line[line.length - 1] ?? start;
}
