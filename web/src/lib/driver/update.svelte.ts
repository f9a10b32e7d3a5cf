/** The app's own updates: fetched beside, put in place only when nobody is in the middle of something. */
class Update {
	ready = $state(false);
	private next: ServiceWorker | null = null;

	/** Registered for the phone's addresses only; the desk never sees it. */
	async watch(): Promise<void> {
		if (!('serviceWorker' in navigator)) return;
		const had = !!navigator.serviceWorker.controller;
		navigator.serviceWorker.addEventListener('controllerchange', () => {
			if (had && this.next) location.reload();
		});
		const found = await navigator.serviceWorker
			.register('/service-worker.js', { scope: '/tournee', type: 'module' })
			.catch(() => null);
		if (!found) return;
		const look = () => {
			const { waiting } = found;
			if (!waiting || !navigator.serviceWorker.controller) return;
			this.next = waiting;
			this.ready = true;
		};
		look();
		found.addEventListener('updatefound', () => found.installing?.addEventListener('statechange', look));
	}

	apply(): void {
		this.next?.postMessage('now');
	}
}

export const update = new Update();
