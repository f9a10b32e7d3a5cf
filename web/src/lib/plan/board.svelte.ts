/** What is being carried over the board, by pointer or by keys, and where it would land. */
import { announcer } from '#lib/ui/announce.svelte.ts';
import { weekday } from '#lib/words.ts';
import { carried, TRAY, type Key } from './carry.ts';
import type { PlanDesk } from './desk.svelte.ts';
import { daysOf, visitOf, type Edit, type Place } from './layout.ts';
import { names } from './names.svelte.ts';
import { halfDay } from './say.ts';

/** A visit of a round (`ref`), or one that is owed and not planned (`ref` empty). */
export interface Carried {
	ref: string;
	site: string;
	from: Place;
}

export class Board {
	carry = $state.raw<Carried | null>(null);
	at = $state.raw<Place | null>(null);
	byKeys = $state(false);
	readonly desk: PlanDesk;
	readonly days = $derived.by(() => (this.desk.plan ? daysOf(this.desk.plan) : []));

	constructor(desk: PlanDesk) {
		this.desk = desk;
	}

	/** Takes up a visit; `byKeys` says so, and how to go on. */
	pick(what: Carried, byKeys: boolean): void {
		if (!this.desk.open) return;
		this.carry = what;
		this.byKeys = byKeys;
		this.at = byKeys ? what.from : null;
		if (byKeys) {
			announcer.say(
				`${names.site(what.site)} : pris. Flèches pour déplacer, Entrée pour poser, Échap pour laisser où il était.`
			);
		}
	}

	/** Moves what is carried by an arrow key. */
	step(key: Key): void {
		if (!this.carry || !this.at) return;
		this.at = carried(this.days, this.at, key, this.carry.ref);
		announcer.say(this.tell(this.at));
	}

	/** Puts down what is carried. The place where it now stands, null where nothing changed. */
	drop(place: Place | null = this.at): Place | null {
		const what = this.carry;
		this.cancel(false);
		if (!what || !place || samePlace(what.from, place)) return null;
		const edit = dropped(what, place);
		if (!edit) return null;
		this.desk.change([edit], `${names.site(what.site)} : ${this.tell(place)}`);
		announcer.say(`${names.site(what.site)} posé : ${this.tell(place)}.`);
		return place;
	}

	cancel(say = true): void {
		if (this.carry && say) announcer.say(`${names.site(this.carry.site)} reste où il était.`);
		this.carry = null;
		this.at = null;
	}

	/** « mardi matin, 3ᵉ passage sur 12 ». */
	tell(place: Place): string {
		if (place.round === TRAY.round) return 'parmi les passages non planifiés';
		const plan = this.desk.plan;
		const round = plan?.rounds.find((one) => one.code === place.round);
		const possible = plan?.possible.find((one) => one.code === place.round);
		const found = round ?? possible;
		if (!found) return '';
		const others = round?.visits.filter((one) => one.ref !== this.carry?.ref).length ?? 0;
		return `${weekday(found.day)} ${halfDay(found).toLowerCase()}, ${names.vehicle(found.vehicle)}, passage ${place.number} sur ${others + 1}`;
	}
}

/** The change that puts something down; null where it would change nothing. */
export function dropped(what: Carried, place: Place): Edit | null {
	const number = Math.max(1, place.number);
	if (place.round === TRAY.round) return what.ref ? { kind: 'take_out', visit: what.ref } : null;
	if (what.ref) return { kind: 'move', visit: what.ref, round: place.round, number };
	return { kind: 'add', site: what.site, round: place.round, number };
}

export function samePlace(one: Place | null, other: Place | null): boolean {
	return one?.round === other?.round && one?.number === other?.number;
}

/** What is carried when a visit of a plan is taken up. */
export function carryOf(desk: PlanDesk, ref: string): Carried | null {
	const found = desk.plan && visitOf(desk.plan, ref);
	if (!found) return null;
	const { round, visit } = found;
	return { ref, site: visit.site, from: { round: round.code, number: visit.number } };
}
