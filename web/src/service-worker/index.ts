/**
 * Starts the driver's phone without network. The page and what it needs are taken from one cache for each version;
 * nothing of the API passes here, the phone's own database has it.
 */
import { self } from '$app/service-worker';
import { version } from '$app/env';

const CACHE = `tournee-${version}`;
const PAGE = '/tournee';
const LIST = '/_app/tournee.json'; // which files the phone needs, written by the build
const MANIFEST = '/tournee.webmanifest';

self.addEventListener('install', (event) => event.waitUntil(precache()));

/** Old versions go when the new one takes over, which the page asks for. */
self.addEventListener('activate', (event) => event.waitUntil(takeOver()));
self.addEventListener('message', (event) => {
	if (event.data === 'now') void self.skipWaiting();
});

self.addEventListener('fetch', (event) => {
	const { request } = event;
	const { origin, pathname } = new URL(request.url);
	if (request.method !== 'GET' || origin !== self.location.origin) return;
	if (request.mode === 'navigate') event.respondWith(kept(PAGE, request));
	else if (pathname.startsWith('/_app/') || pathname === MANIFEST) event.respondWith(kept(pathname, request));
});

/** All or nothing: with one file missing this version is not installed, and the one before goes on. */
async function precache(): Promise<void> {
	const cache = await caches.open(CACHE);
	const list = await fetch(LIST, { cache: 'no-store' });
	const files = (await list.json()) as string[];
	await cache.addAll([PAGE, MANIFEST, ...files].map((path) => new Request(path, { cache: 'no-cache' })));
}

async function takeOver(): Promise<void> {
	for (const name of await caches.keys())
		if (name.startsWith('tournee-') && name !== CACHE) await caches.delete(name);
	await self.clients.claim();
}

/** What is kept, else asked for; the page's own address says which round and which crate, its text is the same. */
async function kept(path: string, request: Request): Promise<Response> {
	const cache = await caches.open(CACHE);
	return (await cache.match(path, { ignoreVary: true })) ?? fetch(request);
}
