import { describe, expect, it } from 'vitest';

import type { RoundProgressOut, VisitProgressOut } from '#lib/api/schema.d.ts';

import { axisOf, lateness, markOf, placeOf, ticksOf, whereIs, willBeLate } from './lines.ts';

const at = (clock: string) => `2026-12-01T${clock}:00+01:00`;

function visit(more: Partial<VisitProgressOut> = {}): VisitProgressOut {
	return {
		visit: 'r/cassel',
		site: 'cassel',
		commune: 'Cassel',
		planned: {
			arrival_at: at('09:10'),
			begin_at: at('09:10'),
			end_at: at('09:15'),
			announced_early_at: at('09:00'),
			announced_late_at: at('09:30'),
			deliver: 2,
			collect: 1
		},
		state: 'nothing',
		skipped: false,
		began_at: null,
		closed_at: null,
		expected_at: null,
		p10_at: null,
		p50_at: null,
		p90_at: null,
		delivered: null,
		picked_up: null,
		...more
	} as VisitProgressOut;
}

function round(more: Partial<RoundProgressOut> = {}): RoundProgressOut {
	return {
		state: 'running',
		planned_start_at: at('09:00'),
		planned_end_at: at('10:10'),
		started_at: null,
		ended_at: null,
		expected_end_at: null,
		visits: [visit()],
		...more
	} as RoundProgressOut;
}

describe('what a visit is marked as', () => {
	it('is late only after the hour that was announced', () => {
		expect(markOf(visit({ state: 'done', began_at: at('09:30') }))).toBe('done');
		expect(markOf(visit({ state: 'done', began_at: at('09:31') }))).toBe('late');
		expect(markOf(visit({ p50_at: at('09:40') }))).toBe('delayed');
		expect(markOf(visit({ p50_at: at('09:20') }))).toBe('coming');
	});
	it('says what became of it otherwise', () => {
		expect(markOf(visit({ state: 'closed' }))).toBe('closed');
		expect(markOf(visit({ skipped: true }))).toBe('skipped');
		expect(markOf(visit({ state: 'arrived' }))).toBe('here');
	});
});

describe('the axis', () => {
	it('holds whole quarters around everything shown', () => {
		const axis = axisOf([round({ started_at: at('08:52'), expected_end_at: at('10:31') })]);
		expect(axis).toEqual({ from: Date.parse(at('08:45')), to: Date.parse(at('10:45')) });
		expect(placeOf(axis, at('09:45'))).toBe(50); // 60 of 120 minutes
		expect(placeOf(axis, at('08:00'))).toBeNull();
		expect(ticksOf(axis)).toHaveLength(4); // 9:00, 9:30, 10:00, 10:30
	});
});

describe('in words', () => {
	it('says delays as people do', () => {
		expect(lateness(90)).toBe('à l’heure');
		expect(lateness(720)).toBe('12\u00a0min de retard');
		expect(lateness(-240)).toBe('4\u00a0min d’avance');
		expect(lateness(null)).toBe('');
	});
	it('says where the van is', () => {
		expect(whereIs(round({ state: 'waiting' }))).toContain('Départ prévu à 9');
		expect(whereIs(round())).toContain('En route vers Cassel');
		expect(whereIs(round({ visits: [visit({ state: 'done' })] }))).toBe('Retour au dépôt');
		expect(willBeLate([round({ visits: [visit({ p50_at: at('09:40') })] })])).toHaveLength(1);
	});
});
