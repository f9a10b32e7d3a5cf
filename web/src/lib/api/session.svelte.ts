/** Who is at this browser, and whether the service can be reached. */
import type { MeOut } from './schema.d.ts';

class Session {
	me = $state<MeOut | null>(null);
	/** The session has ended while this page was open: what is on it is kept until somebody signs in again. */
	expired = $state(false);
	/** The last request did not reach the service. */
	away = $state(false);

	get csrf(): string {
		return this.me?.csrf ?? '';
	}

	/** Whether this person may change plans, not only read them. */
	get mayChange(): boolean {
		return this.me?.role === 'coordinator';
	}

	/** Asks who one is. False where nobody is signed in, or the service is away. */
	async refresh(): Promise<boolean> {
		try {
			const answer = await fetch('/api/v1/me', { headers: { accept: 'application/json' } });
			this.away = false;
			if (!answer.ok) return false;
			this.me = (await answer.json()) as MeOut;
			this.expired = false;
			return true;
		} catch {
			this.away = true;
			return false;
		}
	}
}

export const session = new Session();

/** Where to sign in, and come back from. */
export function signInAddress(back: string): string {
	return `/connexion?suite=${encodeURIComponent(back)}`;
}
