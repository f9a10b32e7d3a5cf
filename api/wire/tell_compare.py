"""Publications, differences and comparisons: values → wire."""

from collections.abc import Iterable
from typing import Any

from api.services.plans.compare import Comparison, Measured, Village
from api.services.plans.diff import Difference
from api.services.plans.matching import Match, Stood
from api.services.plans.publish import Publication, sentence
from api.wire import plan_compare as wire
from api.wire import tell_plans as tell
from api.wire.plans import PlanOut
from models.tables.plans import PlanKind


def publication(found: Publication) -> wire.PublicationOut:
    """What publishing would change."""
    return wire.PublicationOut(**_publication(found))


def published(found: Publication, plan: PlanOut) -> wire.Published:
    """What was published."""
    return wire.Published(**_publication(found), published=plan)


def _publication(found: Publication) -> dict[str, Any]:
    record, plan = found.found.record, found.found.plan
    template = record.kind is PlanKind.TEMPLATE
    told = [(one, _change(one, template=template)) for one in found.news]
    return {
        "plan": record.id,
        "version": record.version,
        "week": record.week,
        "replaces": found.replaces.id if found.replaces else None,
        "replaces_number": found.replaces.number if found.replaces else None,
        "against": found.against.id if found.against else None,
        "moved": [out for one, out in told if one.was and one.now and one.same_day],
        "other_day": [out for one, out in told if one.was and one.now and not one.same_day],
        "added": [out for one, out in told if one.was is None],
        "lost": [out for one, out in told if one.now is None],
        "unmoved": found.unmoved,
        "told": sorted({one.site for one in found.news}) if found.against else [],
        "unplanned": tell.unplanned(plan),
        "violations": _violations(found),
    }


def _violations(found: Publication) -> list[str]:
    said = []
    for tour in tell.rounds(found.found.plan, found.found.layout):
        said += [f"{tour.code} : {note}." for note in tour.notes]
        said += [f"{visit.ref} : {note}." for visit in tour.visits for note in visit.notes]
    return said + [f"{site} : n'est plus dans le réseau." for site in sorted(found.archived)]


def difference(found: Difference) -> wire.DiffOut:
    """The second plan seen from the first."""
    changes = [(one, _change(one, template=False)) for one in found.visits]
    heads = [tell.head(record, tell.totals(plan.rounds)) for record, plan in (found.before, found.after)]
    return wire.DiffOut(
        before=heads[0],
        after=heads[1],
        rounds_added=list(found.rounds_added),
        rounds_gone=list(found.rounds_gone),
        moved=[out for one, out in changes if one.was and one.now],
        added=[out for one, out in changes if one.was is None],
        removed=[out for one, out in changes if one.now is None],
        distance_m=found.distance_m,
        duration_s=found.duration_s,
        cents=sum(found.cents.values()),
        terms=found.cents,
    )


def comparison(found: Comparison, co2_source: str) -> wire.CompareOut:
    """Plans side by side."""
    worse = [one for one in found.villages if one.change_days > 0]
    better = [one for one in reversed(found.villages) if one.change_days < 0]
    return wire.CompareOut(
        plans=[_measured(one) for one in found.plans],
        worse=_villages(worse),
        better=_villages(better),
        delays=found.delays,
        co2_source=co2_source,
    )


def _measured(one: Measured) -> wire.MeasuredOut:
    return wire.MeasuredOut(
        plan=tell.head(one.record, tell.totals(one.plan.rounds)),
        rounds=len(one.plan.rounds),
        visits=one.visits,
        missing=one.missing,
        distance_m=one.distance_m,
        duration_s=one.duration_s,
        cents=one.plan.total_cents,
        terms=dict(one.plan.cost_cents),
        kg_co2e=None if one.co2_g is None else round(one.co2_g / 1000, 1),
        waiting_days=round(one.waiting_days, 2),
        waiting_by_flow=round(one.waiting_by_flow, 2),
    )


def _villages(found: Iterable[Village]) -> list[wire.VillageOut]:
    return [
        wire.VillageOut(
            site=one.site,
            waiting_days=[round(days, 2) for days in one.waiting_days],
            change_days=round(one.change_days, 2),
        )
        for one in found
    ]


def _change(one: Match, *, template: bool) -> wire.VisitChange:
    return wire.VisitChange(
        site=one.site,
        was=_stood(one.was),
        now=_stood(one.now),
        moved_s=one.moved_s,
        sentence=sentence(one, template=template),
    )


def _stood(one: Stood | None) -> wire.StoodOut | None:
    if one is None:
        return None
    tour, visit = one
    return wire.StoodOut(
        day=tour.date,
        round=tour.id,
        number=visit.number,
        begin_s=visit.begin_s,
        announced=tell.window(visit.announced),
        deliver=visit.deliver,
        collect=visit.collect,
    )
