/** Where the van is, only while its round runs: thinned on the phone, kept until sent. */
import type { Position } from './store.ts';

const SOONEST_S = 15;
const STILL_S = 120;
const FAR_M = 60;
const VAGUE_M = 200;
const EARTH_M = 6_371_000;

/** Metres as the crow flies, on a plane that touches the earth here: right to a thousandth within a round. */
export function metres(a: { lat: number; lon: number }, b: { lat: number; lon: number }): number {
	const rad = Math.PI / 180;
	const x = (b.lon - a.lon) * rad * Math.cos(((a.lat + b.lat) / 2) * rad);
	return Math.hypot(x, (b.lat - a.lat) * rad) * EARTH_M;
}

/** Whether a position says something new: moved, or the van has stood for two minutes. Vague ones never do. */
export function worthKeeping(last: Position | null, next: Position): boolean {
	if ((next.accuracy_m ?? 0) > VAGUE_M) return false;
	if (!last) return true;
	const passed_s = Math.abs(Date.parse(next.at) - Date.parse(last.at)) / 1000;
	return passed_s >= STILL_S || (passed_s >= SOONEST_S && metres(last, next) >= FAR_M);
}

export function positionOf(fix: GeolocationPosition): Position {
	const { latitude, longitude, accuracy, speed, heading } = fix.coords;
	return {
		at: new Date(fix.timestamp).toISOString(),
		lat: latitude,
		lon: longitude,
		accuracy_m: Math.round(accuracy),
		...(speed === null || speed < 0 ? {} : { speed_mps: speed }),
		...(heading === null || Number.isNaN(heading) ? {} : { heading_deg: Math.round(heading) % 360 })
	};
}
