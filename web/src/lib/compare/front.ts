/** What is drawn of a front: its points, the line through those that no other beats, and how far the axes go. */
import type { FrontOut } from '#lib/api/schema.d.ts';

export interface Mark {
	run: string;
	number: number;
	cents: number;
	days: number;
	dominated: boolean;
}

export function marks(front: FrontOut): {
	points: Mark[];
	line: Mark[];
	cents: [number, number];
	days: [number, number];
} {
	const points = front.points.flatMap((one, k) =>
		one.figures
			? [
					{
						run: one.run,
						number: k + 1,
						cents: one.figures.cents,
						days: one.figures.waiting_days,
						dominated: one.dominated
					}
				]
			: []
	);
	const line = points.filter((one) => !one.dominated).sort((a, b) => a.cents - b.cents);
	return {
		points,
		line,
		cents: around(
			points.map((one) => one.cents),
			1000
		),
		days: around(
			points.map((one) => one.days),
			0.1
		)
	};
}

/** The span of some values with a twentieth of air at both ends; at least `least` wide. */
function around(values: number[], least: number): [number, number] {
	const [low, high] = [Math.min(...values), Math.max(...values)];
	const air = Math.max(least, (high - low) / 20);
	return [low - air, high + air];
}
