/** Where other apps lead to: one destination, no account, opened by a tap only. */
export type Guide = 'geo' | 'waze' | 'google';
export const GUIDES: Record<Guide, string> = {
	geo: 'L’application du téléphone',
	waze: 'Waze',
	google: 'Google Maps'
};

export function guideTo(guide: Guide, place: { lat: number; lon: number; name: string }): string {
	const at = `${place.lat},${place.lon}`;
	if (guide === 'waze') return `https://waze.com/ul?ll=${at}&navigate=yes`;
	if (guide === 'google')
		return `https://www.google.com/maps/dir/?api=1&destination=${at}&travelmode=driving`;
	return `geo:${at}?q=${at}(${encodeURIComponent(place.name)})`;
}
