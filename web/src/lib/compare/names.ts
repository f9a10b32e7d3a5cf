/** What a plan is called in a list. */
import type { PlanHead } from '#lib/api/schema.d.ts';
import { week } from '#lib/words.ts';

const STATES: Record<PlanHead['status'], string> = {
	draft: 'brouillon',
	published: 'publié',
	superseded: 'remplacé',
	discarded: 'écarté'
};

export function planName(plan: PlanHead): string {
	return plan.title || `Planning ${plan.number}`;
}

export function planNote(plan: PlanHead): string {
	const when = plan.kind === 'template' ? 'semaine type' : week(plan.week);
	return `n° ${plan.number}, ${STATES[plan.status]}, ${when}`;
}
