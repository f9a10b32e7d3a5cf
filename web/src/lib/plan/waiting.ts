/** Changes that the service has not answered yet, kept in the browser so that a closed page loses none. */
import type { Edit } from './layout.ts';

export type Step = { kind: 'edits'; edits: Edit[]; say: string } | { kind: 'undo' } | { kind: 'redo' };

/** What waits for a plan, and the version of the plan on which the first of it was made. */
export interface Kept {
	etag: string;
	steps: Step[];
}

const PREFIX = 'navette.brouillon.';

/** What was kept for a plan; null where there is nothing, or nothing readable. */
export function kept(plan: string, store: Storage = localStorage): Kept | null {
	try {
		const found = JSON.parse(store.getItem(PREFIX + plan) ?? 'null') as Kept | null;
		return found && Array.isArray(found.steps) && found.steps.length > 0 ? found : null;
	} catch {
		return null;
	}
}

/** Keeps what waits; nothing left: forgets the plan. Without storage the page itself still has it. */
export function keep(plan: string, waiting: Kept, store: Storage = localStorage): void {
	try {
		if (waiting.steps.length === 0) store.removeItem(PREFIX + plan);
		else store.setItem(PREFIX + plan, JSON.stringify(waiting));
	} catch {
		return;
	}
}
