/** What the service says when something does not work (RFC 9457), as a value that can be thrown and shown. */

export interface Finding {
	where?: string;
	what: string;
}

export interface Told {
	status: number;
	type: string;
	title: string;
	detail: string;
	[more: string]: unknown;
}

export class Problem extends Error {
	readonly status: number;
	readonly type: string;
	readonly title: string;
	readonly detail: string;
	/** Everything else that it told, such as `errors` or both versions of a conflict. */
	readonly told: Told;

	constructor(told: Told) {
		super(told.detail || told.title);
		this.name = 'Problem';
		this.told = told;
		this.status = told.status;
		this.type = told.type;
		this.title = told.title;
		this.detail = told.detail;
	}

	/** The service could not be reached at all: what was asked may be asked again. */
	get away(): boolean {
		return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504;
	}
}

/** Any answer that is no success → a problem, also when it is not one of ours (a proxy's page, say). */
export function problemOf(status: number, body: unknown): Problem {
	if (typeof body === 'object' && body !== null && 'title' in body) {
		const given = body as Partial<Told>;
		return new Problem({
			...given,
			status,
			type: given.type ?? 'about:blank',
			title: given.title ?? '',
			detail: given.detail ?? ''
		});
	}
	return new Problem({
		status,
		type: 'about:blank',
		title: 'Navette n’a pas pu répondre',
		detail: `Réponse ${status}, sans explication. Rien n'a été changé ; réessayez dans un moment.`
	});
}

/** Whatever was thrown → a problem. */
export function asProblem(thrown: unknown): Problem {
	if (thrown instanceof Problem) return thrown;
	return new Problem({
		status: -1,
		type: 'about:blank',
		title: 'Cette page s’est trompée',
		detail: `${thrown instanceof Error ? thrown.message : String(thrown)}. Rechargez la page ; ce qui était enregistré l'est toujours.`
	});
}
