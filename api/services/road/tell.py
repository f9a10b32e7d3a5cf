"""Followed rounds → what is told of them on the wire."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.repositories.predictions import Foreseen
from api.services.road.decisions import decisions
from api.services.road.follow import Followed
from api.wire.progress import (
    ClaimOut,
    DecisionOut,
    FigureOut,
    PlannedOut,
    RoundProgressOut,
    VisitProgressOut,
)
from models.custody.facts import site_of
from models.custody.visits import Figure
from models.service_day import ServiceDay
from models.tables.plans import RoundRecord, VisitRecord


@dataclass(frozen=True, kw_only=True, slots=True)
class Names:
    """What sites and drivers are called."""

    communes: Mapping[str, str]
    drivers: Mapping[str, str]


def tell_round(followed: Followed, names: Names, at: datetime) -> RoundProgressOut:
    """A round with its visits, in the order of the plan; those off the plan come last."""
    tour, progress = followed.round, followed.progress
    day = ServiceDay(tour.day)
    foreseen = {one.visit: followed.ahead(one.visit, at) for one in progress.ahead}
    planned = {visit.ref: visit for visit in followed.told.visits}
    refs = [*planned, *progress.unexpected]
    return RoundProgressOut(
        code=tour.code,
        label=tour.label,
        day=tour.day,
        vehicle=tour.vehicle,
        driver=tour.driver,
        driver_name=names.drivers.get(tour.driver, tour.driver),
        current=followed.told.current,
        state=progress.state,
        planned_start_at=day.at(tour.start_s),
        planned_end_at=day.at(tour.end_s),
        started_at=progress.started_at,
        ended_at=progress.ended_at,
        expected_end_at=expected_end(followed, at),
        last_visit=progress.last_visit,
        last_at=progress.last_at,
        delay_s=progress.delay_s,
        done=len(progress.done),
        closed=len(progress.closed),
        late=len(progress.late),
        skipped=len(progress.skipped),
        ahead=len(progress.ahead),
        visits=[_visit(followed, ref, planned.get(ref), foreseen.get(ref), names) for ref in refs],
        decisions=[
            DecisionOut(matter=one.matter, round=one.round, visit=one.visit, words=one.words)
            for one in decisions(followed, names.communes, at)
        ],
    )


def expected_end(followed: Followed, at: datetime) -> datetime | None:
    """When the van is expected home, from what is foreseen of its last visit; None where nothing is."""
    if not followed.progress.ahead:
        return None
    last = followed.progress.ahead[-1].visit
    foreseen = followed.ahead(last, at)
    if foreseen is None:
        return None
    planned = next(one for one in followed.expected if one.visit == last)
    back = timedelta(seconds=followed.round.leg_back_s)
    return foreseen.p50_at + (planned.end_at - planned.begin_at) + back


def _visit(
    followed: Followed, ref: str, planned: VisitRecord | None, ahead: Foreseen | None, names: Names
) -> VisitProgressOut:
    progress = followed.of(ref)
    site = planned.site if planned else site_of(ref) or ""
    return VisitProgressOut(
        visit=ref,
        site=site,
        commune=names.communes.get(site, site),
        planned=_planned(followed.round, planned) if planned else None,
        state=progress.state,
        skipped=ref in followed.progress.skipped,
        arrived_at=progress.arrived.at if progress.arrived else None,
        arrived_told_at=progress.arrived.told if progress.arrived else None,
        left_at=progress.left.at if progress.left else None,
        began_at=progress.began_at,
        delay_s=_delay(followed, planned, progress.began_at or (ahead.p50_at if ahead else None)),
        expected_at=ahead.p50_at if ahead else None,
        p10_at=ahead.p10_at if ahead else None,
        p50_at=ahead.p50_at if ahead else None,
        p90_at=ahead.p90_at if ahead else None,
        skip_permille=ahead.skip_permille if ahead else None,
        delivered=tell_figure(progress.delivered),
        picked_up=tell_figure(progress.picked_up),
        empties=tell_figure(progress.empties),
        closed_at=progress.closed_at,
        problems=list(progress.problems),
        disputed=progress.disputed,
    )


def _planned(tour: RoundRecord, visit: VisitRecord) -> PlannedOut:
    at = ServiceDay(tour.day).at
    return PlannedOut(
        arrival_at=at(visit.arrival_s),
        begin_at=at(visit.begin_s),
        end_at=at(visit.end_s),
        announced_early_at=at(visit.announced_early),
        announced_late_at=at(visit.announced_late),
        deliver=visit.deliver,
        collect=visit.collect,
    )


def _delay(followed: Followed, planned: VisitRecord | None, began: datetime | None) -> int | None:
    if planned is None or began is None or followed.progress.delay_s is None:
        return None
    return ServiceDay(followed.round.day).second(began) - planned.begin_s


def tell_figure(figure: Figure | None) -> FigureOut | None:
    """A figure with both of its values."""
    if figure is None:
        return None
    return FigureOut(
        crates=figure.crates,
        told=figure.told,
        codes=list(figure.codes),
        claims=[ClaimOut(teller=one.teller, crates=one.crates) for one in figure.claims],
    )
