/**
 * The outbox: a tap is in the phone's memory before anything else happens, and stays until the service has said of
 * that very id that it has it. Sending it twice does no harm (the service knows ids), losing it would.
 */
import { v7 as uuidv7 } from 'uuid';
import type { ScansOut } from '#lib/api/schema.d.ts';
import { Away, Denied, Unknown, type Ask } from './calls.ts';
import { sweep, type Fact, type Payload, type Position, type Store, type Tap } from './store.ts';

export const BATCH = 200;
const FIRST_S = 2;
const LONGEST_S = 120;

/** Why nothing leaves: no network, the token is not known, or a driver must be chosen. */
export type Halt = '' | 'away' | 'enrol' | 'driver';
/** Runs its work while no other tab of this phone sends; not at all if one does. */
export type Alone = (work: () => Promise<void>) => Promise<void>;

export interface Around {
	store: Store;
	ask: Ask;
	driver: () => string;
	alone?: Alone;
	now?: () => Date;
	/** False where the phone itself knows that it has no network: then nothing is even tried. */
	reachable?: () => boolean;
	/** Called after each change of what waits. */
	changed?: () => void;
}

export class Outbox {
	halt: Halt = '';
	/** What could not be written down because the phone is full: kept here while the page is open, sent like the rest. */
	readonly loose: Tap[] = [];
	private wait_s = 0;
	private timer: ReturnType<typeof setTimeout> | undefined;
	private running: Promise<void> | undefined;
	private again = false;
	private closed = false;

	constructor(private readonly around: Around) {}

	/** Keep what was tapped at once, all or nothing. */
	async tap(payloads: Payload[]): Promise<void> {
		const taps = payloads.map((payload) => this.fresh(payload));
		try {
			await this.keep(taps);
		} catch {
			await this.keepTightly(taps);
		}
		this.around.changed?.();
		this.soon();
	}

	private fresh(payload: Payload): Tap {
		const id =
			'fact' in payload ? payload.fact.id : 'incident' in payload ? payload.incident.id : payload.photo.id;
		return { id, driver: this.around.driver(), payload, tries: 0, state: 'waiting', reason: '' };
	}

	private async keep(taps: Tap[]): Promise<void> {
		const shelf = this.around.store.transaction('taps', 'readwrite', { durability: 'strict' });
		await Promise.all([...taps.map((tap) => shelf.store.add(tap)), shelf.done]);
	}

	/** The phone is full: room is made of what the service has; what still does not fit is held in hand and said. */
	private async keepTightly(taps: Tap[]): Promise<void> {
		try {
			await sweep(this.around.store);
			await this.around.store.clear('positions');
			await this.keep(taps);
		} catch {
			this.loose.push(...taps);
		}
	}

	/**
	 * Take facts back. What never left is dropped; of what did, or may have, another fact says that it is undone.
	 * Decided in one transaction, so that a sending that begins now either has it or never sees it.
	 */
	async undo(ids: string[]): Promise<void> {
		const shelf = this.around.store.transaction('taps', 'readwrite');
		const left: Tap[] = [];
		for (const id of ids) {
			const kept = await shelf.store.index('id').get(id);
			if (kept?.seq !== undefined && kept.tries === 0 && kept.state === 'waiting')
				await shelf.store.delete(kept.seq);
			else if (kept) left.push(kept);
		}
		const undos = [...left, ...this.dropLoose(ids)].flatMap((tap) => this.undoOf(tap));
		const added = Promise.all([...undos.map((tap) => shelf.store.add(tap)), shelf.done]);
		await added.catch(() => this.keepTightly(undos));
		this.around.changed?.();
		this.soon();
	}

	/** Drop what is held in hand and never left; returns what may have. */
	private dropLoose(ids: string[]): Tap[] {
		const held = this.loose.filter((tap) => ids.includes(tap.id));
		for (const tap of held) if (tap.tries === 0) this.loose.splice(this.loose.indexOf(tap), 1);
		return held.filter((tap) => tap.tries > 0);
	}

