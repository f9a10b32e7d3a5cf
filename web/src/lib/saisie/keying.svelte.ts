/** A sheet being keyed in: kept at every key, sent block by block, resumed wherever it was left. */
import { Problem, asProblem } from '#lib/api/problem.ts';

import {
	blockOf,
	isKeyed,
	keep,
	load,
	resumed,
	rowsOf,
	same,
	waiting,
	type Draft,
	type Row,
	type Square
} from './draft.ts';
import type { Block, Sheet } from './shapes.ts';

/** How a sheet comes from the service and goes there; both throw a `Problem`. */
export interface Door {
	read: (code: string) => Promise<Sheet>;
	write: (code: string, blocks: Block[]) => Promise<Sheet>;
}

const AGAIN_MS = 10_000;

export class Keying {
	sheet = $state<Sheet | null>(null);
	rows = $state<Row[]>([]);
	/** What the service said of blocks that it would not take, by visit. */
	refused = $state<Record<string, string>>({});
	problem = $state<Problem | null>(null);
	/** The browser keeps nothing: what is not sent would be lost with the page. */
	forgetful = $state(false);
	sending = $state(false);

	readonly code: string;
	readonly #door: Door;
	readonly #storage: Storage;
	#over = false;
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(code: string, door: Door, storage: Storage = localStorage) {
		this.code = code;
		this.#door = door;
		this.#storage = storage;
	}

	get done(): number {
		return this.rows.filter((row) => row.done).length;
	}

	get waiting(): number {
		return waiting(this.rows).length;
	}

	/** Reads the sheet; where the service is away, the one that this browser kept with what is not sent. */
	async open(): Promise<void> {
		const kept = load(this.code, this.#storage);
		try {
			this.#take(await this.#door.read(this.code), kept.draft);
			this.problem = null;
		} catch (thrown) {
			this.problem = asProblem(thrown);
			if (kept.sheet && this.problem.away) this.#take(kept.sheet, kept.draft);
		}
		void this.send();
	}

	/** Something was typed in a square. */
	type(row: Row, square: Square, text: string): void {
		row[square] = text;
		this.#changed(row);
	}

	/** The door was closed: no crate changed hands. */
	close(row: Row, closed: boolean): void {
		Object.assign(row, closed ? { delivered: '', picked_up: '', empties: '', closed } : { closed });
		this.#changed(row);
	}

	/** Shows an hour that was read as people write it. */
	spell(row: Row, hour: string): void {
		row.time = hour.replace(':', ' h ');
	}

	#changed(row: Row): void {
		row.touched = true;
		row.sent = false;
		if (this.refused[row.visit]) this.refused = { ...this.refused, [row.visit]: '' };
		this.#keep();
	}

	/** The hand has gone through the row's last square. */
	finish(row: Row): void {
		row.done = true;
		row.touched = false;
		this.#keep();
		void this.send();
	}

	/** Nothing is on the paper for this row, or what was keyed in is to be taken back. */
	async empty(row: Row): Promise<void> {
		const known = row.sent || this.sheet?.visits.some((one) => one.visit === row.visit && isKeyed(one));
		Object.assign(row, {
			delivered: '',
			picked_up: '',
			empties: '',
			time: '',
			closed: false,
			touched: false
		});
		row.done = known ?? false;
		row.sent = false;
		this.#keep();
		if (row.done) await this.send();
	}

	/** Sends what waits, one request at a time; tried again by itself while the service is away. */
	async send(): Promise<void> {
		clearTimeout(this.#timer);
		const rows = waiting(this.rows);
		if (this.sending || this.#over || rows.length === 0) return;
		this.sending = true;
		const told = $state.snapshot(rows);
		try {
			this.#took(await this.#door.write(this.code, told.map(blockOf)), told);
			this.problem = null;
		} catch (thrown) {
			await this.#failed(asProblem(thrown), told);
		} finally {
			this.sending = false;
		}
		if (this.#over) return;
		if (this.problem?.away) this.#timer = setTimeout(() => void this.send(), AGAIN_MS);
		else if (!this.problem && this.waiting > 0) await this.send();
	}

	/** Reads the sheet again and keeps what is typed. */
	async again(): Promise<void> {
		const sheet = await this.#door.read(this.code);
		this.#take(sheet, { code: this.code, rows: $state.snapshot(this.rows) });
	}

	/** The page is left: another one sends what waits, as the browser keeps it. */
	stop(): void {
		this.#over = true;
		clearTimeout(this.#timer);
	}

	#take(sheet: Sheet, draft: Draft | null): void {
		this.sheet = sheet;
		this.rows = resumed(sheet, draft);
	}

	/** What was sent is the service's; what was typed meanwhile stays. */
	#took(sheet: Sheet, told: Row[]): void {
		this.sheet = sheet;
		const fresh = rowsOf(sheet);
		for (const one of told) {
			const row = this.rows.find((other) => other.visit === one.visit);
			if (!row || !same(row, one)) continue;
			const stored = fresh.find((other) => other.visit === one.visit);
			if (stored?.done) Object.assign(row, stored);
			else Object.assign(row, { done: false, sent: false, touched: false });
		}
		this.#keep();
	}

	/** Where one block of several is refused, each is sent by itself, so that one error keeps no other out. */
	async #failed(problem: Problem, told: Row[]): Promise<void> {
		if (problem.status !== 422) {
			this.problem = problem;
			return;
		}
		for (const one of told) {
			try {
				this.#took(await this.#door.write(this.code, [blockOf(one)]), [one]);
			} catch (thrown) {
				const own = asProblem(thrown);
				if (own.status !== 422) {
					this.problem = own;
					return;
				}
				this.refused[one.visit] = own.detail;
				const row = this.rows.find((other) => other.visit === one.visit);
				if (row) Object.assign(row, { done: false, touched: true });
			}
		}
		this.#keep();
	}

	#keep(): void {
		if (this.sheet && !this.#over) {
			this.forgetful = !keep(
				this.code,
				$state.snapshot(this.rows),
				$state.snapshot(this.sheet),
				this.#storage
			);
		}
	}
}
