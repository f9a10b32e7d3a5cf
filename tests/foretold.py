"""A stored past: rounds as they were driven, what had been foretold of them, promises fallen due."""

import random
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session

from models.custody.visits import VisitState
from models.tables.predictions import PredictionRecord, PromiseRecord
from models.tables.scans import OutcomeRecord
from tests.road import TUESDAY, clock, publish

FIRST = TUESDAY - timedelta(weeks=52)  # long ago, whenever this is read
_ANNOUNCED = ((550, 0.6), (700, 0.7), (800, 0.8), (910, 0.92), (990, 0.98))  # permille; share kept


def tell_a_past(session: Session, weeks: int = 10) -> tuple[date, date]:
    """Fill ten Tuesdays; the first and the last."""
    chance = random.Random(1)
    for week in range(weeks):
        day = FIRST + timedelta(weeks=week)
        tour = publish(
            session, code=f"{day.isocalendar().year}-W{day.isocalendar().week:02}-mar-matin-V1", day=day
        )
        for number, site in enumerate(("cassel", "arneke", "bavinchove")):
            _visit(session, f"{tour.code}/{site}", site, day, number, chance)
    for announced, share in _ANNOUNCED:
        for number in range(40):
            _promise(session, announced, number, kept=number < 40 * share)
    return FIRST, day


def _visit(session: Session, ref: str, site: str, day: date, number: int, chance: random.Random) -> None:
    begun = clock("9:10", day) + timedelta(minutes=15 * number + chance.randint(-8, 25))
    known: dict[str, Any] = {"visit": ref, "round": ref.partition("/")[0], "site": site, "day": day}
    session.add(OutcomeRecord(**known, began_at=begun, arrived_at=begun, state=VisitState.DONE))
    for ahead in (70, 40, 10):
        likely = begun + timedelta(minutes=chance.randint(-ahead // 5, ahead // 5))
        told: dict[str, Any] = {
            f"{name}_at": likely + timedelta(minutes=share * ahead // 10)
            for name, share in (("p05", -3), ("p10", -2), ("p50", 0), ("p90", 2), ("p95", 3))
        }
        made = begun - timedelta(minutes=ahead)
        session.add(PredictionRecord(**known, **told, made_at=made, stamp=str(ahead), basis="pointages"))


def _promise(session: Session, announced: int, number: int, *, kept: bool) -> None:
    session.add(
        PromiseRecord(
            origin="cassel",
            destination="arneke",
            pickup=f"{announced}-{number}",
            ready_at=clock("8:00", FIRST),
            likely_at=clock("9:00", FIRST),
            due_at=clock("10:00", FIRST),
            worst_at=clock("11:00", FIRST),
            chance_permille=announced,
            basis="planning publié",
            kept=kept,
        )
    )
