/** Which plans stand beside each other, and a front of plans being computed. */
import { api, told } from '#lib/api/client.ts';
import { asProblem, type Problem } from '#lib/api/problem.ts';
import type { CompareOut, FrontOut, PlanHead } from '#lib/api/schema.d.ts';

const ENDED = new Set(['done', 'failed', 'cancelled', 'stopped']);
const EVERY_MS = 1500;

export class Comparison {
	plans = $state.raw<PlanHead[]>([]);
	found = $state.raw<CompareOut | null>(null);
	front = $state.raw<FrontOut | null>(null);
	problem = $state<Problem | null>(null);
	private timer: ReturnType<typeof setTimeout> | undefined;

	/** The latest plans, to choose from. */
	async list(): Promise<void> {
		await this.tried(async () => {
			this.plans = (await told(api.GET('/api/v1/plans', { params: { query: { limit: 40 } } }))).items;
		});
	}

	/** Two to four plans beside each other. */
	async compare(ids: string[]): Promise<void> {
		this.found = null;
		if (ids.length < 2) return;
		await this.tried(async () => {
			this.found = await told(api.GET('/api/v1/plans/compare', { params: { query: { ids } } }));
		});
	}

	/** Asks for several plans of a week, from the cheapest to the quickest for readers, and follows them. */
	async ask(week: string): Promise<void> {
		await this.tried(async () => {
			this.front = await told(
				api.POST('/api/v1/plan-runs/front', { body: { week, points: 4, seconds: 20, kind: 'week' } })
			);
			this.follow(this.front.front);
		});
	}

	/** Whether some plan of the front is still being computed. */
	get computing(): boolean {
		return this.front?.points.some((one) => !ENDED.has(one.state)) ?? false;
	}

	leave(): void {
		clearTimeout(this.timer);
	}

	private follow(key: string): void {
		clearTimeout(this.timer);
		this.timer = setTimeout(() => {
			void this.tried(async () => {
				this.front = await told(api.GET('/api/v1/plan-runs/front/{key}', { params: { path: { key } } }));
			}).then(() => {
				if (this.computing) this.follow(key);
				else void this.list();
			});
		}, EVERY_MS);
	}

	private async tried(what: () => Promise<void>): Promise<void> {
		try {
			await what();
			this.problem = null;
		} catch (thrown) {
			this.problem = asProblem(thrown);
		}
	}
}
