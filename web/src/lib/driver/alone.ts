/** One tab at a time sends. Where the browser has no locks, a lease in the database does; two senders would do no harm. */
import type { Alone } from './outbox.ts';
import { keepSetting, setting, type Store } from './store.ts';

const LEASE_MS = 60_000;

export function alone(store: Store): Alone {
	if (typeof navigator !== 'undefined' && 'locks' in navigator)
		return (work) =>
			navigator.locks.request('navette.envoi', { ifAvailable: true }, (lock) => (lock ? work() : undefined));
	return leased(store);
}

/** A lease that ends by itself; one further away than a lease is long comes from a clock set back, and is void. */
export function leased(store: Store, now: () => number = Date.now): Alone {
	return async (work) => {
		const until = (await setting<number>(store, 'lease')) ?? 0;
		if (until > now() && until <= now() + LEASE_MS) return;
		await keepSetting(store, 'lease', now() + LEASE_MS);
		try {
			await work();
		} finally {
			await keepSetting(store, 'lease', undefined);
		}
	};
}
