/** Messages → conversations by library, those with something unread first. */
import type { MessageOut } from '#lib/api/schema.d.ts';

export interface Thread {
	site: string;
	last: MessageOut;
	unread: number;
}

/** `messages` come latest first. `counts`: how many are unread by site, also beyond those. */
export function threadsOf(
	messages: readonly MessageOut[],
	counts: Readonly<Record<string, number>>
): Thread[] {
	const found: Record<string, Thread> = {};
	for (const message of messages)
		found[message.site] ??= { site: message.site, last: message, unread: counts[message.site] ?? 0 };
	return Object.values(found).sort(
		(a, b) => Number(b.unread > 0) - Number(a.unread > 0) || b.last.at.localeCompare(a.last.at)
	);
}
