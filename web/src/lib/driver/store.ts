/**
 * What the phone keeps (IndexedDB): facts, photos, positions, the rounds it downloaded, and a few settings.
 * A fact is one row from the tap on; it waits until the service has said that it has it.
 */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { ScanKind } from '#lib/api/schema.d.ts';

/** A fact as it is told, without the hour of its sending, which is renewed each time. */
export interface Fact {
	id: string;
	kind: ScanKind;
	visit: string;
	occurred_at: string;
	count?: number;
	crate?: string;
	target?: string;
	retimed_to?: string;
	text?: string;
}
export interface Incident {
	id: string;
	visit: string;
	text: string;
	occurred_at: string;
}
export interface Photo {
	id: string;
	incident: string;
	picture: ArrayBuffer; // a JPEG; not a Blob, which some browsers lose from their database
}
export type Payload = { fact: Fact } | { incident: Incident } | { photo: Photo };

/** `seq` is the order of the taps, whatever the clock did meanwhile. `driver` tapped it. */
export interface Tap {
	seq?: number;
	id: string;
	driver: string;
	payload: Payload;
	/** How often it was handed to the network; a fact of none may still be dropped. */
	tries: number;
	state: 'waiting' | 'sent' | 'refused';
	reason: string;
}
export interface Position {
	at: string;
	lat: number;
	lon: number;
	accuracy_m?: number;
	speed_mps?: number;
	heading_deg?: number;
}

interface Shelves extends DBSchema {
	taps: { key: number; value: Tap; indexes: { state: string; id: string } };
	positions: { key: number; value: Position };
	rounds: { key: string; value: unknown };
	settings: { key: string; value: unknown };
}
export type Store = IDBPDatabase<Shelves>;

export function openStore(name = 'navette-tournee'): Promise<Store> {
	return openDB<Shelves>(name, 1, {
		upgrade(db) {
			const taps = db.createObjectStore('taps', { keyPath: 'seq', autoIncrement: true });
			taps.createIndex('state', 'state');
			taps.createIndex('id', 'id', { unique: true });
			db.createObjectStore('positions', { autoIncrement: true });
			db.createObjectStore('rounds');
			db.createObjectStore('settings');
		},
		blocking(_current, _blocked, event) {
			(event.target as IDBDatabase).close(); // another tab brings a newer shape: let it
		}
	});
}

export async function setting<T>(store: Store, key: string): Promise<T | undefined> {
	return (await store.get('settings', key)) as T | undefined;
}

/** Write or, with `undefined`, forget a setting. */
export async function keepSetting(store: Store, key: string, value: unknown): Promise<void> {
	if (value === undefined) await store.delete('settings', key);
	else await store.put('settings', value, key);
}

/** Old facts that the service has, to make room or because nobody looks at them any more. */
export async function sweep(store: Store, keepLast = 0): Promise<void> {
	const shelf = store.transaction('taps', 'readwrite');
	const sent = await shelf.store.index('state').getAllKeys('sent');
	for (const seq of sent.slice(0, Math.max(0, sent.length - keepLast))) await shelf.store.delete(seq);
	await shelf.done;
}
