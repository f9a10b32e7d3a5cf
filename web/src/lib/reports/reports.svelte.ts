/** The report on a period beside the period before it. */
import { api, told } from '#lib/api/client.ts';
import { asProblem, type Problem } from '#lib/api/problem.ts';
import type { ReportOut } from '#lib/api/schema.d.ts';
import { before, type Span } from './periods.ts';

export class Report {
	span = $state<Span>({ first: '', last: '' });
	now = $state.raw<ReportOut | null>(null);
	then = $state.raw<ReportOut | null>(null);
	problem = $state<Problem | null>(null);
	busy = $state(false);
	private asked = 0;

	/** Reads both; an answer that comes after a newer question is dropped. */
	async read(span: Span): Promise<void> {
		const mine = ++this.asked;
		this.span = span;
		this.busy = true;
		try {
			const [now, then] = await Promise.all([report(span), report(before(span))]);
			if (mine !== this.asked) return;
			[this.now, this.then, this.problem] = [now, then, null];
		} catch (thrown) {
			if (mine === this.asked) this.problem = asProblem(thrown);
		} finally {
			if (mine === this.asked) this.busy = false;
		}
	}
}

function report(span: Span): Promise<ReportOut> {
	return told(api.GET('/api/v1/reports', { params: { query: { from: span.first, to: span.last } } }));
}
