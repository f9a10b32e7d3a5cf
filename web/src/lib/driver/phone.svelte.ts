/** The driver's phone: who holds it, its round, what waits. Everything shown comes from its own memory first. */
import type { DriverName, EnrolOut, MyDeviceOut, RoundHead } from '#lib/api/schema.d.ts';
import { today } from '#lib/words.ts';
import { alone } from './alone.ts';
import { keepAwake } from './awake.ts';
import { asker, Denied, Unknown } from './calls.ts';
import { download, headsFrom, keepRound, keptRound } from './keep.ts';
import type { Guide } from './links.ts';
import { Outbox, type Halt } from './outbox.ts';
import { Tracker } from './tracker.svelte.ts';
import { endRef, newer, startRef, tourOf, type Kept, type Stop } from './round.ts';
import { keepSetting, openStore, setting, sweep } from './store.ts';
import type { Fact, Payload, Position, Store, Tap } from './store.ts';
import { closed, corrections, done, fact, now, problem, type Counts } from './taps.ts';

const MARK = 'navette.appareil'; // tells the page of a crate's label that a driver's phone opened it
const UNDO_MS = 10_000;
const KEEP_SENT = 2000;
const LOOK_AGAIN_MS = 60_000;

export interface Undoable {
	ids: string[];
	words: string;
}

export class Phone {
	ready = $state(false);
	broken = $state('');
	token = $state('');
	name = $state('');
	driver = $state<string | null>(null);
	shared = $state(false);
	drivers = $state<DriverName[]>([]);
	heads = $state.raw<RoundHead[]>([]);
	onPhone = $state.raw<string[]>([]);
	kept = $state.raw<Kept | null>(null);
	offered = $state.raw<Kept | null>(null);
	taps = $state.raw<Tap[]>([]);
	waiting = $state(0);
	held = $state(0);
	halt = $state<Halt>('');
	/** The service does not know this phone any more: a new code is needed, everything is kept. */
	revoked = $state(false);
	refused = $state.raw<Tap[]>([]);
	undoable = $state.raw<Undoable | null>(null);
	guide = $state<Guide | null>(null);
	note = $state('');
	/** A window is open or a tap may be taken back: no update now. */
	occupied = $state(0);
	readonly tracker = new Tracker((position) => void this.moved(position));

	tour = $derived(this.kept ? tourOf(this.kept, this.taps) : null);
	running = $derived(!!this.tour?.started_at && !this.tour.ended_at);
	screen = $derived(
		!this.token ? 'enrol' : this.shared && !this.driver ? 'driver' : this.kept ? 'round' : 'rounds'
	);

	private store: Store | undefined;
	private outbox: Outbox | undefined;
	private others = 'BroadcastChannel' in globalThis ? new BroadcastChannel('navette.tournee') : null;
	private timer: ReturnType<typeof setTimeout> | undefined;
	private readonly ask = asker(() => this.token);

	/** Show what the phone has, then ask what is new. */
	async begin(code: string): Promise<() => void> {
		try {
			this.store = await openStore();
		} catch {
			this.broken =
				'Ce navigateur ne permet pas de garder la tournée (navigation privée ?). Ouvrez Navette dans une fenêtre ordinaire.';
			return () => undefined;
		}
		this.outbox = new Outbox({
			store: this.store,
			ask: this.ask,
			driver: () => this.driver ?? '',
			alone: alone(this.store),
			reachable: () => navigator.onLine,
			changed: () => void this.recount(true)
		});
		await this.recall();
		this.ready = true;
		if (code) await this.enrol(code, this.name).catch((error: unknown) => this.say(error));
		else if (this.token) void this.refresh();
		return this.listen();
	}

	private async recall(): Promise<void> {
		const { store } = this;
		if (!store) return;
		this.token = (await setting<string>(store, 'token')) ?? '';
		this.take((await setting<MyDeviceOut>(store, 'mine')) ?? null);
		this.heads = (await setting<RoundHead[]>(store, 'heads')) ?? [];
		this.guide = (await setting<Guide>(store, 'guide')) ?? null;
		const current = await setting<string>(store, 'round');
		this.kept = current ? await keptRound(store, current) : null;
		await sweep(store, KEEP_SENT);
		await this.recount(false);
		this.follow();
	}

