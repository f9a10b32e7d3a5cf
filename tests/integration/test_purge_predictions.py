"""What was foretold is kept for a setting's days; what was learnt from it, and how visits went, for good."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import SQLModel, select

from api.jobs.purge import purge
from api.service import Service
from api.services.foretelling import taught
from models.custody.visits import VisitState
from models.tables.predictions import ForeseenRecord, LearntRecord, PredictionRecord, PromiseRecord
from models.tables.scans import OutcomeRecord
from tests.road import TUESDAY, clock


def _foretold(day: date) -> list[SQLModel]:
    at, ref = clock("9:10", day), f"{day}/cassel"
    kept: dict[str, Any] = {"round": str(day), "day": day}
    quantiles: dict[str, Any] = dict.fromkeys(("p05_at", "p10_at", "p50_at", "p90_at", "p95_at"), at)
    return [
        PredictionRecord(**kept, **quantiles, visit=ref, site="cassel", made_at=at, stamp="1", basis="x"),
        ForeseenRecord(**kept, made_at=at),
        OutcomeRecord(**kept, visit=ref, site="cassel", state=VisitState.DONE),
    ]


def _promise(day: date, *, settled: bool) -> PromiseRecord:
    at = clock("9:10", day)
    moments: dict[str, Any] = dict.fromkeys(("ready_at", "likely_at", "due_at", "worst_at"), at)
    return PromiseRecord(
        origin="cassel",
        destination="arneke",
        pickup=f"{day}{settled}",
        chance_permille=900,
        basis="x",
        settled_at=at if settled else None,
        **moments,
    )


def test_old_predictions_and_settled_promises_go(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """Kept for 60 days: of the 60th day before yes, of the 61st no."""
    monkeypatch.setattr(service.settings, "predictions_days", 60)
    monkeypatch.setattr("api.jobs.purge.now", lambda: clock("3:30", TUESDAY))
    old, young = TUESDAY - timedelta(days=61), TUESDAY - timedelta(days=60)
    with service.database.write() as session:
        session.add_all([*_foretold(old), *_foretold(young)])
        session.add_all([_promise(old, settled=True), _promise(old, settled=False)])
        session.add(_promise(young, settled=True))
        session.add(LearntRecord(kind=taught.CALIBRATION, made_at=clock("3:30", old)))
    for _ in range(2):
        purge(service, "2026-12-01")
    with service.database.read() as session:
        assert [one.day for one in session.exec(select(PredictionRecord))] == [young]
        assert [one.day for one in session.exec(select(ForeseenRecord))] == [young]
        # What is not settled yet is still looked at.
        left = {(one.pickup, one.settled_at is None) for one in session.exec(select(PromiseRecord))}
        assert left == {(f"{old}False", True), (f"{young}True", False)}
        assert len(session.exec(select(OutcomeRecord)).all()) == 2
        assert len(session.exec(select(LearntRecord)).all()) == 1
