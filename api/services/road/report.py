"""A period in figures, for those who pay: from what plans promised and how visits went."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise

from sqlmodel import Session

from api.repositories import outcomes, published_visits, reports
from api.repositories.outcomes import Period
from api.repositories.reports import Driven, Served
from api.wire.reports import FlowReportOut, ReportOut, SiteReportOut, TotalsOut


def report(session: Session, period: Period, today: date) -> ReportOut:
    """What is not past yet is neither done nor missed: it does not count."""
    past = Period(first=period.first, last=max(period.first, min(period.last, today)))
    served = reports.served(session, past)
    moved = outcomes.moved(session, past)
    return ReportOut(
        first=period.first,
        last=period.last,
        totals=_totals(session, past, served, moved),
        sites=_sites(session, past, served, moved),
        flows=_flows(session, past),
    )


def _totals(
    session: Session, past: Period, served: Sequence[Served], moved: Mapping[str, tuple[int, int]]
) -> TotalsOut:
    rounds = reports.driven(session, past)
    told = [one for one in rounds if one.told]
    begun, punctual = sum(one.begun for one in served), sum(one.punctual for one in served)
    done, closed = sum(one.done for one in served), sum(one.closed for one in served)
    planned = sum(one.planned for one in served)
    announced = reports.sent(session, past)
    return TotalsOut(
        rounds_planned=sum(one.rounds for one in rounds),
        rounds_driven=sum(one.rounds for one in told),
        metres_planned=sum(one.metres for one in rounds),
        metres_driven=sum(one.metres for one in told),
        seconds_planned=sum(one.seconds for one in rounds),
        seconds_driven=_on_the_road(session, past),
        visits_planned=planned,
        visits_done=done,
        visits_closed=closed,
        visits_missed=planned - done - closed,
        visits_off_plan=reports.off_plan(session, past),
        visits_useless=sum(one.useless for one in served),
        begun=begun,
        punctual=punctual,
        punctual_permille=_permille(punctual, begun),
        crates_delivered=sum(delivered for delivered, _ in moved.values()),
        crates_picked_up=sum(picked_up for _, picked_up in moved.values()),
        empties=reports.empties(session, past),
        documents_announced=sum(documents for _, documents in announced.values()),
        documents_arrived=reports.arrived(session, past),
        cost_cents=_cost(session, told),
    )


def _on_the_road(session: Session, past: Period) -> int:
    spans = reports.on_the_road(session, past)
    return sum((ended - begun) // timedelta(seconds=1) for begun, ended in spans)


def _cost(session: Session, told: Sequence[Driven]) -> int:
    """Per round, per kilometre, per hour of the plan, each rounded down to the cent."""
    vans, drivers = reports.prices(session)
    total = 0
    for one in told:
        run, km = vans.get(one.vehicle, (0, 0))
        total += one.rounds * run + one.metres * km // 1000
        total += one.seconds * drivers.get(one.driver, 0) // 3600
    return total


def _sites(
    session: Session, past: Period, served: Sequence[Served], moved: Mapping[str, tuple[int, int]]
) -> list[SiteReportOut]:
    communes = published_visits.communes_of(session)
    waits = _waits(reports.days_served(session, past))
    days = (past.last - past.first).days + 1
    promised = {one.site: one for one in served}
    found = []
    for site in sorted(set(promised) | set(moved)):
        one = promised.get(site) or Served(
            site=site, planned=0, done=0, closed=0, useless=0, begun=0, punctual=0
        )
        delivered, picked_up = moved.get(site, (0, 0))
        gaps = waits.get(site, [])
        found.append(
            SiteReportOut(
                site=site,
                commune=communes.get(site, site),
                planned=one.planned,
                done=one.done,
                closed=one.closed,
                missed=one.planned - one.done - one.closed,
                useless=one.useless,
                punctual_permille=_permille(one.punctual, one.begun),
                delivered=delivered,
                picked_up=picked_up,
                balance=delivered - picked_up,
                visits_per_week_hundredths=round(700 * one.done / days),
                mean_wait_tenths=round(10 * sum(gaps) / len(gaps)) if gaps else None,
                longest_wait_days=max(gaps, default=None),
            )
        )
    return found


def _waits(served: Sequence[tuple[str, date]]) -> dict[str, list[int]]:
    """site → days between one visit and the next, on different days."""
    found: dict[str, list[int]] = {}
    for (site, day), (other, later) in pairwise(served):
        if site == other:
            found.setdefault(site, []).append((later - day).days)
    return found


def _flows(session: Session, past: Period) -> list[FlowReportOut]:
    announced, asked = reports.sent(session, past), reports.asked_for(session, past)
    ways = sorted({way for way in announced if way[1]} | set(asked))
    return [
        FlowReportOut(
            origin=origin,
            destination=destination,
            crates=announced.get((origin, destination), (0, 0))[0],
            documents=announced.get((origin, destination), (0, 0))[1],
            items=asked.get((origin, destination), 0),
        )
        for origin, destination in ways
    ]


def _permille(some: int, of: int) -> int | None:
    return 1000 * some // of if of else None
