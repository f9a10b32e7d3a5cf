/** Finds places as people type them: any case, accents or not, parts of words. */

export function plain(text: string): string {
	return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/[’'-]/g, ' ');
}

/** Whether all words typed are somewhere in the texts. */
export function matches(typed: string, ...texts: string[]): boolean {
	const there = plain(texts.join(' '));
	return plain(typed)
		.split(/\s+/)
		.every((word) => there.includes(word));
}
