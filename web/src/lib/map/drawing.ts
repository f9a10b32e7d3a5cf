/** How rounds and communes become MapLibre sources and layers. Colours of the page come from its tokens. */
import type { FeatureCollection } from 'geojson';
import type { LayerSpecification, StyleSpecification } from 'maplibre-gl';

import { stroke } from '#lib/ui/strokes.ts';
import type { DrawnRound, Point } from './rounds.ts';

const KINDS = 8; // as many as there are strokes: dashes cannot differ within a layer
const WIDTH = 3;

export interface Inks {
	paper: string;
	card: string;
	line: string;
	edge: string;
}

/** The tokens of the page that a map needs. */
export function inksOf(element: Element): Inks {
	const tokens = getComputedStyle(element);
	const of = (name: string) => tokens.getPropertyValue(name).trim();
	return { paper: of('--paper'), card: of('--card'), line: of('--line'), edge: of('--edge') };
}

/** A style of our own geometry only: communes, then rounds. */
export function styleOf(inks: Inks, communes: FeatureCollection): StyleSpecification {
	return {
		version: 8,
		sources: {
			communes: { type: 'geojson', data: communes },
			legs: { type: 'geojson', data: { type: 'FeatureCollection', features: [] } }
		},
		layers: [
			{ id: 'paper', type: 'background', paint: { 'background-color': inks.paper } },
			{ id: 'communes', type: 'fill', source: 'communes', paint: { 'fill-color': inks.card } },
			{
				id: 'borders',
				type: 'line',
				source: 'communes',
				paint: { 'line-color': inks.line, 'line-width': 1 }
			},
			{
				id: 'casing',
				type: 'line',
				source: 'legs',
				layout: { 'line-join': 'round', 'line-cap': 'round' },
				paint: { 'line-color': inks.card, 'line-width': WIDTH + 3, 'line-opacity': 0.8 }
			},
			...Array.from({ length: KINDS }, (_, kind) => strokeLayer(kind))
		]
	};
}

/** Every layer that draws rounds of one stroke. */
export function strokeLayers(): string[] {
	return Array.from({ length: KINDS }, (_, kind) => `round-${kind}`);
}

function strokeLayer(kind: number): LayerSpecification {
	const { hue, dash } = stroke(kind);
	const dotted = dash[0] !== undefined && dash[0] < 1;
	return {
		id: `round-${kind}`,
		type: 'line',
		source: 'legs',
		filter: ['==', ['get', 'kind'], kind],
		layout: { 'line-join': 'round', 'line-cap': dash.length === 0 || dotted ? 'round' : 'butt' },
		paint: {
			'line-color': hue,
			'line-width': WIDTH,
			...(dash.length > 0 ? { 'line-dasharray': dash.map((pixels) => pixels / WIDTH) } : {})
		}
	};
}

/** The legs of rounds, each with its code and the rank of its stroke. */
export function legsOf(rounds: DrawnRound[]): FeatureCollection {
	return {
		type: 'FeatureCollection',
		features: rounds.flatMap((round) =>
			round.legs.map((leg) => ({
				type: 'Feature' as const,
				properties: { round: round.code, kind: kindOf(round) },
				geometry: { type: 'LineString' as const, coordinates: leg.line }
			}))
		)
	};
}

function kindOf(round: DrawnRound): number {
	return Array.from({ length: KINDS }, (_, k) => k).find((k) => stroke(k).hue === round.stroke.hue) ?? 0;
}

/** South-west and north-east of some points; null without any. */
export function boundsOf(points: Point[]): [Point, Point] | null {
	if (points.length === 0) return null;
	const lons = points.map((one) => one[0]);
	const lats = points.map((one) => one[1]);
	return [
		[Math.min(...lons), Math.min(...lats)],
		[Math.max(...lons), Math.max(...lats)]
	];
}
