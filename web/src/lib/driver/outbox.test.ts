import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { v7 as uuidv7 } from 'uuid';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import { leased } from './alone.ts';
import { asker, type Ask } from './calls.ts';
import { Outbox } from './outbox.ts';
import { openStore, type Fact, type Store } from './store.ts';

/** What the service does with one call: before or after having stored it. */
type Weather = 'fine' | 'cut' | 'lost' | '500' | '500 after' | 'portal' | '401' | '429' | 'half';

/** A service as ours: a fact is stored once by its id, and each is answered for. */
class Service {
	facts = new Map<string, Fact>();
	others: string[] = [];
	stored = 0;
	received: Record<string, unknown>[] = [];
	weather: () => Weather = () => 'fine';
	bad = new Set<string>();

	send = async (url: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
		await Promise.resolve();
		const weather = this.weather();
		if (weather === 'cut') throw new TypeError('no network');
		if (weather === '500') return new Response('no', { status: 500 });
		if (weather === '401') return Response.json({ title: 'Inconnu' }, { status: 401 });
		if (weather === '429') return Response.json({}, { status: 429, headers: { 'Retry-After': '0' } });
		if (weather === 'portal') return new Response('<html>Bienvenue</html>', { status: 200 });
		const body = init?.body;
		if (!String(url).endsWith('/scans') || typeof body !== 'string') {
			this.others.push(String(url).replace('/api/v1', ''));
			return Response.json({});
		}
		const { scans } = JSON.parse(body) as { scans: (Fact & { sent_at: string })[] };
		const results = scans.map((scan) => this.store(scan));
		if (weather === 'lost') throw new TypeError('cut while answering');
		if (weather === '500 after') return new Response('no', { status: 500 });
		return Response.json({ results: weather === 'half' ? results.slice(results.length / 2) : results });
	};

	private store({ sent_at, ...scan }: Fact & { sent_at: string }) {
		this.received.push({ ...scan, sent_at });
		if (this.bad.has(scan.id)) return { id: scan.id, state: 'refused', reason: 'Illisible.' };
		if (this.facts.has(scan.id)) return { id: scan.id, state: 'known', reason: '' };
		this.facts.set(scan.id, scan);
		this.stored += 1;
		return { id: scan.id, state: 'stored', reason: '' };
	}
}

const fact = (kind: Fact['kind'] = 'arrived', at = new Date()): Fact => ({
	id: uuidv7(),
	kind,
	visit: 'R/cassel',
	occurred_at: at.toISOString()
});
const payload = (one: Fact) => ({ fact: one });

let store: Store;
let service: Service;
let boxes: Outbox[] = [];
const ask: Ask = (path, asked) => asker(() => 'nvd_x', service.send as typeof fetch)(path, asked);
function open(more: Partial<ConstructorParameters<typeof Outbox>[0]> = {}): Outbox {
	const box = new Outbox({ store, ask, driver: () => 'C1', ...more });
	boxes.push(box);
	return box;
}

beforeEach(async () => {
	for (const box of boxes) box.close();
	boxes = [];
	vi.stubGlobal('indexedDB', new IDBFactory());
	store = await openStore();
	service = new Service();
});