	private undoOf(tap: Tap): Tap[] {
		if (!('fact' in tap.payload)) return [];
		const { visit } = tap.payload.fact;
		const occurred_at = this.now().toISOString();
		const fact: Fact = { id: uuidv7(), kind: 'undo', visit, target: tap.id, occurred_at };
		return [{ ...this.fresh({ fact }), driver: tap.driver }];
	}

	/** How many taps the service has not acknowledged. */
	async waiting(): Promise<number> {
		return (await this.around.store.countFromIndex('taps', 'state', 'waiting')) + this.loose.length;
	}

	/** What the service could not read: shown until somebody has seen it. */
	refused(): Promise<Tap[]> {
		return this.around.store.getAllFromIndex('taps', 'state', 'refused');
	}

	async all(): Promise<Tap[]> {
		return [...(await this.around.store.getAll('taps')), ...this.loose];
	}

	/** Send what waits, now; resolves when nothing more can be done now. Never throws. */
	flush(): Promise<void> {
		if (this.closed) return Promise.resolve();
		this.again = this.running !== undefined;
		this.running ??= this.sendUntilNothing().finally(() => (this.running = undefined));
		return this.running;
	}

	private async sendUntilNothing(): Promise<void> {
		clearTimeout(this.timer);
		try {
			do {
				this.again = false;
				await (this.around.alone ?? ((work) => work()))(() => this.sendAll());
			} while (this.again && !this.closed);
		} catch {
			this.halt = 'away'; // the phone's own memory did not answer: as good as no network
		}
		this.around.changed?.();
		if (!this.closed && (await this.waiting().catch(() => 1)) > 0) this.later();
	}

	/** The network is back, the page is seen again, somebody enrolled: try without waiting out the pause. */
	wake(): void {
		this.wait_s = 0;
		this.soon();
	}

	/** As if the page were gone. */
	close(): void {
		this.closed = true;
		clearTimeout(this.timer);
	}

	private soon(): void {
		if (!this.closed) void this.flush();
	}

	private later(): void {
		clearTimeout(this.timer);
		this.wait_s = Math.min(LONGEST_S, Math.max(FIRST_S, this.wait_s * 2));
		const spread = 0.75 + Math.random() / 2; // phones that lost the network together do not come back together
		this.timer = setTimeout(() => this.soon(), this.wait_s * 1000 * spread);
	}

	private async sendAll(): Promise<void> {
		try {
			if (this.around.reachable?.() === false) throw new Away();
			while (!this.closed && (await this.sendSome()));
			this.halt = '';
			this.wait_s = 0;
		} catch (error) {
			if (error instanceof Unknown) this.halt = 'enrol';
			else if (error instanceof Denied) this.halt = 'driver';
			else if (error instanceof Away) {
				this.halt = 'away';
				this.wait_s = Math.max(this.wait_s, error.after_s / 2);
			} else throw error;
		}
	}

	/** One call's worth, in the order of the taps; false when nothing is left. */
	private async sendSome(): Promise<boolean> {
		const held = this.loose.splice(0); // perhaps there is room by now
		if (held.length) await this.keepAgain(held);
		const taps = [
			...(await this.around.store.getAllFromIndex('taps', 'state', 'waiting', BATCH)),
			...this.loose
		];
		const [first] = taps;
		if (!first) return this.sendPositions();
		if ('fact' in first.payload) {
			const facts = taps.filter((tap) => 'fact' in tap.payload).slice(0, BATCH);
			await this.sendFacts(await this.marked(facts));
		} else await this.sendOne((await this.marked([first]))[0]);
		this.around.changed?.();
		return true;
	}

	private async keepAgain(held: Tap[]): Promise<void> {
		try {
			await this.keep(held);
		} catch {
			this.loose.push(...held);
		}
	}

