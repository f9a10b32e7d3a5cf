/** The driver's calls: a device token in the header, no cookie; every failure is one of three kinds. */

/** The service cannot be reached or cannot answer now: what was asked is asked again, after `after_s` at least. */
export class Away extends Error {
	constructor(readonly after_s = 0) {
		super('Navette ne répond pas pour l’instant.');
	}
}
/** The token is not known (any more): the phone must be enrolled again. */
export class Unknown extends Error {}
/** The service has understood and says no. */
export class Denied extends Error {
	constructor(
		readonly status: number,
		detail: string
	) {
		super(detail);
	}
}

export interface Asked {
	method?: 'GET' | 'POST' | 'PUT';
	body?: unknown;
	timeout_ms?: number;
}
/** Ask `/api/v1` + path, as the phone that has this token; throws `Away`, `Unknown`, `Denied`. */
export type Ask = <T>(path: string, asked?: Asked) => Promise<T>;

export function asker(token: () => string, send: typeof fetch = (...all) => fetch(...all)): Ask {
	return async <T>(path: string, asked: Asked = {}): Promise<T> => {
		const answer = await answered(send, path, asked, token());
		if (answer.ok) return (await read(answer)) as T;
		if (answer.status === 401) throw new Unknown();
		if (answer.status === 408 || answer.status === 429 || answer.status >= 500)
			throw new Away(Number(answer.headers.get('Retry-After')) || 0);
		throw new Denied(answer.status, await detail(answer));
	};
}

async function answered(send: typeof fetch, path: string, asked: Asked, token: string): Promise<Response> {
	const form = asked.body instanceof FormData;
	const headers: Record<string, string> = { Accept: 'application/json' };
	if (token) headers['Authorization'] = `Bearer ${token}`;
	if (asked.body !== undefined && !form) headers['Content-Type'] = 'application/json';
	try {
		return await send(`/api/v1${path}`, {
			method: asked.method ?? 'GET',
			headers,
			credentials: 'omit',
			cache: 'no-store',
			signal: AbortSignal.timeout(asked.timeout_ms ?? 20_000),
			...(asked.body === undefined
				? {}
				: { body: form ? (asked.body as FormData) : JSON.stringify(asked.body) })
		});
	} catch {
		throw new Away();
	}
}

/** The body; one that breaks off, or a captive portal's page, is no answer at all. */
async function read(answer: Response): Promise<unknown> {
	try {
		return await answer.json();
	} catch {
		throw new Away();
	}
}

async function detail(answer: Response): Promise<string> {
	try {
		const told = (await answer.json()) as { detail?: string; title?: string };
		return told.detail || told.title || `Réponse ${answer.status}.`;
	} catch {
		return `Réponse ${answer.status}, sans explication.`;
	}
}
