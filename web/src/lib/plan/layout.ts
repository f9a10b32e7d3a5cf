/**
 * A plan as the board shows it, and what a change makes of it before the service has answered.
 *
 * Refs of visits follow their round and site as the service names them (`api/services/plans/layout.py`), so that a
 * change may be asked for on top of one that is still on its way.
 */
import type { EditOut, EditsIn, PlanOut, PossibleRound, RoundOut, VisitOut } from '#lib/api/schema.d.ts';

export type Edit = EditsIn['edits'][number];

/** Where a visit can stand: the `number`-th halt (from 1) of a round, possible rounds included; or the tray. */
export interface Place {
	round: string;
	number: number;
}

export interface Day {
	date: string;
	rounds: RoundOut[];
	possible: PossibleRound[];
}

/** The days of a plan's week that have rounds or could have some, each with its rounds as they leave. */
export function daysOf(plan: PlanOut): Day[] {
	const days = new Map<string, Day>();
	const at = (date: string) => {
		const found = days.get(date) ?? { date, rounds: [], possible: [] };
		days.set(date, found);
		return found;
	};
	for (const round of plan.rounds) at(round.day).rounds.push(round);
	for (const round of plan.possible) at(round.day).possible.push(round);
	for (const day of days.values()) {
		day.rounds.sort((a, b) => a.start_s - b.start_s || a.code.localeCompare(b.code));
		day.possible.sort((a, b) => a.window.early - b.window.early || a.code.localeCompare(b.code));
	}
	return [...days.values()].sort((a, b) => a.date.localeCompare(b.date));
}

/** The round that makes a visit, and the visit. */
export function visitOf(plan: PlanOut, ref: string): { round: RoundOut; visit: VisitOut } | null {
	for (const round of plan.rounds) {
		const visit = round.visits.find((one) => one.ref === ref);
		if (visit) return { round, visit };
	}
	return null;
}

/** The visits of a round under the refs and numbers that they have where they stand now. */
export function renumbered(round: RoundOut, visits: VisitOut[]): RoundOut {
	const met = new Map<string, number>();
	const told = visits.map((visit, k) => {
		const nth = (met.get(visit.site) ?? 0) + 1;
		met.set(visit.site, nth);
		return { ...visit, number: k + 1, ref: `${round.code}/${visit.site}${nth > 1 ? `~${nth}` : ''}` };
	});
	return { ...round, visits: told };
}

/** The plan after a change, clocks as they were: what is drawn until the answer comes. */
export function applied(plan: PlanOut, edit: Edit): PlanOut {
	switch (edit.kind) {
		case 'move': {
			const found = visitOf(plan, edit.visit);
			if (!found) return plan;
			return put(without(plan, edit.visit), edit.round, found.visit, edit.number ?? null);
		}
		case 'add':
			return put(lessMissing(plan, edit.site), edit.round, fresh(edit.site), edit.number ?? null);
		case 'take_out': {
			const found = visitOf(plan, edit.visit);
			if (!found) return plan;
			return moreMissing(without(plan, edit.visit), found.visit.site);
		}
		case 'crates':
			return onVisit(plan, edit.visit, (one) => ({ ...one, deliver: edit.deliver, collect: edit.collect }));
		case 'lock_visit':
			return onVisit(plan, edit.visit, (one) => ({ ...one, lock: edit.lock, after: edit.after ?? null }));
		case 'lock_round':
			return onRound(plan, edit.round, (one) => ({ ...one, locked: edit.locked }));
		case 'departure':
			return onRound(plan, edit.round, (one) => ({ ...one, departure_s: edit.departure_s }));
		default:
			return plan; // another van, other clocks: only the service knows
	}
}

/** The plan with what the service answered to a change: changed rounds whole, others as they were. */
export function answered(plan: PlanOut, told: EditOut): PlanOut {
	const changed = new Map(told.rounds.map((round) => [round.code, round]));
	const gone = new Set(told.gone);
	const stay = plan.rounds.filter((round) => !gone.has(round.code));
	const known = new Set(stay.map((round) => round.code));
	const rounds = [
		...stay.map((round) => changed.get(round.code) ?? round),
		...told.rounds.filter((round) => !known.has(round.code))
	].filter((round) => round.visits.length > 0);
	return {
		...plan,
		rounds,
		possible: possibleNow(plan, rounds),
		unplanned: told.unplanned,
		missing: told.unplanned.reduce((sum, one) => sum + one.missing, 0),
		total_cents: told.total_cents,
		violations: told.violations,
		can_undo: told.can_undo,
		can_redo: told.can_redo,
		version: told.version,
		proof: plan.proof
	};
}

/** Whether two plans send the same vans to the same places in the same order, crates and locks included. */
export function sameLayout(a: PlanOut, b: PlanOut): boolean {
	return JSON.stringify(outline(a)) === JSON.stringify(outline(b));
}

