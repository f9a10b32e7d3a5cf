"""Delays between all pairs of libraries under one plan, made once and kept as long as nothing changes."""

from datetime import date
from uuid import UUID

import numpy as np
from sqlmodel import Session

from api.repositories import plans as repository
from api.repositories.feeds import published_from
from api.repositories.promises import find_learnt
from api.service import Service
from api.services.delays.reasons import reason
from api.services.network_records import network_of, the_network
from api.services.plans.store import plan_of_record
from api.services.promises.learning import chances_of
from api.services.promises.timetables import repeated
from api.wire.delays import DelaysOut, Side, VillageDelays
from models.errors import NotFound
from models.network.values import Network
from models.plan import Plan
from models.service_day import IsoWeek
from models.tables.plans import PlanRecord, PlanStatus
from routing.promise.chances import Chances, Odds
from routing.promise.delays import HOUR_S, Delays, Seconds, delays
from routing.promise.matrix import hours_of_week
from routing.promise.timetable import NEVER

WEEKS = 8  # what has not arrived after so many is not counted as served
BADLY_H = 240
BADLY = "plus de dix jours, une fois sur deux"
_NO_PLAN = (
    "Aucun planning n'est publié : il n'y a pas encore de délais à montrer. Publiez une semaine, ou donnez "
    "un brouillon."
)


def table_of(session: Session, service: Service, plan: UUID | None, today: date) -> tuple[str, bytes]:
    """A tag, and `DelaysOut` as JSON: of a plan, else of the published one of this week, of the next that is
    published, or of the last one that was. NotFound where there is none."""
    record = repository.get_plan(session, plan) if plan else published(session, today)
    return of_record(session, service, record)


def of_record(session: Session, service: Service, record: PlanRecord) -> tuple[str, bytes]:
    """The same of a plan at hand."""
    learnt = find_learnt(session)
    revision = the_network(session).revision
    key = f"delays {record.id} {record.version} {revision} {learnt.made_at if learnt else ''}"

    def made() -> bytes:
        chances = chances_of(learnt.content if learnt else None)
        plan, network = plan_of_record(session, record), network_of(session)
        return _told(record, plan, network, chances).model_dump_json().encode()

    return key, service.answers.get(key, made)


def published(session: Session, today: date) -> PlanRecord:
    """The plan that people live by. NotFound where none was ever published."""
    coming = published_from(session, str(IsoWeek.of(today)))
    found = coming[0] if coming else repository.find_published(session, None)
    if found is None:
        raise NotFound(_NO_PLAN)
    return found


def _told(record: PlanRecord, plan: Plan, network: Network, chances: Chances) -> DelaysOut:
    timetable = repeated(network, plan, WEEKS)
    libraries = network.libraries
    found = delays(Odds(timetable, chances), hours_of_week(timetable.from_at), [one.id for one in libraries])
    villages = [
        VillageDelays(
            site=site.id,
            name=site.name,
            commune=site.commune,
            insee=site.insee,
            sending=_side(found, k, sending=True),
            receiving=(receiving := _side(found, k, sending=False)),
            badly_served=receiving.median_h is None or receiving.median_h > BADLY_H,
            reason=reason(plan, network, site.id),
        )
        for k, site in enumerate(libraries)
    ]
    return DelaysOut(
        plan=record.id,
        number=record.number,
        week=record.week,
        draft=record.status is PlanStatus.DRAFT,
        learnt_visits=chances.seen,
        median_h=middle(off_diagonal(found.median_s)),
        ninety_h=middle(off_diagonal(found.ninety_s)),
        badly_means=BADLY,
        villages=villages,
        median=_hours(found.median_s),
        ninety=_hours(found.ninety_s),
    )


def _side(found: Delays, k: int, *, sending: bool) -> Side:
    """Over all libraries at the other end, each counting alike."""
    rows = (found.median_s[k], found.ninety_s[k]) if sending else (found.median_s[:, k], found.ninety_s[:, k])
    others = [np.delete(row, k) for row in rows]
    return Side(median_h=middle(others[0]), ninety_h=middle(others[1]))


def middle(seconds: Seconds) -> int | None:
    """The median, in whole hours rounded up; None where half of them are never served."""
    middle = int(np.sort(seconds)[len(seconds) // 2]) if len(seconds) else NEVER
    return None if middle >= NEVER else -(-middle // HOUR_S)


def off_diagonal(seconds: Seconds) -> Seconds:
    """All of them but the diagonal."""
    return seconds[~np.eye(len(seconds), dtype=bool)]


def _hours(seconds: Seconds) -> list[list[int | None]]:
    return [[None if at >= NEVER else -(-int(at) // HOUR_S) for at in row] for row in seconds]