describe('the outbox', () => {
	it('keeps a tap without network, through a new start, and sends it once', async () => {
		service.weather = () => 'cut';
		const box = open();
		const tapped = [fact(), fact('left')];
		await box.tap(tapped.map(payload));
		await box.flush();
		expect(await box.waiting()).toBe(2);
		expect(box.halt).toBe('away');
		box.close();
		service.weather = () => 'fine';
		const after = open();
		expect(await after.waiting()).toBe(2);
		await after.flush();
		expect(await after.waiting()).toBe(0);
		expect([...service.facts.keys()]).toEqual(tapped.map((one) => one.id));
	});

	it('lets go of a fact on the word about its own id only', async () => {
		service.weather = () => 'cut';
		const box = open();
		await box.tap([fact(), fact(), fact(), fact()].map(payload));
		await box.flush();
		service.weather = () => 'half'; // answers for the third and fourth only
		await box.flush();
		expect(await box.waiting()).toBeGreaterThan(0);
		expect(await box.waiting()).toBeLessThan(4);
		service.weather = () => 'fine';
		await box.flush();
		expect(service.stored).toBe(4);
	});

	it('renews the hour of sending, never the hour of the tap', async () => {
		let clock = new Date('2026-12-01T08:00:00Z');
		const box = open({ now: () => clock });
		service.weather = () => 'lost';
		const one = fact('arrived', clock);
		await box.tap([payload(one)]);
		await box.flush();
		clock = new Date('2026-12-01T20:00:00Z'); // twelve hours without network
		service.weather = () => 'fine';
		await box.flush();
		expect(service.received.at(0)).toMatchObject({ sent_at: '2026-12-01T08:00:00.000Z' });
		expect(service.received.at(-1)).toMatchObject({
			sent_at: '2026-12-01T20:00:00.000Z',
			occurred_at: '2026-12-01T08:00:00.000Z'
		});
	});

	it('keeps everything when the token is not known any more', async () => {
		service.weather = () => '401';
		const box = open();
		await box.tap([payload(fact())]);
		await box.flush();
		expect(box.halt).toBe('enrol');
		expect(await box.waiting()).toBe(1);
		service.weather = () => 'fine';
		await box.flush();
		expect(box.halt).toBe('');
		expect(service.stored).toBe(1);
	});

	it('drops what never left, and tells that it is undone what did', async () => {
		service.weather = () => 'cut';
		const never = open({ alone: () => Promise.resolve() }); // another tab sends
		const one = fact();
		await never.tap([payload(one)]);
		await never.undo([one.id]);
		expect(await never.waiting()).toBe(0);
		const two = fact();
		const box = open();
		await box.tap([payload(two)]);
		await box.flush(); // tried: the service may have it
		await box.undo([two.id]);
		service.weather = () => 'fine';
		await box.flush();
		const told = [...service.facts.values()];
		expect(told.map((said) => [said.kind, said.target])).toEqual([
			['arrived', undefined],
			['undo', two.id]
		]);
	});

	it('keeps and shows what the service cannot read, and sends the rest', async () => {
		const box = open();
		const [bad, good] = [fact(), fact()];
		service.bad.add(bad.id);
		await box.tap([bad, good].map(payload));
		await box.flush();
		expect(await box.waiting()).toBe(0);
		expect((await box.refused()).map((tap) => [tap.id, tap.reason])).toEqual([[bad.id, 'Illisible.']]);
		expect(service.facts.has(good.id)).toBe(true);
	});

	it('sends an incident before its photo, and forgets only the picture', async () => {
		service.weather = () => 'cut';
		const box = open();
		const at = new Date().toISOString();
		await box.tap([
			{ incident: { id: 'i1', visit: 'R/cassel', text: 'Portail fermé', occurred_at: at } },
			{ photo: { id: 'p1', incident: 'i1', picture: new ArrayBuffer(8) } }
		]);
		await box.flush();
		expect(await box.waiting()).toBe(2);
		service.weather = () => 'fine';
		await box.flush();
		expect(service.others).toEqual(['/incidents', '/incidents/i1/photos/p1']);
		expect(await box.waiting()).toBe(0);
	});

	it('says what a full phone could not write down, and sends it all the same', async () => {
		service.weather = () => 'cut';
		const box = open();
		const full = vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(() => {
			throw new DOMException('full', 'QuotaExceededError');
		});
		await box.tap([payload(fact())]);
		await box.flush();
		expect(box.loose).toHaveLength(1);
		expect(await box.waiting()).toBe(1);
		service.weather = () => 'fine';
		await box.flush();
		full.mockRestore();
		expect(service.stored).toBe(1);
		expect(await box.waiting()).toBe(0);
		expect(box.loose).toHaveLength(0);
	});

	it('sends five hundred facts in batches', async () => {
		service.weather = () => 'cut';
		const box = open();
		await box.tap(Array.from({ length: 500 }, () => payload(fact())));
		service.weather = () => 'fine';
		await box.flush();
		expect(service.stored).toBe(500);
		expect(await box.waiting()).toBe(0);
	});
});

