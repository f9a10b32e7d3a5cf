/** Some months of the calendar, read again when closures or the network change. */
import type {
	CalendarOut,
	ClosureOut,
	DriverOut,
	EffectOut,
	SiteOut,
	VehicleOut
} from '#lib/api/schema.d.ts';
import { api, told } from '#lib/api/client.ts';
import { asProblem, type Problem } from '#lib/api/problem.ts';
import { listen } from '#lib/live/live.ts';
import { announcer } from '#lib/ui/announce.svelte.ts';
import { later, today } from '#lib/words.ts';

import { datedOf, monthLater } from './months.ts';

export const MONTHS = 3;

export interface Wanted {
	sites: string[];
	starts_on: string;
	ends_on: string;
	reason: string;
}

export class Calendar {
	first = $state(`${today().slice(0, 7)}-01`);
	shown = $state.raw<CalendarOut | null>(null);
	pending = $state.raw<ClosureOut[]>([]);
	effects = $state.raw<Record<string, EffectOut>>({});
	sites = $state.raw<SiteOut[]>([]);
	drivers = $state.raw<DriverOut[]>([]);
	vehicles = $state.raw<VehicleOut[]>([]);
	problem = $state.raw<Problem | null>(null);

	readonly months = $derived(Array.from({ length: MONTHS }, (_, k) => monthLater(this.first, k)));
	readonly dated = $derived(
		this.shown
			? datedOf(
					this.shown,
					(site) => this.nameOf(site),
					(one) => this.whoOf(one)
				)
			: []
	);

	open(): () => void {
		void this.#begin();
		return listen((change) => {
			if (change === null || change.topic === 'closures' || change.topic === 'network') void this.read();
		});
	}

	nameOf(site: string | null): string {
		return site === null ? 'Tout le réseau' : (this.sites.find((one) => one.code === site)?.name ?? site);
	}

	whoOf(one: { driver: string | null; vehicle: string | null }): string {
		const [driver, vehicle] = [
			this.drivers.find((d) => d.code === one.driver)?.name,
			this.vehicles.find((v) => v.code === one.vehicle)?.name
		];
		return driver ?? vehicle ?? one.driver ?? one.vehicle ?? '';
	}

	async turn(months: number): Promise<void> {
		this.first = monthLater(this.first, months);
		await this.read();
	}

	async read(): Promise<void> {
		try {
			const last = later(monthLater(this.first, MONTHS), -1);
			const [calendar, asked] = await Promise.all([
				told(api.GET('/api/v1/calendar', { params: { query: { first: this.first, last } } })),
				told(api.GET('/api/v1/closures', { params: { query: { status: 'proposed', limit: 100 } } }))
			]);
			[this.shown, this.pending, this.problem] = [calendar, asked.items, null];
			await Promise.all(asked.items.map((one) => this.#weigh(one)));
		} catch (thrown) {
			this.problem = asProblem(thrown);
		}
	}

	async act(work: () => Promise<unknown>, said: string): Promise<boolean> {
		try {
			await work();
			announcer.say(said);
			await this.read();
			return true;
		} catch (thrown) {
			this.problem = asProblem(thrown);
			return false;
		}
	}

	/** What a closure of these sites (none: of all) would do, each asked by itself. */
	foresee({ sites, ...dates }: Wanted): Promise<EffectOut[]> {
		const each = sites.length > 0 ? sites : [null];
		return Promise.all(
			each.map((site) => told(api.POST('/api/v1/closures/effect', { body: { ...dates, site } })))
		);
	}

	/** Stores it, accepted at once: who decides declares it. */
	async close({ sites, ...dates }: Wanted): Promise<void> {
		const body = { ...dates, accepted: true };
		if (sites.length === 0) await told(api.POST('/api/v1/closures', { body }));
		for (const code of sites)
			await told(api.POST('/api/v1/sites/{code}/closures', { params: { path: { code } }, body }));
	}

	async #begin(): Promise<void> {
		try {
			const [sites, drivers, vehicles] = await Promise.all([
				told(api.GET('/api/v1/sites')),
				told(api.GET('/api/v1/drivers')),
				told(api.GET('/api/v1/vehicles'))
			]);
			[this.sites, this.drivers, this.vehicles] = [sites.items, drivers.items, vehicles.items];
		} catch (thrown) {
			this.problem = asProblem(thrown);
		}
		await this.read();
	}

	async #weigh(closure: ClosureOut): Promise<void> {
		const { data } = await api.GET('/api/v1/closures/{key}/effect', {
			params: { path: { key: closure.id } }
		});
		if (data) this.effects = { ...this.effects, [closure.id]: data };
	}
}
