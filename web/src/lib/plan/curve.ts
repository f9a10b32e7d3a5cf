/** The best cost over time as the path of a small drawing: steps, time to the right, cost upwards. */
export function curve(
	points: { spent_s: number; cost_eur: number }[],
	width: number,
	height: number
): string {
	const last = points[points.length - 1];
	if (!last || points.length < 2) return '';
	const costs = points.map((one) => one.cost_eur);
	const [low, high] = [Math.min(...costs), Math.max(...costs)];
	const x = (at: number) => Math.round((at / Math.max(0.001, last.spent_s)) * (width - 2) + 1);
	const y = (cost: number) => Math.round((1 - (cost - low) / Math.max(0.001, high - low)) * (height - 4) + 2);
	return points
		.map((one, k) =>
			k === 0 ? `M${x(one.spent_s)} ${y(one.cost_eur)}` : `H${x(one.spent_s)}V${y(one.cost_eur)}`
		)
		.join('');
}
