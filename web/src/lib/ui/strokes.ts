/**
 * Eight ways to draw a round, the same on map, board and paper (`maps/palette.py` says where they come from):
 * a hue, the text colour that reads on it, the hue darkened until it reads on paper, and a dash in pixels.
 */
export interface Stroke {
	hue: string;
	onHue: string;
	deep: string;
	dash: number[];
}

const INK = '#1D2433';
const WHITE = '#FFFFFF';

const STROKES: [Stroke, ...Stroke[]] = [
	{ hue: '#4477AA', onHue: WHITE, deep: '#41719F', dash: [] },
	{ hue: '#CC3311', onHue: WHITE, deep: '#CC3311', dash: [9, 6] },
	{ hue: '#44AA99', onHue: INK, deep: '#2F776B', dash: [0.1, 7] },
	{ hue: '#882255', onHue: WHITE, deep: '#882255', dash: [14, 5, 0.1, 5] },
	{ hue: '#DDAA33', onHue: INK, deep: '#85661F', dash: [4, 5] },
	{ hue: '#332288', onHue: WHITE, deep: '#332288', dash: [20, 6] },
	{ hue: '#66CCEE', onHue: INK, deep: '#387083', dash: [0.1, 4, 0.1, 10] },
	{ hue: '#BB5566', onHue: WHITE, deep: '#B25161', dash: [12, 4, 4, 4] }
];

/** The drawing of the round of that rank in its plan (0-based). */
export function stroke(rank: number): Stroke {
	return STROKES[rank % STROKES.length] ?? STROKES[0];
}