	/** The same taps, noted as handed to the network before they are; those taken back meanwhile are left out. */
	private async marked(taps: Tap[]): Promise<Tap[]> {
		const shelf = this.around.store.transaction('taps', 'readwrite');
		const found: Tap[] = [];
		for (const tap of taps) {
			if (tap.seq === undefined) {
				tap.tries += 1;
				if (this.loose.includes(tap)) found.push(tap);
				continue;
			}
			const kept = await shelf.store.get(tap.seq);
			if (kept?.state !== 'waiting') continue;
			kept.tries += 1;
			found.push(kept);
			await shelf.store.put(kept).catch(() => undefined); // full: then its undo says one fact too many, no harm
		}
		await shelf.done.catch(() => undefined);
		return found;
	}

	/** A batch; one that is refused as a whole is halved until the one that cannot be read is alone. */
	private async sendFacts(taps: Tap[]): Promise<void> {
		if (taps.length === 0) return;
		const sent_at = this.now().toISOString();
		const scans = taps.map((tap) => ({ text: '', ...(tap.payload as { fact: Fact }).fact, sent_at }));
		try {
			const { results } = await this.around.ask<ScansOut>('/scans', { method: 'POST', body: { scans } });
			const told = new Map(results.map((result) => [result.id, result]));
			for (const tap of taps) {
				const result = told.get(tap.id);
				if (result) await this.settle(tap, result.state === 'refused' ? 'refused' : 'sent', result.reason);
			}
			if (taps.some((tap) => !told.has(tap.id))) throw new Away(); // not a word about these: they stay
		} catch (error) {
			if (!(error instanceof Denied) || error.status === 403) throw error;
			const half = Math.ceil(taps.length / 2);
			if (taps.length === 1 && taps[0]) await this.settle(taps[0], 'refused', error.message);
			else for (const part of [taps.slice(0, half), taps.slice(half)]) await this.sendFacts(part);
		}
	}

	private async sendOne(tap: Tap | undefined): Promise<void> {
		if (!tap) return;
		const { payload } = tap;
		try {
			if ('incident' in payload)
				await this.around.ask('/incidents', { method: 'POST', body: payload.incident });
			else if ('photo' in payload) {
				const body = new FormData();
				body.set('file', new Blob([payload.photo.picture], { type: 'image/jpeg' }), 'photo.jpg');
				const path = `/incidents/${payload.photo.incident}/photos/${payload.photo.id}`;
				await this.around.ask(path, { method: 'PUT', body, timeout_ms: 120_000 });
			}
			await this.settle(tap, 'sent', '');
		} catch (error) {
			if (!(error instanceof Denied) || error.status === 403) throw error;
			await this.settle(tap, 'refused', error.message);
		}
	}

	private async settle(tap: Tap, state: 'sent' | 'refused', reason: string): Promise<void> {
		const held = this.loose.indexOf(tap);
		if (held >= 0) this.loose.splice(held, 1);
		if (tap.seq === undefined) return;
		if (state === 'sent' && 'photo' in tap.payload) {
			await this.around.store.delete('taps', tap.seq); // megabytes that nobody looks at again
			return;
		}
		await this.around.store.put('taps', { ...tap, state, reason });
	}

	/** Where the van was goes after everything else; the answer is final whatever it says. */
	private async sendPositions(): Promise<boolean> {
		const { store, ask } = this.around;
		const keys = await store.getAllKeys('positions', undefined, BATCH);
		if (keys.length === 0) return false;
		const positions: Position[] = await store.getAll('positions', undefined, keys.length);
		try {
			await ask('/positions', { method: 'POST', body: { positions } });
		} catch (error) {
			if (!(error instanceof Denied) || error.status === 403) throw error;
		}
		const shelf = store.transaction('positions', 'readwrite');
		for (const key of keys) await shelf.store.delete(key);
		await shelf.done;
		return true;
	}

	private now(): Date {
		return this.around.now?.() ?? new Date();
	}
}