	private take(mine: MyDeviceOut | null): void {
		this.name = mine?.device.name ?? '';
		this.driver = mine?.device.driver ?? null;
		this.shared = mine?.device.shared ?? false;
		this.drivers = mine?.drivers ?? [];
	}

	private listen(): () => void {
		const wake = () => {
			if (document.visibilityState !== 'visible') return;
			this.outbox?.wake();
			if (this.token) void this.refresh();
			void keepAwake(this.running);
		};
		const again = setInterval(wake, LOOK_AGAIN_MS);
		window.addEventListener('online', wake);
		document.addEventListener('visibilitychange', wake);
		if (this.others) this.others.onmessage = () => void this.recount(false);
		this.outbox?.wake();
		return () => {
			clearInterval(again);
			window.removeEventListener('online', wake);
			document.removeEventListener('visibilitychange', wake);
			this.tracker.stop();
			this.outbox?.close();
		};
	}

	/** Throws where the code is not valid (any more). */
	async enrol(code: string, name: string): Promise<void> {
		const body = { code: code.trim().toLowerCase(), name: name.trim() || 'Téléphone' };
		const told = await asker(() => '')<EnrolOut>('/devices/enrol', { method: 'POST', body });
		if (!this.store) return;
		await keepSetting(this.store, 'token', told.token);
		await keepSetting(this.store, 'mine', { device: told.device, drivers: [] });
		localStorage.setItem(MARK, '1');
		this.token = told.token;
		this.revoked = false;
		this.take({ device: told.device, drivers: [] });
		void navigator.storage?.persist?.();
		this.outbox?.wake();
		await this.refresh();
	}

	/** Only with nothing waiting: what one driver tapped is told in his name. */
	async choose(driver: string | null): Promise<void> {
		await this.outbox?.flush();
		if (this.waiting > 0)
			throw new Error('Des pointages attendent encore : réessayez quand ils seront partis.');
		await this.ask('/devices/mine/driver', { method: 'PUT', body: { driver } });
		this.driver = driver;
		await this.close();
		await this.refresh();
	}

	/** Forget this phone and its rounds; what waits would be lost, so it must be empty or told to. */
	async forget(): Promise<void> {
		const { store } = this;
		if (!store) return;
		this.tracker.stop();
		for (const shelf of ['taps', 'positions', 'rounds', 'settings'] as const) await store.clear(shelf);
		localStorage.removeItem(MARK);
		this.token = '';
		this.kept = null;
		this.heads = [];
		this.take(null);
		await this.recount(true);
	}

	/** What is new: who may use the phone, the coming rounds, the plan of this one. Without network: nothing. */
	async refresh(): Promise<void> {
		const { store } = this;
		if (!store || !this.token) return;
		try {
			const mine = await this.ask<MyDeviceOut>('/devices/mine');
			await keepSetting(store, 'mine', mine);
			this.take(mine);
			if (this.shared && !this.driver) return;
			this.heads = await headsFrom(this.ask, today());
			await keepSetting(store, 'heads', this.heads);
			await this.fetchRounds(store);
		} catch (error) {
			this.revoked ||= error instanceof Unknown;
		}
	}

	/** The round shown, and all of the first coming day, without being asked. */
	private async fetchRounds(store: Store): Promise<void> {
		const [first] = this.heads;
		const coming = this.heads.filter((head) => head.day === first?.day).map((head) => head.code);
		const shown = this.kept?.round.code;
		if (shown && !coming.includes(shown)) coming.push(shown);
		for (const code of coming) await this.fetchRound(store, code).catch(() => undefined);
		this.onPhone = await store.getAllKeys('rounds');
	}

	private async fetchRound(store: Store, code: string): Promise<void> {
		const found = await download(this.ask, code);
		const current = this.kept?.round.code === code ? this.kept : null;
		if (current && this.tour?.started_at && newer(current.round, found.round)) {
			this.offered = found; // proposed, never imposed
			return;
		}
		await keepRound(store, found, today());
		if (current) this.kept = found;
	}

	/** Take the plan that was proposed. */
	async accept(): Promise<void> {
		if (!this.store || !this.offered) return;
		await keepRound(this.store, this.offered, today());
		this.kept = this.offered;
		this.offered = null;
	}

	async open(code: string): Promise<void> {
		const { store } = this;
		if (!store) return;
		if (!(await keptRound(store, code))) await keepRound(store, await download(this.ask, code), today());
		this.kept = await keptRound(store, code);
		this.offered = null;
		await keepSetting(store, 'round', code);
		await this.recount(false);
		this.follow();
	}

