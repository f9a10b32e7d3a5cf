/** The conversations, the one that is open, and the incidents; read again when they change. */
import type { IncidentOut, MessageOut, SiteOut, UnreadOut } from '#lib/api/schema.d.ts';
import { api, told } from '#lib/api/client.ts';
import { asProblem, type Problem } from '#lib/api/problem.ts';
import { listen } from '#lib/live/live.ts';
import { markRead, write } from '#lib/today/deeds.ts';
import { announcer } from '#lib/ui/announce.svelte.ts';

import { threadsOf, type Thread } from './threads.ts';

export class Messages {
	threads = $state.raw<Thread[]>([]);
	thread = $state.raw<MessageOut[]>([]);
	incidents = $state.raw<IncidentOut[]>([]);
	sites = $state.raw<SiteOut[]>([]);
	unread = $state.raw<UnreadOut>({ unread: 0, by_site: {} });
	site = $state('');
	settled = $state(false);
	problem = $state.raw<Problem | null>(null);
	ready = $state(false);

	open(site: string): () => void {
		this.site = site;
		void this.read();
		return listen((change) => {
			if (change === null || change.topic === 'messages' || change.topic === 'incidents') void this.read();
		});
	}

	nameOf(site: string | null): string {
		return this.sites.find((one) => one.code === site)?.name ?? site ?? '';
	}

	async read(): Promise<void> {
		try {
			if (this.sites.length === 0) this.sites = (await told(api.GET('/api/v1/sites'))).items;
			const [all, unread, incidents] = await Promise.all([
				told(api.GET('/api/v1/messages', { params: { query: { limit: 200 } } })),
				told(api.GET('/api/v1/messages/unread')),
				told(
					api.GET('/api/v1/incidents', {
						params: { query: this.settled ? { limit: 100 } : { open: true, limit: 100 } }
					})
				)
			]);
			this.unread = unread;
			this.threads = threadsOf(all.items, unread.by_site);
			this.incidents = incidents.items;
			await this.#thread();
			this.problem = null;
			this.ready = true;
		} catch (thrown) {
			this.problem = asProblem(thrown);
		}
	}

	async choose(site: string): Promise<void> {
		this.site = site;
		this.thread = [];
		await this.act(async () => undefined);
	}

	async act(work: () => Promise<unknown>, said = ''): Promise<boolean> {
		try {
			await work();
		} catch (thrown) {
			this.problem = asProblem(thrown);
			return false;
		}
		if (said) announcer.say(said);
		await this.read();
		return true;
	}

	/** True where it went; what was typed is kept otherwise. */
	send(text: string): Promise<boolean> {
		return this.act(() => write(this.site, text), 'Message envoyé.');
	}

	readAll(): Promise<boolean> {
		const last = this.thread.findLast((one) => one.from_library);
		return last ? this.act(() => markRead(last), 'Conversation marquée comme lue.') : Promise.resolve(true);
	}

	async #thread(): Promise<void> {
		this.site ||= this.threads[0]?.site ?? '';
		const site = this.site;
		if (!site) return;
		const found = await told(api.GET('/api/v1/messages', { params: { query: { site, limit: 100 } } }));
		if (site === this.site) this.thread = found.items.toReversed();
	}
}
