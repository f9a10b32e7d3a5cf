/** Sheets of stickers, as the service prints on them, and crates from one number to another. */

export interface Format {
	code: 'L7160' | 'L7163' | 'L7165' | 'L7173' | '70x37';
	columns: number;
	rows: number;
	size: string;
}

export const FORMATS: readonly Format[] = [
	{ code: 'L7160', columns: 3, rows: 7, size: '63,5 × 38,1 mm' },
	{ code: 'L7163', columns: 2, rows: 7, size: '99,1 × 38,1 mm' },
	{ code: 'L7165', columns: 2, rows: 4, size: '99,1 × 67,7 mm' },
	{ code: 'L7173', columns: 2, rows: 5, size: '99,1 × 57 mm' },
	{ code: '70x37', columns: 3, rows: 8, size: '70 × 37 mm' }
];

export function places(format: Format): number {
	return format.columns * format.rows;
}

export interface Series {
	prefix: string;
	first: number;
	last: number;
	digits: number;
}

/** « HAZ-0100 » to « HAZ-0123 »; null where the two are not of one series. */
export function seriesOf(from: string, to: string): Series | null {
	const [begin, end] = [from, to].map((code) => /^(.*?)(\d+)$/.exec(code.trim()));
	if (!begin || !end || begin[1] !== end[1]) return null;
	const [first, last] = [Number(begin[2]), Number(end[2])];
	return first <= last ? { prefix: begin[1] ?? '', first, last, digits: (begin[2] ?? '').length } : null;
}

/** Codes as people paste them: one a line, or with commas, semicolons and blanks between. */
export function codesOf(text: string): string[] {
	return [...new Set(text.split(/[\s,;]+/).filter(Boolean))];
}

/** How many sheets are needed when the first sticker goes to place `start`, counted from 1. */
export function sheetsNeeded(labels: number, format: Format, start: number): number {
	return labels === 0 ? 0 : Math.ceil((labels + start - 1) / places(format));
}
