"""One look at the rounds of the day: what is new is foreseen and stored, what came true is learnt from.

Done again, or by two processes at once, it stores nothing twice: a round's row is held while its predictions
are added, and what is known of the round has a name of its own.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sqlmodel import Session

from api.repositories import predictions as stored
from api.service import Service
from api.services.changes import announce
from api.services.foretelling import taught
from api.services.foretelling.situation import Situation, situations, tick_of
from api.services.noticing import of_road
from models.custody.facts import site_of
from models.errors import NavetteError
from models.service_day import PARIS
from models.tables.predictions import PredictionRecord
from routing.eta.conformal import Calibration, Outcome
from routing.eta.learnt import Learnt
from routing.eta.predict import predict
from routing.eta.values import Eta

_SURE = timedelta(minutes=2)  # a tap may be taken back for a while
_log = structlog.get_logger("navette.foretelling")


def step(service: Service, at: datetime, only: Collection[str] | None = None) -> int:
    """Foresee every round of the day of which something new is known (`only`: of some codes), and store it;
    of how many rounds. One round that fails keeps no other one waiting."""
    with service.database.read() as session:
        news = [one for one in situations(session, at, only, service.territories) if one.is_news(at)]
        if not news:
            return 0
        known, moved = taught.learnt(session), taught.calibration(session)
    done = 0
    for one in news:
        try:
            etas = _etas(one, at, known, moved)
            with service.database.write() as session:
                done += _store(session, one, etas, at)
        except NavetteError as error:
            _log.warning("not foreseen", round=one.followed.round.code, why=str(error))
        except Exception:
            _log.exception("not foreseen", round=one.followed.round.code)
    return done


def look_back(service: Service, at: datetime) -> int:
    """Learn from the visits whose beginning has become known; how many predictions that settles.

    What was foreseen after the beginning, before anybody told of it, teaches nothing.
    """
    day = at.astimezone(PARIS).date()
    span = (day - timedelta(days=7), day, at - _SURE)
    with service.database.read() as session:
        if not stored.outcomes_of_unsettled(session, *span):
            return 0
    with service.database.write() as session:
        record = stored.hold_learnt(session, taught.CALIBRATION, at)  # one process at a time learns
        known = stored.outcomes_of_unsettled(session, *span)
        ahead = [
            Outcome(eta=_eta(row), begun_at=int(begun.timestamp()))
            for row, begun in known
            if begun is not None and begun > row.made_at
        ]
        moved = taught.calibration(session).after(ahead)
        record.content, record.made_at = moved.to_json(), at
        session.add(record)
        stored.settle(session, {row.visit for row, _ in known})
    return len(known)


def tell(service: Service, at: datetime) -> int:
    """Have libraries told of the windows that break; how many."""
    with service.database.write() as session:
        return of_road(session, at.astimezone(PARIS).date(), at)


def _etas(one: Situation, at: datetime, known: Learnt, moved: Calibration) -> tuple[Eta, ...]:
    if not one.running:
        return ()
    recorded = one.recorded
    now_at = int(at.timestamp())
    return predict(recorded.halts, recorded.told, one.fixes, now_at, known, moved, recorded.crew)


def _store(session: Session, one: Situation, etas: Sequence[Eta], at: datetime) -> bool:
    """Under the row's lock: whoever was quicker has stored the same."""
    tour = one.followed.round
    row = stored.hold_foreseen(session, tour.code, tour.day, at)
    if one.known is not None and row.stamp != one.known.stamp:
        return False
    if one.known is None and row.stamp:
        return False
    stamp = f"{one.stamp} {tick_of(at)}"
    row.stamp, row.day, row.made_at = stamp, tour.day, at
    row.basis = etas[0].basis if etas else ""
    row.told_at = _moment(etas[0].told_at) if etas else None
    row.detail = {eta.visit: [eta.p10_at, eta.p50_at, eta.p90_at, eta.skip_permille] for eta in etas}
    session.add(row)
    stored.add_predictions(session, [_row(one, eta, stamp, at) for eta in etas])
    announce(session, "rounds", tour.code)
    return True


def _row(one: Situation, eta: Eta, stamp: str, at: datetime) -> dict[str, Any]:
    tour = one.followed.round
    quantiles = {
        f"{name}_at": _moment(getattr(eta, f"{name}_at")) for name in ("p05", "p10", "p50", "p90", "p95")
    }
    return {
        "round": tour.code,
        "visit": eta.visit,
        "site": site_of(eta.visit) or "",
        "day": tour.day,
        "made_at": at,
        "stamp": stamp,
        "facts": one.facts,
        "basis": eta.basis,
        "told_at": _moment(eta.told_at),
        "ahead_s": eta.ahead_s,
        "skip_permille": eta.skip_permille,
        **quantiles,
    }


def _eta(row: PredictionRecord) -> Eta:
    second = {
        f"{name}_at": int(getattr(row, f"{name}_at").timestamp())
        for name in ("p05", "p10", "p50", "p90", "p95")
    }
    return Eta(
        visit=row.visit,
        skip_permille=row.skip_permille,
        basis=row.basis,
        told_at=int(row.told_at.timestamp()) if row.told_at else None,
        ahead_s=row.ahead_s,
        **second,
    )


def _moment(second: int | None) -> datetime | None:
    return None if second is None else datetime.fromtimestamp(second, UTC)