	/** Put the round on the phone again, with all it needs. */
	async downloadAgain(): Promise<void> {
		if (!this.store || !this.kept) return;
		await this.fetchRound(this.store, this.kept.round.code);
		this.note = 'La tournée est sur le téléphone. Elle s’ouvre sans réseau.';
	}

	async close(): Promise<void> {
		this.kept = null;
		this.offered = null;
		if (this.store) await keepSetting(this.store, 'round', undefined);
		this.follow();
	}

	start = () => this.kept && this.tell([fact('left', startRef(this.kept.round), now())], 'Tournée démarrée');
	finish = () =>
		this.kept && this.tell([fact('arrived', endRef(this.kept.round), now())], 'Tournée terminée');
	resume = () => {
		const end = this.tour?.endFact;
		return (
			end &&
			this.outbox
				?.undo([end.id])
				.then(() => this.recount(false))
				.then(() => this.follow())
		);
	};
	done = (stop: Stop, counts: Counts) =>
		this.tell(done(stop, counts, now()), `${stop.place.commune} : c’est noté`);
	closed = (stop: Stop) => this.tell(closed(stop, now()), `${stop.place.commune} : fermé, c’est noté`);
	correct = (stop: Stop, counts: Counts) =>
		this.tell(corrections(stop, counts, now()), `${stop.place.commune} : corrigé`);
	crate = (stop: Stop, kind: 'delivered' | 'picked_up', crate: string) =>
		this.tell([fact(kind, stop.visit.ref, now(), { crate })], `Bac ${crate} noté`);
	takeBack = (stop: Stop) => {
		const ids = [...Object.values(stop.facts), ...stop.crates].map((one) => one.id);
		return this.outbox?.undo(ids).then(() => this.recount(false));
	};

	async problem(stop: Stop | null, text: string, picture: ArrayBuffer | null): Promise<void> {
		const ref = stop?.visit.ref ?? (this.kept ? startRef(this.kept.round) : '');
		await this.put(problem(ref, text, picture, now()), 'Problème noté');
	}

	private tell(facts: Fact[], words: string): Promise<void> {
		return facts.length
			? this.put(
					facts.map((one) => ({ fact: one })),
					words
				)
			: Promise.resolve();
	}

	private async put(payloads: Payload[], words: string): Promise<void> {
		await this.outbox?.tap(payloads);
		await this.recount(false);
		const ids = payloads.flatMap((one) => ('fact' in one ? [one.fact.id] : []));
		this.undoable = { ids, words };
		clearTimeout(this.timer);
		this.timer = setTimeout(() => (this.undoable = null), UNDO_MS);
		this.follow();
	}

	async undo(): Promise<void> {
		const { undoable } = this;
		this.undoable = null;
		if (undoable) await this.outbox?.undo(undoable.ids);
		await this.recount(false);
		this.follow();
	}

	async seen(tap: Tap): Promise<void> {
		if (tap.seq !== undefined) await this.store?.put('taps', { ...tap, state: 'sent' });
		await this.recount(false);
	}

	async useGuide(guide: Guide | null): Promise<void> {
		this.guide = guide;
		if (this.store) await keepSetting(this.store, 'guide', guide ?? undefined);
	}

	send = () => this.outbox?.wake();

	/** The screen stays on and the position is told while the round runs, and not a moment longer. */
	private follow(): void {
		void keepAwake(this.running);
		if (this.running && this.kept?.round.day === today()) this.tracker.start();
		else this.tracker.stop();
	}

	private async moved(position: Position): Promise<void> {
		await this.store?.add('positions', position).catch(() => undefined);
		void this.outbox?.flush();
	}

	private async recount(mine: boolean): Promise<void> {
		if (!this.outbox) return;
		this.taps = await this.outbox.all();
		this.waiting = await this.outbox.waiting();
		this.refused = await this.outbox.refused();
		this.held = this.outbox.loose.length;
		this.halt = this.outbox.halt;
		this.revoked ||= this.halt === 'enrol';
		if (mine) this.others?.postMessage('');
	}

	say(error: unknown): void {
		this.note =
			error instanceof Denied || error instanceof Error
				? error.message || 'Ce téléphone n’est plus connu.'
				: 'Cela n’a pas fonctionné.';
	}
}
