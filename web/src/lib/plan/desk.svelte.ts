/** One plan on the board: as it is drawn, what waits to be stored, what the last change came to, who else was there. */
import type { EditOut, PlanOut } from '#lib/api/schema.d.ts';
import { api, told, versioned } from '#lib/api/client.ts';
import { asProblem, type Problem } from '#lib/api/problem.ts';
import { session } from '#lib/api/session.svelte.ts';
import { answered, applied, sameLayout, type Edit } from './layout.ts';
import { keep, kept, type Step } from './waiting.ts';

/** Somebody else changed the plan: their plan as it stands, and what of ours is not in it. */
export interface Conflict {
	theirs: PlanOut;
	by: string;
	what: string;
	mine: Step[];
}

/** What the last stored change came to, and which visits it touched. */
export interface Outcome {
	say: string;
	told: EditOut;
	at: string[];
}

const AGAIN_MS = 3000;

export class PlanDesk {
	/** As it is drawn: what is stored, with what waits on top. */
	plan = $state.raw<PlanOut | null>(null);
	waiting = $state.raw<Step[]>([]);
	outcome = $state.raw<Outcome | null>(null);
	conflict = $state.raw<Conflict | null>(null);
	problem = $state.raw<Problem | null>(null);
	/** The selected visit (its ref) and what the pointer is over, the same on board and map. */
	selected = $state<string | null>(null);
	hovered = $state<string | null>(null);
	readonly id: string;
	#stored: PlanOut | null = null;
	#etag = '';
	#sending = false;
	#unsure = false; // the last sending broke off: it may have been stored
	#ended = false;
	#again: ReturnType<typeof setTimeout> | undefined;

	constructor(id: string) {
		this.id = id;
	}

	get draft(): boolean {
		return this.plan?.status === 'draft';
	}
	/** Whether what is shown may be changed here. */
	get open(): boolean {
		return this.draft && session.mayChange && !this.conflict;
	}
	get canUndo(): boolean {
		return this.open && (this.waiting.length > 0 || (this.plan?.can_undo ?? false));
	}
	get canRedo(): boolean {
		return this.open && this.waiting.length === 0 && (this.plan?.can_redo ?? false);
	}
	get etag(): string {
		return this.#etag;
	}

