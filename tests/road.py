"""A published round in the database, and facts about it.

The round leaves the depot at 9:00 on Tuesday 1 December 2026; every leg takes 10 minutes, every visit 5:
cassel 9:10, arneke 9:25, bavinchove 9:40, cassel again 9:55; home at 10:10.
"""

import itertools
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session, select
from uuid_utils.compat import uuid7

from models.plan import RunStamp
from models.service_day import ServiceDay
from models.tables.plans import PlanRecord, PlanStatus, RoundRecord, VisitRecord

TUESDAY = date(2026, 12, 1)
ROUND = "2026-W49-mar-matin-V1"
SITES = ("cassel", "arneke", "bavinchove", "cassel")
REFS = (f"{ROUND}/cassel", f"{ROUND}/arneke", f"{ROUND}/bavinchove", f"{ROUND}/cassel~2")
CASSEL, ARNEKE, BAVINCHOVE, CASSEL_AGAIN = REFS
_LEG_S, _VISIT_S = 600, 300
_numbers = itertools.count(1)
_MADE = RunStamp(
    engine="", version="", seconds=None, iterations=None, seed=0, travel="", network="", spent_s=0.0
)


def clock(text: str, day: date = TUESDAY) -> datetime:
    """« 9:10 » on the day of the round, in Paris."""
    hours, minutes = text.split(":")
    return ServiceDay(day).at(int(hours) * 3600 + int(minutes) * 60)


def publish(session: Session, *, code: str = ROUND, day: date = TUESDAY, **fields: Any) -> RoundRecord:
    """Store the round in the plan of its week; `sites`, `driver` and `status` where they differ."""
    sites = fields.get("sites", SITES)
    plan = _plan(session, code[:8], fields.get("status", PlanStatus.PUBLISHED))
    session.info.setdefault("plans_made", set()).add(plan.id)  # else nothing may be added to it
    tour = _round(plan, code, day, len(sites), fields.get("driver", "C1"))
    session.add(tour)
    session.flush()
    session.add_all(_visits(tour, sites))
    session.flush()
    return tour


def _plan(session: Session, week: str, status: PlanStatus) -> PlanRecord:
    same = select(PlanRecord).where(PlanRecord.week == week, PlanRecord.status == status)
    plan = session.exec(same).first()
    if plan is None:
        plan = PlanRecord(
            number=next(_numbers), week=week, status=status, network_code="escapade", stamp=asdict(_MADE)
        )
        session.add(plan)
        session.flush()
    return plan


def _round(plan: PlanRecord, code: str, day: date, visits: int, driver: str) -> RoundRecord:
    start_s = 9 * 3600
    return RoundRecord(
        plan=plan.id,
        code=code,
        label="Mardi matin",
        day=day,
        vehicle="V1",
        driver=driver,
        start_site="depot",
        end_site="depot",
        start_s=start_s,
        end_s=start_s + visits * (_LEG_S + _VISIT_S) + _LEG_S,
        shift_early=8 * 3600,
        shift_late=12 * 3600,
        leg_back_s=_LEG_S,
        leg_back_m=8000,
        load_start=2 * visits,
        load_peak=2 * visits,
        load_end=visits,
    )


def _visits(tour: RoundRecord, sites: tuple[str, ...]) -> list[VisitRecord]:
    found = []
    for number, site in enumerate(sites, start=1):
        earlier = sites[: number - 1].count(site)
        begin_s = tour.start_s + number * _LEG_S + (number - 1) * _VISIT_S
        found.append(
            VisitRecord(
                round=tour.id,
                number=number,
                ref=f"{tour.code}/{site}" + (f"~{earlier + 1}" if earlier else ""),
                site=site,
                arrival_s=begin_s,
                begin_s=begin_s,
                end_s=begin_s + _VISIT_S,
                window_early=8 * 3600,
                window_late=12 * 3600,
                announced_early=begin_s - 600,
                announced_late=begin_s + 1200,
                leg_s=_LEG_S,
                leg_m=8000,
                deliver=2,
                collect=1,
                load_after=0,
            )
        )
    return found


def fact(kind: str, visit: str = CASSEL, at: str = "9:10", **fields: Any) -> dict[str, Any]:
    """A fact as a phone sends it, at once unless `sent_at` says otherwise."""
    moment = fields.pop("day", None)
    occurred = clock(at, moment or TUESDAY)
    told = {
        "id": str(uuid7()),
        "kind": kind,
        "visit": visit,
        "occurred_at": occurred.isoformat(),
        "sent_at": (occurred + timedelta(seconds=2)).isoformat(),
    }
    return told | {name: str(value) if name == "target" else value for name, value in fields.items()}
