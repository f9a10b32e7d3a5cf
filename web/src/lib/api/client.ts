/** The one door to the service: typed after its OpenAPI, with the session's CSRF token on what changes something. */
import createClient, { type Middleware } from 'openapi-fetch';

import type { paths } from './schema.d.ts';

import { session } from './session.svelte.ts';
import { Problem, problemOf } from './problem.ts';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

const access: Middleware = {
	onRequest({ request }) {
		if (!SAFE.has(request.method) && session.csrf) request.headers.set('X-CSRF-Token', session.csrf);
		return request;
	},
	onResponse({ response }) {
		if (response.status === 401) session.expired = true;
		session.away = false;
		return undefined;
	},
	onError({ error }) {
		session.away = true;
		return new Problem({
			status: 0,
			type: 'urn:navette:hors-ligne',
			title: 'Navette ne répond pas',
			detail: `La demande n'est pas partie (${error instanceof Error ? error.message : 'réseau coupé'}). Rien n'a été changé : réessayez quand le réseau est revenu.`
		});
	}
};

export const api = createClient<paths>({ baseUrl: '' });
api.use(access);

/** What an answer holds; throws its `Problem` where it is one. */
export async function told<D, E, R extends Response>(
	asked: Promise<{ data?: D; error?: E; response: R }>
): Promise<D> {
	const { data, error, response } = await asked;
	if (response.ok) return data as D;
	throw problemOf(response.status, error);
}

/** The same with the answer's version, to be sent back as `If-Match`. */
export async function versioned<D, E, R extends Response>(
	asked: Promise<{ data?: D; error?: E; response: R }>
): Promise<{ value: D; etag: string }> {
	const { data, error, response } = await asked;
	if (!response.ok) throw problemOf(response.status, error);
	return { value: data as D, etag: response.headers.get('etag') ?? '' };
}
