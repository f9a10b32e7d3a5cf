/** What a new installation has already, and what comes next until its first round is on the road. */
import type {
	DriverOut,
	ApiWireExchangeImportOut as ImportOut,
	NetworkCheck,
	NetworkOut,
	PlanHead,
	PlanRunOut,
	SiteOut,
	VehicleOut
} from '#lib/api/schema.d.ts';
import { api, told } from '#lib/api/client.ts';
import { asProblem, type Problem } from '#lib/api/problem.ts';
import { listen } from '#lib/live/live.ts';
import { announcer } from '#lib/ui/announce.svelte.ts';
import { later, today, weekOf } from '#lib/words.ts';

export interface Invitation {
	name: string;
	url: string;
}

export class First {
	network = $state.raw<NetworkOut | null>(null);
	sites = $state.raw<SiteOut[]>([]);
	vehicles = $state.raw<VehicleOut[]>([]);
	drivers = $state.raw<DriverOut[]>([]);
	check = $state.raw<NetworkCheck | null>(null);
	plan = $state.raw<PlanHead | null>(null);
	run = $state.raw<PlanRunOut | null>(null);
	links = $state(0);
	invitations = $state.raw<Invitation[]>([]);
	difference = $state.raw<ImportOut | null>(null);
	problem = $state.raw<Problem | null>(null);
	busy = $state('');
	ready = $state(false);
	#files: File[] = [];

	readonly libraries = $derived(this.sites.filter((one) => one.kind === 'bibliothèque'));
	readonly hubs = $derived(this.sites.filter((one) => one.kind === 'dépôt'));
	/** Monday of next week: what is planned first. */
	readonly week = weekOf(later(today(), 7));

	open(): () => void {
		void this.read();
		const again = setInterval(() => {
			if (this.computing) void this.read();
		}, 2000);
		const stop = listen((change) => {
			if (change === null || ['network', 'plans', 'plan_runs'].includes(change.topic)) void this.read();
		});
		return () => {
			stop();
			clearInterval(again);
		};
	}

	get computing(): boolean {
		return this.run !== null && this.run.ended_at === null;
	}

	async read(): Promise<void> {
		try {
			const { data: network } = await api.GET('/api/v1/network');
			this.network = network ?? null;
			if (network) await this.#network();
			const [plans, runs, links] = await Promise.all([
				told(api.GET('/api/v1/plans', { params: { query: { limit: 1 } } })),
				told(api.GET('/api/v1/plan-runs', { params: { query: { limit: 1 } } })),
				told(api.GET('/api/v1/links', { params: { query: { kind: 'library', limit: 200 } } }))
			]);
			this.plan = plans.items[0] ?? null;
			this.run = runs.items[0] ?? null;
			this.links = links.items.length;
			this.ready = true;
		} catch (thrown) {
			this.problem = asProblem(thrown);
		}
	}

	/** What the files would change; nothing is stored. */
	look(files: File[]): Promise<void> {
		this.#files = files;
		return this.#do('import', async () => {
			this.difference = await this.#send(true);
		});
	}

	/** Stores exactly what was shown. */
	take(): Promise<void> {
		return this.#do('import', async () => {
			await this.#send(false);
			this.difference = null;
			announcer.say('Le réseau est enregistré.');
			await this.read();
		});
	}

	compute(): Promise<void> {
		return this.#do('plan', async () => {
			await told(
				api.POST('/api/v1/plan-runs', {
					body: { week: this.week, kind: 'week', engine: 'periodic', seconds: 20, seed: 1 }
				})
			);
			await this.read();
		});
	}

	/** A personal link for each library, to be sent or printed. */
	invite(): Promise<void> {
		return this.#do('links', async () => {
			for (const library of this.libraries) {
				const made = await told(
					api.POST('/api/v1/links', {
						body: { kind: 'library', subject: library.code, label: 'Première invitation' }
					})
				);
				this.invitations = [...this.invitations, { name: library.name, url: made.url }];
			}
			announcer.say('Les liens sont prêts.');
			await this.read();
		});
	}

	async #network(): Promise<void> {
		const [sites, vehicles, drivers, check] = await Promise.all([
			told(api.GET('/api/v1/sites')),
			told(api.GET('/api/v1/vehicles')),
			told(api.GET('/api/v1/drivers')),
			told(api.GET('/api/v1/network/check'))
		]);
		[this.sites, this.vehicles, this.drivers] = [sites.items, vehicles.items, drivers.items];
		this.check = check;
	}

	#send(dry: boolean): Promise<ImportOut> {
		const form = new FormData();
		for (const file of this.#files) form.append('files', file);
		return told(
			api.POST('/api/v1/network/import', {
				params: {
					query: { dry_run: dry },
					header: dry || !this.difference ? {} : { 'if-match': `"v${this.difference.version}"` }
				},
				body: form as never, // a form is sent as it is
				bodySerializer: (body: unknown) => body as FormData
			})
		);
	}

	async #do(what: string, work: () => Promise<void>): Promise<void> {
		this.busy = what;
		this.problem = null;
		try {
			await work();
		} catch (thrown) {
			this.problem = asProblem(thrown);
		}
		this.busy = '';
	}
}
