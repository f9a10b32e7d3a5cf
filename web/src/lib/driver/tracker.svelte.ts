/** Listens to the phone's position between the start and the end of a round, with a pause. */
import { positionOf, worthKeeping } from './position.ts';
import type { Position } from './store.ts';

export class Tracker {
	on = $state(false);
	paused = $state(false);
	denied = $state(false);
	here = $state.raw<Position | null>(null);
	private last: Position | null = null;
	private watch: number | undefined;

	constructor(private readonly keep: (position: Position) => void) {}

	start(): void {
		if (this.on || !('geolocation' in navigator)) return;
		this.on = true;
		this.listen();
	}

	stop(): void {
		this.on = false;
		this.paused = false;
		this.here = null;
		this.last = null;
		this.deaf();
	}

	pause(paused: boolean): void {
		this.paused = paused;
		if (paused) {
			this.here = null;
			this.deaf();
		} else this.listen();
	}

	private listen(): void {
		if (this.watch !== undefined || this.paused) return;
		this.watch = navigator.geolocation.watchPosition(
			(fix) => this.heard(positionOf(fix)),
			(error) => (this.denied = error.code === error.PERMISSION_DENIED),
			{ enableHighAccuracy: true, maximumAge: 10_000 }
		);
	}

	private deaf(): void {
		if (this.watch !== undefined) navigator.geolocation.clearWatch(this.watch);
		this.watch = undefined;
	}

	private heard(position: Position): void {
		this.denied = false;
		this.here = position;
		if (!worthKeeping(this.last, position)) return;
		this.last = position;
		this.keep(position);
	}
}
