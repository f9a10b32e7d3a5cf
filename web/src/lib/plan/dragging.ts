/** Dragging with a pointer: what can be dragged, where it can be dropped. The board hears of it all in one place. */
import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine';
import {
	draggable,
	dropTargetForElements,
	monitorForElements
} from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { autoScrollForElements } from '@atlaskit/pragmatic-drag-and-drop-auto-scroll/element';
import type { Attachment } from 'svelte/attachments';

import type { Board, Carried } from './board.svelte.ts';
import type { Place } from './layout.ts';

/** Something that can be taken up. */
export function dragged(board: Board, what: () => Carried | null): Attachment<HTMLElement> {
	return (element) =>
		draggable({
			element,
			canDrag: () => board.desk.open,
			getInitialData: () => ({ carried: what() })
		});
}

/** A card on which something can be dropped: before it in its upper half, after it in its lower. */
export function besideCard(place: (after: boolean) => Place): Attachment<HTMLElement> {
	return (element) =>
		dropTargetForElements({
			element,
			getData: ({ input }) => {
				const box = element.getBoundingClientRect();
				return { place: place(input.clientY > box.top + box.height / 2) };
			}
		});
}

/** Anything else on which something can be dropped. */
export function droppable(place: () => Place): Attachment<HTMLElement> {
	return (element) => dropTargetForElements({ element, getData: () => ({ place: place() }) });
}

/** A list that scrolls by itself when something is dragged to its edge. */
export const scrolling: Attachment<HTMLElement> = (element) => autoScrollForElements({ element });

/** The board: follows what is dragged and puts it down. */
export function following(board: Board): Attachment<HTMLElement> {
	return () =>
		combine(
			monitorForElements({
				onDragStart: ({ source }) => {
					const what = source.data['carried'] as Carried | null;
					if (what) board.pick(what, false);
				},
				onDrag: ({ location }) => {
					const place = (location.current.dropTargets[0]?.data['place'] as Place | undefined) ?? null;
					if (place?.round !== board.at?.round || place?.number !== board.at?.number) board.at = place;
				},
				onDrop: ({ location }) => {
					const place = (location.current.dropTargets[0]?.data['place'] as Place | undefined) ?? null;
					board.drop(place);
				}
			})
		);
}
