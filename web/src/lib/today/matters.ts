/** What needs a decision on a day, whatever it is, most urgent first. */
import type {
	ClosureOut,
	DayOut,
	DecisionOut,
	EffectOut,
	IncidentOut,
	MessageOut
} from '#lib/api/schema.d.ts';

export type Matter =
	| { type: 'road'; key: string; decision: DecisionOut }
	| { type: 'closure'; key: string; closure: ClosureOut; effect: EffectOut | null }
	| { type: 'incident'; key: string; incident: IncidentOut }
	| { type: 'message'; key: string; message: MessageOut; unread: number };

interface Waiting {
	board: DayOut | null;
	pending: readonly { closure: ClosureOut; effect: EffectOut | null }[];
	incidents: readonly IncidentOut[];
	messages: readonly MessageOut[];
}

const AT_ONCE = new Set(['problem', 'silent', 'late']);

/** The road first where somebody waits on it, then what libraries ask, then what can be mended in the evening. */
export function mattersOf({ board, pending, incidents, messages }: Waiting): Matter[] {
	const road = (board?.decisions ?? []).map((decision, k) => ({
		type: 'road' as const,
		key: `${decision.matter} ${decision.round} ${decision.visit} ${k}`,
		decision
	}));
	return [
		...road.filter((one) => AT_ONCE.has(one.decision.matter)),
		...incidents.map((incident) => ({ type: 'incident' as const, key: incident.id, incident })),
		...pending.map((one) => ({ type: 'closure' as const, key: one.closure.id, ...one })),
		...unreadOf(messages),
		...road.filter((one) => !AT_ONCE.has(one.decision.matter))
	];
}

/** The latest unread message of each library; messages come latest first. */
function unreadOf(messages: readonly MessageOut[]): Matter[] {
	const found: Record<string, Extract<Matter, { type: 'message' }>> = {};
	for (const message of messages) {
		if (!message.from_library || message.read_at !== null) continue;
		const known = found[message.site];
		if (known) known.unread += 1;
		else found[message.site] = { type: 'message', key: message.id, message, unread: 1 };
	}
	return Object.values(found);
}
