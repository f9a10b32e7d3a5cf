/** The names of places, read once for the page: code → library, commune. */
import { api, told } from '#lib/api/client.ts';
import type { SiteOut } from '#lib/api/schema.d.ts';

class Places {
	private known = $state.raw<ReadonlyMap<string, SiteOut>>(new Map());
	private reading: Promise<void> | null = null;

	/** Reads them all, page after page; the second who asks waits for the first. */
	read(): Promise<void> {
		this.reading ??= this.all().catch((thrown: unknown) => {
			this.reading = null;
			throw thrown;
		});
		return this.reading;
	}

	/** What a place is called by those who know the territory: its commune, else its own name. */
	name(code: string): string {
		const place = this.known.get(code);
		return place ? place.commune || place.name : code;
	}

	get(code: string): SiteOut | undefined {
		return this.known.get(code);
	}

	get list(): SiteOut[] {
		return [...this.known.values()];
	}

	private async all(): Promise<void> {
		const found: [string, SiteOut][] = [];
		let cursor: string | null = null;
		do {
			const page: { items: SiteOut[]; next?: string | null } = await told(
				api.GET('/api/v1/sites', { params: { query: { limit: 200, ...(cursor ? { cursor } : {}) } } })
			);
			for (const place of page.items) found.push([place.code, place]);
			cursor = page.next ?? null;
		} while (cursor);
		this.known = new Map(found); // eslint-disable-line svelte/prefer-svelte-reactivity -- replaced whole, never changed
	}
}

export const places = new Places();
