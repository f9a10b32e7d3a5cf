/** What codes of sites, vans and drivers are called; read once, shared by all screens that ask. */
import type { DriverOut, SiteOut, VehicleOut } from '#lib/api/schema.d.ts';
import { api, told } from '#lib/api/client.ts';

class Names {
	sites = $state.raw(new Map<string, SiteOut>());
	vehicles = $state.raw(new Map<string, VehicleOut>());
	drivers = $state.raw(new Map<string, DriverOut>());
	#asked: Promise<void> | null = null;

	/** Reads them, once. */
	load(): Promise<void> {
		this.#asked ??= this.#read().catch((thrown: unknown) => {
			this.#asked = null;
			throw thrown;
		});
		return this.#asked;
	}

	/** A place as it is called on a card: its commune, or its name where two share one. */
	site(code: string): string {
		const found = this.sites.get(code);
		if (!found) return code;
		return this.#twice.includes(found.commune) ? found.name : found.commune;
	}

	vehicle(code: string): string {
		return this.vehicles.get(code)?.name ?? code;
	}

	driver(code: string): string {
		return this.drivers.get(code)?.name ?? code;
	}

	readonly #twice = $derived.by(() => {
		const communes = [...this.sites.values()].map((one) => one.commune).sort();
		return communes.filter((commune, k) => commune === communes[k - 1]);
	});

	async #read(): Promise<void> {
		const [sites, vehicles, drivers] = await Promise.all([allSites(), allVehicles(), allDrivers()]);
		this.sites = new Map(sites.map((one) => [one.code, one]));
		this.vehicles = new Map(vehicles.map((one) => [one.code, one]));
		this.drivers = new Map(drivers.map((one) => [one.code, one]));
	}
}

async function allSites(): Promise<SiteOut[]> {
	const found: SiteOut[] = [];
	let cursor: string | null | undefined;
	do {
		const query: { limit: number; cursor?: string } = { limit: 200, ...(cursor ? { cursor } : {}) };
		const page: { items: SiteOut[]; next?: string | null } = await told(
			api.GET('/api/v1/sites', { params: { query } })
		);
		found.push(...page.items);
		cursor = page.next;
	} while (cursor);
	return found;
}

async function allVehicles(): Promise<VehicleOut[]> {
	return (await told(api.GET('/api/v1/vehicles'))).items;
}

async function allDrivers(): Promise<DriverOut[]> {
	return (await told(api.GET('/api/v1/drivers'))).items;
}

export const names = new Names();
