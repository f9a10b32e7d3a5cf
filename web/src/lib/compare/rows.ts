/** Plans side by side: one row for each figure, the best of each row known. */
import type { CompareOut } from '#lib/api/schema.d.ts';
import { distance, duration, euros, number } from '#lib/words.ts';

export interface Row {
	name: string;
	note: string;
	values: (number | null)[];
	texts: string[];
	/** Which plans are best, by index; empty where all are alike. Less is better in every row. */
	best: number[];
}

const DAY_H = 24;

export function rows(found: CompareOut): Row[] {
	const plans = found.plans;
	const made = [
		row(
			'Coût',
			'aux prix du réseau',
			plans.map((one) => one.cents),
			euros
		),
		row(
			'Distance',
			'',
			plans.map((one) => one.distance_m),
			distance
		),
		row(
			'Temps de navette',
			'de dépôt à dépôt, pauses comprises',
			plans.map((one) => one.duration_s),
			duration
		),
		row(
			'Tournées',
			'',
			plans.map((one) => one.rounds),
			(n) => number(n, 0)
		),
		row(
			'Passages non planifiés',
			'',
			plans.map((one) => one.missing),
			(n) => number(n, 0)
		),
		row(
			'Attente moyenne d’un document',
			'chaque bibliothèque comptant autant',
			plans.map((one) => one.waiting_days),
			days
		),
		row('Délai médian', 'un document sur deux est arrivé', found.delays.median_h, hours),
		row('Délai à 90 %', 'neuf documents sur dix sont arrivés', found.delays.ninety_h, hours)
	];
	if (plans.some((one) => one.kg_co2e !== null))
		made.push(
			row(
				'CO₂e',
				found.co2_source,
				plans.map((one) => one.kg_co2e),
				(kg) => `${number(kg, 0)}\u00a0kg`
			)
		);
	return made;
}

function row(name: string, note: string, values: (number | null)[], say: (value: number) => string): Row {
	const texts = values.map((value) => (value === null ? '–' : say(value)));
	const least = Math.min(...values.filter((value) => value !== null));
	const alike = new Set(texts).size === 1;
	const best = alike ? [] : values.flatMap((value, k) => (value === least ? [k] : []));
	return { name, note, values, texts, best };
}

/** Hours as people count them: « 2 jours 4 h ». */
export function hours(h: number): string {
	const whole = Math.floor(h / DAY_H);
	const rest = h - whole * DAY_H;
	if (whole === 0) return `${rest}\u00a0h`;
	const name = whole === 1 ? 'jour' : 'jours';
	return rest === 0 ? `${whole}\u00a0${name}` : `${whole}\u00a0${name} ${rest}\u00a0h`;
}

function days(value: number): string {
	return `${number(value, 1)}\u00a0jours`;
}