describe('a lease between tabs', () => {
	it('is for one, ends by itself, and is void from a clock set back', async () => {
		let now = 1_000_000_000;
		const one = leased(store, () => now);
		let ran = 0;
		await one(async () => {
			await leased(store, () => now)(() => Promise.resolve(void (ran += 10)));
			ran += 1;
		});
		expect(ran).toBe(1);
		await store.put('settings', now + 60_000, 'lease'); // a tab that was killed while sending
		await one(() => Promise.resolve(void (ran += 100)));
		expect(ran).toBe(1);
		now -= 7_200_000;
		await one(() => Promise.resolve(void (ran += 100)));
		expect(ran).toBe(101);
	});
});

/** Numbers that are the same in each run (mulberry32, public domain). */
function dice(seed: number): () => number {
	return () => {
		seed = (seed + 0x6d2b79f5) | 0;
		let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
}

describe('any sequence of taps, cuts, kills and duplicates', () => {
	it.each(Array.from({ length: 40 }, (_, seed) => seed))('seed %i: each fact once', async (seed) => {
		const roll = dice(seed + 1);
		const pick = <T>(all: readonly [T, ...T[]]): T => all[Math.floor(roll() * all.length)] ?? all[0];
		service.weather = () =>
			pick(['fine', 'fine', 'cut', 'lost', '500', '500 after', 'portal', '401', '429', 'half']);
		const tapped: Fact[] = [];
		const undone = new Set<string>();
		let killed = 0;
		/** A page that may be killed: from then on nothing it asked for is answered, and it runs no further. */
		const page = () => {
			const life = killed;
			const dying: Ask = async (path, asked) => {
				const answer = await ask(path, asked).catch((error: unknown) => error);
				if (life !== killed) return new Promise(() => undefined);
				if (answer instanceof Error) throw answer;
				return answer as never;
			};
			const now = () => new Date(Date.now() + Math.round((roll() - 0.5) * 4 * 3_600_000));
			return [0, 1].map(() => open({ ask: dying, now })) as [Outbox, Outbox]; // two tabs, with no lock at all
		};
		let tabs = page();
		for (let step = 0; step < 30; step++) {
			const action = roll();
			const tab = pick(tabs);
			if (action < 0.5) {
				const facts = Array.from({ length: 1 + Math.floor(roll() * 4) }, () => fact());
				tapped.push(...facts);
				await tab.tap(facts.map(payload));
			} else if (action < 0.6) {
				const one = tapped[Math.floor(roll() * tapped.length)];
				if (one && !undone.has(one.id)) {
					undone.add(one.id);
					await tab.undo([one.id]);
				}
			} else if (action < 0.85) await Promise.race([tab.flush(), new Promise((go) => setTimeout(go, 1))]);
			else {
				killed += 1;
				for (const box of tabs) box.close();
				tabs = page();
			}
			const kept = new Set((await tab.all()).map((tap) => tap.id)); // nothing is ever in neither place
			for (const one of tapped)
				expect(undone.has(one.id) || kept.has(one.id) || service.facts.has(one.id)).toBe(true);
		}
		killed += 1;
		for (const box of tabs) box.close();
		service.weather = () => 'fine';
		const last = open();
		await last.flush();
		expect(await last.waiting()).toBe(0);
		const told = [...service.facts.values()];
		const targets = new Set(told.flatMap((said) => (said.kind === 'undo' ? [said.target] : [])));
		const stands = told.filter((said) => said.kind !== 'undo' && !targets.has(said.id));
		const meant = tapped.filter((one) => !undone.has(one.id));
		expect(stands.map((said) => said.id).sort()).toEqual(meant.map((one) => one.id).sort());
		for (const one of meant) expect(service.facts.get(one.id)).toMatchObject(one);
		expect(service.stored).toBe(service.facts.size);
	});
});
