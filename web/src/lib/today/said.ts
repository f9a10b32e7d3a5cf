/** What a message says, also where it is a declaration with figures and no text. */
import type { MessageOut } from '#lib/api/schema.d.ts';
import { count, day } from '#lib/words.ts';

const DATE = /^\d{4}-\d{2}-\d{2}$/;

export function saidOf(message: Pick<MessageOut, 'kind' | 'text' | 'facts'>): string {
	const found = declared(message);
	if (!found) return message.text;
	return message.text ? `${found} ${message.text}` : found;
}

function declared({ kind, facts }: Pick<MessageOut, 'kind' | 'facts'>): string {
	const crates = Number(facts['crates'] ?? 0);
	if (kind === 'ready') return crates === 0 ? 'Aucun bac n’est prêt.' : `${count(crates, 'bac')} à prendre.`;
	if (kind === 'received') return `${count(crates, 'bac')} ${crates > 1 ? 'reçus' : 'reçu'}.`;
	if (kind === 'closed') return `Fermeture ${span(String(facts['from'] ?? ''), String(facts['to'] ?? ''))}.`;
	return '';
}

function span(from: string, to: string): string {
	if (!DATE.test(from)) return 'annoncée';
	if (!DATE.test(to) || to === from) return `le ${day(from)}`;
	return `du ${day(from)} au ${day(to)}`;
}

/** The kind of a message in a word; nothing for a plain one. */
export const KIND_WORDS: Record<MessageOut['kind'], string> = {
	text: '',
	ready: 'Bacs prêts',
	closed: 'Fermeture',
	problem: 'Problème',
	received: 'Bacs reçus',
	news: 'Avis envoyé'
};
