/** Plans in a list. */
import type { PlanHead, PlanStatus } from '#lib/api/schema.d.ts';

const STATUS: Record<PlanStatus, string> = {
	draft: 'brouillon',
	published: 'publié',
	superseded: 'remplacé',
	discarded: 'écarté'
};

/** « brouillon n° 14 – Rentrée ». */
export function standing(plan: Pick<PlanHead, 'status' | 'number' | 'title'>): string {
	return `${STATUS[plan.status]} n°\u00a0${plan.number}${plan.title ? ` – ${plan.title}` : ''}`;
}

export interface WeekOfPlans {
	week: string;
	plans: PlanHead[];
}

/** Plans by week, the latest week first; in a week what is published first, then the newest drafts. */
export function byWeek(plans: PlanHead[]): WeekOfPlans[] {
	const weeks = new Map<string, PlanHead[]>();
	for (const plan of plans) weeks.set(plan.week, [...(weeks.get(plan.week) ?? []), plan]);
	const rank = (plan: PlanHead) => (plan.status === 'published' ? 0 : plan.status === 'draft' ? 1 : 2);
	return [...weeks]
		.map(([week, found]) => ({ week, plans: found.sort((a, b) => rank(a) - rank(b) || b.number - a.number) }))
		.sort((a, b) => b.week.localeCompare(a.week));
}
