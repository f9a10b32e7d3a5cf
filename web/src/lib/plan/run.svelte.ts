/** A calculation under way: asked for, followed, stopped. */
import type { PlanRunWhole } from '#lib/api/schema.d.ts';
import { api, told } from '#lib/api/client.ts';
import { asProblem, type Problem } from '#lib/api/problem.ts';

const LOOK_MS = 700;
const OPEN = new Set(['queued', 'waiting', 'running', 'stopping']);

export class Run {
	now = $state.raw<PlanRunWhole | null>(null);
	problem = $state.raw<Problem | null>(null);
	asking = $state(false);
	#ended = false;

	get under_way(): boolean {
		return this.asking || (this.now !== null && this.now.ended_at === null);
	}

	/** Computes the week anew; what is locked in `base` stays. Resolves to the plan that came out, if one did. */
	async begin(week: string, base: string, seconds: number): Promise<string | null> {
		this.asking = true;
		this.problem = null;
		this.now = null;
		try {
			const started = await told(
				api.POST('/api/v1/plan-runs', {
					body: { week, base, seconds, kind: 'week', engine: 'periodic', seed: 1 }
				})
			);
			this.asking = false;
			return await this.#follow(started.id);
		} catch (thrown) {
			this.problem = asProblem(thrown);
			return null;
		} finally {
			this.asking = false;
		}
	}

	/** Keeps the best plan found so far. */
	async stop(): Promise<void> {
		await this.#tell('/api/v1/plan-runs/{run}/stop');
	}

	async cancel(): Promise<void> {
		await this.#tell('/api/v1/plan-runs/{run}/cancel');
	}

	end(): void {
		this.#ended = true;
	}

	async #follow(id: string): Promise<string | null> {
		while (!this.#ended) {
			try {
				this.now = await told(api.GET('/api/v1/plan-runs/{run}', { params: { path: { run: id } } }));
			} catch (thrown) {
				if (!asProblem(thrown).away) throw thrown; // it goes on without us: look again
			}
			if (this.now?.ended_at && !OPEN.has(this.now.state)) return this.now.plan;
			await new Promise((resume) => setTimeout(resume, LOOK_MS));
		}
		return null;
	}

	async #tell(path: '/api/v1/plan-runs/{run}/stop' | '/api/v1/plan-runs/{run}/cancel'): Promise<void> {
		if (!this.now) return;
		try {
			await told(api.POST(path, { params: { path: { run: this.now.id } } }));
		} catch (thrown) {
			this.problem = asProblem(thrown);
		}
	}
}
