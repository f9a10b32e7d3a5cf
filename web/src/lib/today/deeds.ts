/** What one click on the day's screen does. */
import type {
	ClosureOut,
	DecisionOut,
	IncidentOut,
	MessageOut,
	VisitProgressOut
} from '#lib/api/schema.d.ts';
import { api, told } from '#lib/api/client.ts';
import { clockAt } from '#lib/words.ts';

import { likely } from './lines.ts';

function judged(closure: ClosureOut) {
	return { path: { key: closure.id }, header: { 'if-match': `"v${closure.version}"` } };
}

export const accept = (closure: ClosureOut) =>
	told(api.POST('/api/v1/closures/{key}/accept', { params: judged(closure) }));

export const decline = (closure: ClosureOut) =>
	told(api.POST('/api/v1/closures/{key}/decline', { params: judged(closure) }));

export const withdraw = (closure: ClosureOut) =>
	told(api.POST('/api/v1/closures/{key}/withdraw', { params: judged(closure) }));

export const settle = (incident: IncidentOut, note = '') =>
	told(
		api.POST('/api/v1/incidents/{key}/settle', {
			params: { path: { key: incident.id } },
			body: { note }
		})
	);

export const markRead = (message: MessageOut) =>
	told(api.POST('/api/v1/messages/read', { body: { up_to: message.id } }));

export const write = (site: string, text: string) =>
	told(api.POST('/api/v1/messages', { body: { site, kind: 'text', text, facts: {} } }));

/** What a library is told of a visit that will be late. */
export function warning(visit: VisitProgressOut): string {
	const at = likely(visit);
	const was = visit.planned ? `, au lieu de ${clockAt(visit.planned.begin_at)}` : '';
	return `La navette a du retard : elle passera vers ${at ? clockAt(at) : 'plus tard'}${was}.`;
}

/** Tells a library that the van will be late; `visit` is kept beside, so that nobody tells it twice. */
export const warn = (visit: VisitProgressOut) =>
	told(
		api.POST('/api/v1/messages', {
			body: { site: visit.site, kind: 'news', text: warning(visit), facts: { visit: visit.visit } }
		})
	);

/** The warning that a visit's library was given already. */
export function warned(messages: readonly MessageOut[], decision: DecisionOut): MessageOut | undefined {
	return messages.find((one) => one.kind === 'news' && one.facts['visit'] === decision.visit);
}