function outline(plan: PlanOut): unknown {
	return plan.rounds
		.filter((round) => round.visits.length > 0)
		.map((round) => [
			round.code,
			round.locked,
			round.visits.map((one) => [one.site, one.deliver, one.collect, one.lock, one.after ?? null])
		])
		.sort((one, other) => String(one[0]).localeCompare(String(other[0])));
}

function possibleNow(plan: PlanOut, rounds: RoundOut[]): PossibleRound[] {
	const driven = new Set(rounds.map((round) => round.code));
	const freed = plan.rounds
		.filter((round) => !driven.has(round.code))
		.map(({ code, day, vehicle, driver, shift }) => ({ code, day, vehicle, driver, window: shift }));
	const known = new Set(plan.possible.map((one) => one.code));
	return [...plan.possible, ...freed.filter((one) => !known.has(one.code))].filter(
		(one) => !driven.has(one.code)
	);
}

function without(plan: PlanOut, ref: string): PlanOut {
	const rounds = plan.rounds.map((round) =>
		round.visits.some((one) => one.ref === ref)
			? renumbered(
					round,
					round.visits.filter((one) => one.ref !== ref)
				)
			: round
	);
	return { ...plan, rounds };
}

function put(plan: PlanOut, code: string, visit: VisitOut, number: number | null): PlanOut {
	const target = plan.rounds.find((round) => round.code === code) ?? begun(plan, code);
	if (!target) return plan;
	const at = Math.min((number ?? target.visits.length + 1) - 1, target.visits.length);
	const visits = [...target.visits.slice(0, at), { ...visit, notes: [] }, ...target.visits.slice(at)];
	const round = renumbered(target, visits);
	const known = plan.rounds.some((one) => one.code === code);
	const rounds = (
		known ? plan.rounds.map((one) => (one.code === code ? round : one)) : [...plan.rounds, round]
	).filter((one) => one.visits.length > 0);
	return { ...plan, rounds, possible: possibleNow(plan, rounds) };
}

/** A possible round about to be driven, without any clock yet. */
function begun(plan: PlanOut, code: string): RoundOut | null {
	const found = plan.possible.find((one) => one.code === code);
	if (!found) return null;
	const like = plan.rounds.find((round) => round.vehicle === found.vehicle);
	return {
		code,
		label: '',
		day: found.day,
		vehicle: found.vehicle,
		driver: found.driver,
		start_site: like?.start_site ?? '',
		end_site: like?.end_site ?? '',
		start_s: found.window.early,
		end_s: found.window.early,
		shift: found.window,
		departure_s: null,
		locked: false,
		pause: null,
		leg_back_s: 0,
		leg_back_m: 0,
		load_start: 0,
		load_peak: 0,
		load_end: 0,
		distance_m: 0,
		duration_s: 0,
		notes: [],
		visits: []
	};
}

function fresh(site: string): VisitOut {
	const span = { early: 0, late: 0 };
	return {
		ref: '',
		number: 0,
		site,
		arrival_s: 0,
		begin_s: 0,
		begin: '',
		end_s: 0,
		window: span,
		announced: span,
		leg_s: 0,
		leg_m: 0,
		deliver: 0,
		collect: 0,
		load_after: 0,
		notes: [],
		lock: 'none',
		after: null
	};
}

function lessMissing(plan: PlanOut, site: string): PlanOut {
	const unplanned = plan.unplanned
		.map((one) => (one.site === site ? { ...one, missing: one.missing - 1 } : one))
		.filter((one) => one.missing > 0);
	return { ...plan, unplanned };
}

function moreMissing(plan: PlanOut, site: string): PlanOut {
	const known = plan.unplanned.some((one) => one.site === site);
	const unplanned = known
		? plan.unplanned.map((one) => (one.site === site ? { ...one, missing: one.missing + 1 } : one))
		: [...plan.unplanned, { site, missing: 1, reason: '' }];
	const rounds = plan.rounds.filter((round) => round.visits.length > 0);
	return { ...plan, rounds, possible: possibleNow(plan, rounds), unplanned };
}

function onRound(plan: PlanOut, code: string, change: (round: RoundOut) => RoundOut): PlanOut {
	return { ...plan, rounds: plan.rounds.map((one) => (one.code === code ? change(one) : one)) };
}

function onVisit(plan: PlanOut, ref: string, change: (visit: VisitOut) => VisitOut): PlanOut {
	const rounds = plan.rounds.map((round) =>
		round.visits.some((one) => one.ref === ref)
			? { ...round, visits: round.visits.map((one) => (one.ref === ref ? change(one) : one)) }
			: round
	);
	return { ...plan, rounds };
}
