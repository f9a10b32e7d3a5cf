/** The code of a crate from whatever was scanned or typed: the address on its label, or the code itself. */
export function crateOf(read: string): string {
	const text = read.trim();
	const code = /\/c\/([^/?#]+)/.exec(text)?.[1] ?? text;
	return decodeURIComponent(code).toUpperCase().replace(/\s+/g, '');
}