	/** Reads the plan; takes up again what was kept from another time. */
	async load(): Promise<void> {
		await this.#try(async () => {
			await this.#read();
			const before = kept(this.id);
			if (!before || !this.draft) return;
			this.waiting = before.steps;
			if (before.etag === this.#etag) {
				this.#draw();
				void this.#send();
			} else await this.#contested('', '');
		});
	}

	/** Reads again what somebody may have changed, unless changes of ours are on their way. */
	async refresh(): Promise<void> {
		if (this.waiting.length > 0 || this.#sending || this.#ended) return;
		await this.#try(async () => {
			const before = this.#etag;
			const { value, etag } = await this.#asked();
			if (this.waiting.length > 0 || etag === before) return;
			this.#take(value, etag);
			this.outcome = null;
		});
	}

	/** Makes a change: drawn at once, stored as soon as those before it are. `say` tells what was done. */
	change(edits: Edit[], say: string): void {
		if (!this.open || edits.length === 0) return;
		this.problem = null;
		this.#push({ kind: 'edits', edits, say });
	}

	/** Takes the last change back; one that is not stored yet never is. */
	undo(): void {
		if (!this.canUndo) return;
		const last = this.waiting[this.waiting.length - 1];
		const unsent = this.waiting.length > 1 || !this.#sending;
		if (last?.kind === 'edits' && unsent) {
			this.waiting = this.waiting.slice(0, -1);
			this.#keep();
			this.#draw();
		} else this.#push({ kind: 'undo' });
	}

	redo(): void {
		if (this.canRedo) this.#push({ kind: 'redo' });
	}

	/** Goes on with what waits: the service answers again, or somebody signed in again. */
	resume(): void {
		if (!session.away && !session.expired) void this.#send();
	}

	/** In a conflict: ours on top of theirs, or theirs alone. */
	settle(mine: boolean): void {
		const conflict = this.conflict;
		if (!conflict) return;
		this.conflict = null;
		this.waiting = mine ? conflict.mine : [];
		this.#keep();
		this.#draw();
		void this.#send();
	}

	/** What is stored once nothing waits any more: what publishing or computing starts from. */
	async settled(): Promise<{ plan: PlanOut; etag: string } | null> {
		while (this.waiting.length > 0 && !this.conflict && !this.problem) {
			await new Promise((resume) => setTimeout(resume, 60));
		}
		return this.#stored && this.waiting.length === 0 ? { plan: this.#stored, etag: this.#etag } : null;
	}

	/** The plan as an answer told it, such as a published one. */
	take(value: PlanOut, etag: string): void {
		this.#take(value, etag);
		this.outcome = null;
	}

	end(): void {
		this.#ended = true;
		clearTimeout(this.#again);
	}

	#push(step: Step): void {
		this.waiting = [...this.waiting, step];
		this.#keep();
		this.#draw();
		void this.#send();
	}

	#draw(): void {
		let drawn = this.#stored;
		for (const step of this.waiting) {
			if (drawn && step.kind === 'edits') drawn = step.edits.reduce(applied, drawn);
		}
		this.plan = drawn;
	}

	#keep(): void {
		keep(this.id, { etag: this.#etag, steps: this.waiting });
	}

	async #send(): Promise<void> {
		if (this.#sending || this.#ended) return;
		this.#sending = true;
		clearTimeout(this.#again);
		try {
			for (let step = this.waiting[0]; step && !this.conflict; step = this.waiting[0]) {
				if (!(await this.#sent(step))) break;
			}
		} finally {
			this.#sending = false;
		}
	}

	/** Sends one step. False: stop here for now. */
	async #sent(step: Step): Promise<boolean> {
		try {
			const answer = await ask(this.id, step, this.#etag);
			this.#stored = this.#stored && answered(this.#stored, answer);
			this.#etag = `"v${answer.version}"`;
			this.#done(step, answer);
			return true;
		} catch (thrown) {
			return this.#failed(step, asProblem(thrown));
		}
	}

	#done(step: Step, answer: EditOut | null): void {
		this.#unsure = false;
		this.waiting = this.waiting.slice(1);
		this.#keep();
		this.#draw();
		if (!answer) return;
		const at = step.kind === 'edits' ? touched(answer, step.edits) : [];
		const say = step.kind === 'edits' ? step.say : step.kind === 'undo' ? 'Annulé' : 'Refait';
		this.outcome = { say, told: answer, at };
	}

	async #failed(step: Step, problem: Problem): Promise<boolean> {
		if (problem.away || problem.status === 401) {
			this.#unsure ||= problem.status === 0;
			this.#again = setTimeout(() => this.resume(), AGAIN_MS);
			return false;
		}
		if (problem.type === 'urn:navette:version-depassee') {
			const stored = problem.told['stored'] as { by?: string; what?: string } | undefined;
			await this.#contested(stored?.by ?? '', stored?.what ?? '', step);
			return !this.conflict;
		}
		this.waiting = []; // what came after was made on top of what was refused
		this.#keep();
		this.problem = problem;
		await this.#try(() => this.#read());
		return false;
	}

	/** The stored plan is another one than ours: unless what stands is what we sent before the line broke. */
	async #contested(by: string, what: string, step?: Step): Promise<void> {
		const before = this.#stored;
		const { value, etag } = await this.#asked();
		const ours =
			this.#unsure &&
			before &&
			step?.kind === 'edits' &&
			sameLayout(step.edits.reduce(applied, before), value);
		this.#stored = value;
		this.#etag = etag;
		if (ours && step) this.#done(step, null);
		else {
			this.conflict = { theirs: value, by, what, mine: this.waiting };
			this.plan = value;
		}
	}

	async #read(): Promise<void> {
		const { value, etag } = await this.#asked();
		this.#take(value, etag);
	}

	#asked(): Promise<{ value: PlanOut; etag: string }> {
		return versioned(api.GET('/api/v1/plans/{plan}', { params: { path: { plan: this.id } } }));
	}

	#take(value: PlanOut, etag: string): void {
		this.#stored = value;
		this.#etag = etag;
		this.#draw();
	}

	async #try(work: () => Promise<void>): Promise<void> {
		try {
			await work();
		} catch (thrown) {
			this.problem = asProblem(thrown);
		}
	}
}

/** Asks the service for one step. */
function ask(plan: string, step: Step, etag: string): Promise<EditOut> {
	const params = { path: { plan }, header: { 'if-match': etag } };
	if (step.kind === 'undo') return told(api.POST('/api/v1/plans/{plan}/undo', { params }));
	if (step.kind === 'redo') return told(api.POST('/api/v1/plans/{plan}/redo', { params }));
	return told(api.POST('/api/v1/plans/{plan}/edits', { params, body: { edits: step.edits } }));
}

/** The refs, as they are now, of the visits that a change moved. */
function touched(answer: EditOut, edits: Edit[]): string[] {
	const refs: string[] = [];
	for (const edit of edits) {
		const round = 'round' in edit ? edit.round : null;
		const site = 'site' in edit ? edit.site : 'visit' in edit ? siteOf(edit.visit) : null;
		const found = answer.rounds.find((one) => one.code === round);
		const visit = found?.visits.find((one) => one.site === site);
		if (visit) refs.push(visit.ref);
		else if ('visit' in edit) refs.push(edit.visit);
	}
	return refs;
}

/** The site that a ref names. */
export function siteOf(ref: string): string {
	return (ref.split('/').pop() ?? '').replace(/~\d+$/, '');
}
