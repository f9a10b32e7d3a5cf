/** The day as the service tells it, read again when something of it changes; and what waits for a decision. */
import type {
	ClosureOut,
	DayOut,
	DriverOut,
	EffectOut,
	IncidentOut,
	MessageOut,
	RoundHead,
	RoundOut,
	SiteOut
} from '#lib/api/schema.d.ts';
import { api, told } from '#lib/api/client.ts';
import { asProblem, type Problem } from '#lib/api/problem.ts';
import { listen, type Change } from '#lib/live/live.ts';
import { session } from '#lib/api/session.svelte.ts';
import { later, mondayOf, weekOf } from '#lib/words.ts';

import { weekLoad, type DayLoad } from './load.ts';

const ROAD = new Set(['scans', 'rounds', 'positions']);
const DESK = new Set(['closures', 'messages', 'incidents']);
const SOON_MS = 150; // hints come in handfuls

export interface Pending {
	closure: ClosureOut;
	effect: EffectOut | null;
}

function tag(closure: ClosureOut): string {
	return `${closure.id} ${closure.version}`;
}

export class Today {
	readonly day: string;
	board = $state.raw<DayOut | null>(null);
	load = $state.raw<DayLoad[]>([]);
	pending = $state.raw<Pending[]>([]);
	incidents = $state.raw<IncidentOut[]>([]);
	messages = $state.raw<MessageOut[]>([]);
	drivers = $state.raw<DriverOut[]>([]);
	sites = $state.raw<SiteOut[]>([]);
	coming = $state.raw<RoundHead | null>(null);
	problem = $state.raw<Problem | null>(null);
	/** The service's clock, in milliseconds. */
	now = $state(0);
	/** Drawn from the network: false where nothing is known of it yet. */
	known = $state(false);

	#effects: Record<string, EffectOut> = {};
	#heard = 0;
	#timers: Record<string, ReturnType<typeof setTimeout> | undefined> = {};

	constructor(day: string) {
		this.day = day;
	}

	/** Reads everything, then follows. Returns how to stop. */
	open(): () => void {
		void this.#all();
		const stop = listen((change) => this.#hear(change));
		const tick = setInterval(() => this.#tick(), 10_000);
		const again = setInterval(() => void this.#guard(() => this.#road()), 60_000); // predictions age by themselves
		return () => {
			stop();
			clearInterval(tick);
			clearInterval(again);
			for (const timer of Object.values(this.#timers)) clearTimeout(timer);
		};
	}

	commune(site: string | null): string {
		return this.sites.find((one) => one.code === site)?.commune ?? site ?? 'Tout le réseau';
	}

	async again(): Promise<void> {
		await this.#all();
	}

	/** What somebody did from here: done, then everything of the desk read again. */
	async act(work: () => Promise<unknown>): Promise<boolean> {
		try {
			await work();
			this.problem = null;
			await Promise.all([this.#road(), this.#desk()]);
			return true;
		} catch (thrown) {
			this.problem = asProblem(thrown);
			return false;
		}
	}

	async #all(): Promise<void> {
		await this.#guard(() => Promise.all([this.#road(), this.#network(), this.#week()]));
		await this.#guard(() => Promise.all([this.#desk(), this.#next()]));
	}

	#hear(change: Change | null): void {
		if (change === null) return this.#soon('all', () => this.#all());
		if (ROAD.has(change.topic)) this.#soon('road', () => this.#guard(() => this.#road()));
		if (DESK.has(change.topic)) {
			this.#soon('desk', () => this.#guard(() => this.#desk()));
			if (change.topic !== 'messages') this.#soon('road', () => this.#guard(() => this.#road()));
		}
		if (change.topic === 'plans' || change.topic === 'network') this.#soon('all', () => this.#all());
	}

	#soon(what: string, work: () => Promise<unknown>): void {
		this.#timers[what] ??= setTimeout(() => {
			this.#timers[what] = undefined;
			void work();
		}, SOON_MS);
	}

	#tick(): void {
		if (this.board) this.now = Date.parse(this.board.at) + (performance.now() - this.#heard);
	}

	async #guard(work: () => Promise<unknown>): Promise<void> {
		try {
			await work();
			this.problem = null;
		} catch (thrown) {
			this.problem = asProblem(thrown);
		}
	}

	async #road(): Promise<void> {
		this.board = await told(api.GET('/api/v1/day/{day}', { params: { path: { day: this.day } } }));
		this.#heard = performance.now();
		this.#tick();
	}

	async #network(): Promise<void> {
		const [sites, drivers] = await Promise.all([
			told(api.GET('/api/v1/sites')),
			told(api.GET('/api/v1/drivers'))
		]);
		this.sites = sites.items;
		this.drivers = drivers.items;
		this.known = true;
	}

	async #week(): Promise<void> {
		const week = weekOf(this.day);
		const plans = await told(
			api.GET('/api/v1/plans', { params: { query: { week, status: 'published', kind: 'week' } } })
		);
		const head = plans.items[0];
		let rounds: RoundOut[] = [];
		const capacity: Record<string, number> = {};
		if (head) {
			const [plan, vans] = await Promise.all([
				told(api.GET('/api/v1/plans/{plan}', { params: { path: { plan: head.id } } })),
				told(api.GET('/api/v1/vehicles'))
			]);
			rounds = plan.rounds;
			for (const van of vans.items) capacity[van.code] = van.capacity;
		}
		this.load = weekLoad(mondayOf(week), rounds, capacity);
	}

	async #desk(): Promise<void> {
		const [closures, incidents, messages] = await Promise.all([
			told(api.GET('/api/v1/closures', { params: { query: { status: 'proposed', limit: 20 } } })),
			told(api.GET('/api/v1/incidents', { params: { query: { open: true, limit: 20 } } })),
			session.mayChange
				? told(api.GET('/api/v1/messages', { params: { query: { limit: 100 } } }))
				: Promise.resolve({ items: [] as MessageOut[] })
		]);
		this.incidents = incidents.items;
		this.messages = messages.items;
		this.pending = closures.items.map((closure) => ({
			closure,
			effect: this.#effects[tag(closure)] ?? null
		}));
		for (const { closure, effect } of this.pending) if (!effect) void this.#weigh(closure);
	}

	/** Its effect may take a moment: the closure stands there already, and may be accepted once it is known. */
	async #weigh(closure: ClosureOut): Promise<void> {
		const { data } = await api.GET('/api/v1/closures/{key}/effect', {
			params: { path: { key: closure.id } }
		});
		if (!data) return;
		this.#effects[tag(closure)] = data;
		this.pending = this.pending.map((one) =>
			one.closure.id === closure.id ? { ...one, effect: data } : one
		);
	}

	/** The next round, where this day has none. */
	async #next(): Promise<void> {
		if (this.board && this.board.rounds.length > 0) return;
		const found = await told(
			api.GET('/api/v1/rounds', { params: { query: { from: later(this.day, 1), to: later(this.day, 62) } } })
		);
		this.coming = found.items[0] ?? null;
	}
}
