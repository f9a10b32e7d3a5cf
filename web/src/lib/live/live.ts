/** What changes, when it changes: one stream for the page, however many parts of it listen. */

export interface Change {
	topic: string;
	ref: string | null;
	site: string | null;
}

type Listener = (change: Change | null) => void;

const listeners = new Set<Listener>();
let source: EventSource | null = null;

/** Calls `listener` at each change, and with null when everything should be read again. Returns how to stop. */
export function listen(listener: Listener): () => void {
	listeners.add(listener);
	source ??= open();
	return () => {
		listeners.delete(listener);
		if (listeners.size > 0) return;
		source?.close();
		source = null;
	};
}

function open(): EventSource {
	const made = new EventSource('/api/v1/live');
	let lost = false;
	made.addEventListener('change', (event) =>
		tell(JSON.parse((event as MessageEvent<string>).data) as Change)
	);
	made.addEventListener('reload', () => tell(null));
	// A stream that broke has numbers to resume from; a service that is new does not know them.
	made.addEventListener('hello', () => {
		if (lost) tell(null);
		lost = false;
	});
	made.addEventListener('error', () => (lost = true));
	return made;
}

function tell(change: Change | null): void {
	for (const listener of listeners) listener(change);
}
