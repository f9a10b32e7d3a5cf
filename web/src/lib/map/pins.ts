/** What stands on the map besides lines: stops, depots and vans, as elements of the page. */
import type { Stroke } from '#lib/ui/strokes.ts';
import { clock, count } from '#lib/words.ts';
import type { Halt } from './rounds.ts';

/**
 * A numbered stop. The board, or another list, is its way by keyboard: stops on the map are no second way to tab
 * through, and screen readers are spared them.
 */
export function stopPin(
	halt: Halt,
	stroke: Stroke,
	onselect: () => void,
	onhover: (over: boolean) => void
): HTMLElement {
	const pin = coloured('pin', stroke);
	pin.append(String(halt.number));
	const name = document.createElement('span');
	name.className = 'name';
	name.textContent = `${halt.commune} ${clock(halt.begin_s)}`;
	pin.append(name);
	pin.setAttribute('aria-hidden', 'true');
	pin.addEventListener('click', (event) => {
		event.stopPropagation();
		onselect();
	});
	pin.addEventListener('pointerenter', () => onhover(true));
	pin.addEventListener('pointerleave', () => onhover(false));
	return pin;
}

export function paintPin(pin: HTMLElement, chosen: boolean, over: boolean): void {
	pin.classList.toggle('chosen', chosen);
	pin.classList.toggle('over', over);
}

export function depotPin(halt: Halt): HTMLElement {
	const pin = document.createElement('div');
	pin.className = 'depot';
	pin.title = `Dépôt, ${halt.commune}`;
	pin.setAttribute('aria-hidden', 'true');
	return pin;
}

/** A van with the crates aboard. */
export function vanPin(stroke: Stroke, load: number | null): HTMLElement {
	const pin = coloured('van', stroke);
	pin.textContent = load === null ? '▸' : count(load, 'bac');
	pin.setAttribute('aria-hidden', 'true');
	return pin;
}

function coloured(kind: string, stroke: Stroke): HTMLElement {
	const element = document.createElement('div');
	element.className = kind;
	element.style.setProperty('--hue', stroke.hue);
	element.style.setProperty('--on-hue', stroke.onHue);
	return element;
}
