"""Plans as the API tells them: values → wire."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from api.repositories.plan_totals import Sums
from api.services.explain import proof_of
from api.services.plans.delta import Shifted, delta_of
from api.services.plans.drafts import Edited
from api.services.plans.layout import Layout, Outing
from api.services.plans.reading import OnTheRoad, Whole
from api.services.plans.remarks import clashes, parted
from api.wire import plan_edits, plans
from models.network.values import Site
from models.plan import Plan, Round, Visit, visit_refs
from models.tables.plans import PlanRecord, RoundRecord
from models.values import TimeWindow
from routing.problem import Shift


def window(value: TimeWindow) -> plans.WindowOut:
    return plans.WindowOut(early=value.early, late=value.late)


def rounds(plan: Plan, layout: Layout) -> list[plans.RoundOut]:
    """The rounds of a plan, with what only shows when they are looked at together."""
    shared, apart = clashes(plan), parted(layout)
    return [
        round_out(tour, outing, shared.get(tour.id, ()), apart)
        for outing, tour in zip(layout.outings, plan.rounds, strict=True)
    ]


def round_out(
    tour: Round,
    outing: Outing,
    more: Sequence[str] = (),
    apart: Mapping[str, Sequence[str]] | None = None,
) -> plans.RoundOut:
    """One round; `more` are remarks on it, `apart` remarks on its visits."""
    apart = apart or {}
    rest = tour.pause
    return plans.RoundOut(
        code=tour.id,
        label=tour.label,
        day=tour.date,
        vehicle=tour.vehicle,
        driver=tour.driver,
        start_site=tour.start_site,
        end_site=tour.end_site,
        start_s=tour.start_s,
        end_s=tour.end_s,
        shift=window(tour.shift),
        departure_s=outing.departure_s,
        locked=outing.locked,
        pause=plans.PauseOut(after=rest.after, begin_s=rest.begin_s, length_s=rest.length_s)
        if rest
        else None,
        leg_back_s=tour.leg_back_s,
        leg_back_m=tour.leg_back_m,
        load_start=tour.load_start,
        load_peak=tour.load_peak,
        load_end=tour.load_end,
        distance_m=tour.distance_m,
        duration_s=tour.duration_s,
        notes=[*tour.notes, *more],
        visits=[
            _visit(tour, visit, ref, outing, k, apart.get(ref, ()))
            for k, (ref, visit) in enumerate(zip(visit_refs(tour), tour.visits, strict=True))
        ],
    )


def _visit(  # noqa: PLR0913, PLR0917
    tour: Round, visit: Visit, ref: str, outing: Outing, index: int, more: Sequence[str]
) -> plans.VisitOut:
    return plans.VisitOut(
        ref=ref,
        number=visit.number,
        site=visit.site,
        arrival_s=visit.arrival_s,
        begin_s=visit.begin_s,
        begin=tour.day.at(visit.begin_s),
        end_s=visit.end_s,
        window=window(visit.window),
        announced=window(visit.announced),
        leg_s=visit.leg_s,
        leg_m=visit.leg_m,
        deliver=visit.deliver,
        collect=visit.collect,
        load_after=visit.load_after,
        notes=[*visit.notes, *more],
        lock=outing.calls[index].lock,
        after=outing.calls[index].after,
    )


def totals(tours: Iterable[Round]) -> plans.Totals:
    """What some rounds come to."""
    return plans.Totals(**_sums(list(tours)))


def sums(found: Sums | None) -> plans.Totals:
    """What the repository counted of a plan; None: it has no round."""
    return plans.Totals(**asdict(found or Sums()))


def days(plan: Plan) -> list[plans.DayTotals]:
    """The same per day, days without a round left out."""
    found = []
    for day in dict.fromkeys(tour.date for tour in plan.rounds):
        mine = [tour for tour in plan.rounds if tour.date == day]
        found.append(plans.DayTotals(day=day, end_s=max(tour.end_s for tour in mine), **_sums(mine)))
    return found


def _sums(tours: list[Round]) -> dict[str, int]:
    visits = [visit for tour in tours for visit in tour.visits]
    return {
        "rounds": len(tours),
        "visits": len(visits),
        "distance_m": sum(tour.distance_m for tour in tours),
        "duration_s": sum(tour.duration_s for tour in tours),
        "deliver": sum(visit.deliver for visit in visits),
        "collect": sum(visit.collect for visit in visits),
    }


def head(record: PlanRecord, sums: plans.Totals) -> plans.PlanHead:
    """A plan in a list."""
    return plans.PlanHead(**_head(record, sums))


def _head(record: PlanRecord, sums: plans.Totals) -> dict[str, Any]:
    named = set(plans.PlanHead.model_fields) - {"total_cents", "missing", "totals"}
    return {
        **record.model_dump(include=named),
        "total_cents": sum(record.cost_cents.values()),
        "missing": sum(entry["missing"] for entry in record.unplanned),
        "totals": sums,
    }


def whole(seen: Whole) -> plans.PlanOut:
    """A plan, whole."""
    record, plan, layout = seen.found.record, seen.found.plan, seen.found.layout
    told = rounds(plan, layout)
    return plans.PlanOut(
        **_head(record, totals(plan.rounds)),
        rounds=told,
        days=days(plan),
        unplanned=unplanned(plan),
        cost_cents=dict(plan.cost_cents),
        holidays={day.isoformat(): name for day, name in plan.holidays.items()},
        estimated_sites=list(plan.estimated_sites),
        stamp=plans.StampOut(**record.stamp),
        proof=_proof(plan),
        violations=violations(told),
        outdated=record.network_revision != seen.revision,
        possible=_possible(layout, seen.possible),
        can_undo=seen.steps[0] > 0,
        can_redo=seen.steps[1] > 0,
    )


def round_head(found: tuple[RoundRecord, int]) -> plans.RoundHead:
    """A published round in a list."""
    row, visits = found
    return plans.RoundHead(
        code=row.code,
        label=row.label,
        day=row.day,
        vehicle=row.vehicle,
        driver=row.driver,
        start_s=row.start_s,
        end_s=row.end_s,
        visits=visits,
    )


def round_page(found: OnTheRoad) -> plans.RoundPage:
    """A published round with everything that its driver needs."""
    tour, network = found.tour, found.network
    return plans.RoundPage(
        **round_out(tour, found.outing).model_dump(),
        plan=found.record.id,
        plan_number=found.record.number,
        version=found.record.version,
        week=found.record.week,
        published_at=found.record.published_at,
        vehicle_name=network.vehicle(tour.vehicle).name,
        driver_name=network.driver(tour.driver).name,
        coordinator_phone=network.coordinator.phone,
        places=[_place(network.site(site)) for site in dict.fromkeys(tour.stops)],
    )


def _place(site: Site) -> plans.PlaceOut:
    return plans.PlaceOut(
        code=site.id,
        name=site.name,
        kind=site.kind,
        commune=site.commune,
        address=site.address,
        postcode=site.postcode,
        lon=site.point.lon,
        lat=site.point.lat,
        access=site.access,
        access_note=site.access_note,
        phone=site.phone,
        assumed=sorted(site.assumed),
    )


def unplanned(plan: Plan) -> list[plans.UnplannedOut]:
    """What is not planned, with its reasons."""
    return [plans.UnplannedOut(site=e.site, missing=e.missing, reason=e.reason) for e in plan.unplanned]


def violations(told: Iterable[plans.RoundOut]) -> int:
    """How many remarks rounds and their visits carry."""
    return sum(len(tour.notes) + sum(len(visit.notes) for visit in tour.visits) for tour in told)


def _proof(plan: Plan) -> plans.ProofOut | None:
    proof = plan.proof
    if proof is None:
        return None
    return plans.ProofOut(
        cents=proof.cents,
        finished=proof.finished,
        spent_s=proof.spent_s,
        gap_permille=plan.gap_permille,
        sentence=proof_of(plan),
    )


def _possible(layout: Layout, shifts: Sequence[Shift]) -> list[plans.PossibleRound]:
    codes = {outing.code for outing in layout.outings}
    driven = {(one.day, one.vehicle, one.driver, one.window) for one in layout.outings}
    found = []
    for shift in shifts:
        day = layout.week.days[shift.day].date
        if shift.id not in codes and (day, shift.vehicle, shift.driver, shift.window) not in driven:
            found.append(
                plans.PossibleRound(
                    code=shift.id,
                    day=day,
                    vehicle=shift.vehicle,
                    driver=shift.driver,
                    window=window(shift.window),
                )
            )
    return found


def change(made: Edited, steps: tuple[int, int]) -> plan_edits.EditOut:
    """What a change of a draft comes to."""
    delta = delta_of(made)
    told = rounds(made.after, made.layout)
    touched = {tour.id for tour in delta.changed}
    return plan_edits.EditOut(
        plan=made.record.id,
        version=made.record.version,
        stored=made.stored,
        rounds=[tour for tour in told if tour.code in touched],
        gone=list(delta.gone),
        delta=plan_edits.DeltaOut(
            duration_s=delta.duration_s,
            distance_m=delta.distance_m,
            cents=sum(delta.cents.values()),
            terms=delta.cents,
            shifted=[_shifted(one) for one in delta.shifted],
        ),
        unplanned=unplanned(made.after),
        total_cents=made.after.total_cents,
        violations=violations(told),
        can_undo=steps[0] > 0,
        can_redo=steps[1] > 0,
    )


def _shifted(one: Shifted) -> plan_edits.ShiftedOut:
    (was_round, was), (round_, now) = one.was, one.now
    return plan_edits.ShiftedOut(
        ref=one.ref,
        site=now.site,
        was_day=was_round.date,
        was=window(was.announced),
        day=round_.date,
        now=window(now.announced),
        moved_s=one.moved_s,
    )
