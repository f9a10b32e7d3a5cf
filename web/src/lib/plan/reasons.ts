/** Why a visit stands where it does, and what could be done about one that is missing: asked of the service. */
import { problemOf } from '#lib/api/problem.ts';
import type { Edit } from './layout.ts';

export interface WhyMove {
	sentence: string;
	edit: Edit;
}

export interface VisitWhy {
	ref: string;
	sentence: string;
	earlier_s: number | null;
	later_s: number | null;
	moves: WhyMove[];
}

export interface Why {
	sentences: string[];
	visits: VisitWhy[];
}

export interface Remedies {
	reason: string;
	remedies: { sentence: string; breaks: string[]; edits: Edit[] }[];
}

export async function whyOf(plan: string, round: string): Promise<Why> {
	return (await read(`/api/v1/plans/${plan}/rounds/${encodeURIComponent(round)}/why`)) as Why;
}

export async function remediesOf(plan: string, site: string): Promise<Remedies> {
	return (await read(`/api/v1/plans/${plan}/unplanned/${encodeURIComponent(site)}/remedies`)) as Remedies;
}

async function read(address: string): Promise<unknown> {
	const answer = await fetch(address);
	const body: unknown = await answer.json().catch(() => null);
	if (!answer.ok) throw problemOf(answer.status, body);
	return body;
}
