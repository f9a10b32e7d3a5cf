/** A round drawn without a map: its legs and halts on a plane, north up. */
export interface Frame {
	x: (lon: number) => number;
	y: (lat: number) => number;
}

/** Fit these points ([lon, lat]) into a box with a margin; a degree of longitude is narrower than one of latitude. */
export function frameOf(points: [number, number][], width: number, height: number, margin = 24): Frame {
	const lons = points.map(([lon]) => lon);
	const lats = points.map(([, lat]) => lat);
	const [west, east, south, north] = [
		Math.min(...lons),
		Math.max(...lons),
		Math.min(...lats),
		Math.max(...lats)
	];
	const narrow = Math.cos((((south + north) / 2) * Math.PI) / 180);
	const across = Math.max((east - west) * narrow, 1e-4);
	const up = Math.max(north - south, 1e-4);
	const scale = Math.min((width - 2 * margin) / across, (height - 2 * margin) / up);
	const left = (width - across * scale) / 2;
	const top = (height - up * scale) / 2;
	return {
		x: (lon) => left + (lon - west) * narrow * scale,
		y: (lat) => top + (north - lat) * scale
	};
}

export function pathOf(line: [number, number][], frame: Frame): string {
	return line
		.map(([lon, lat], index) => `${index ? 'L' : 'M'}${frame.x(lon).toFixed(1)} ${frame.y(lat).toFixed(1)}`)
		.join('');
}
