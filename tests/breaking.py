"""A window of Arneke's that breaks: announced from 9:15 to 9:45, foreseen elsewhere, and told."""

from datetime import datetime
from typing import Any

from sqlmodel import select

from api.service import Service
from api.services.noticing import of_road
from models.tables.predictions import ForeseenRecord, PredictionRecord
from tests.road import ARNEKE, ROUND, TUESDAY, clock


def foreseen(service: Service, made: str, early: str, likely: str, late: str) -> None:
    """What the last prediction says of Arneke, announced from 9:15 to 9:45."""
    p10, p50, p90 = (clock(text) for text in (early, likely, late))
    detail = {ARNEKE: [int(p.timestamp()) for p in (p10, p50, p90)] + [20]}
    fields: dict[str, Any] = {"round": ROUND, "day": TUESDAY, "made_at": clock(made), "basis": "pointages"}
    with service.database.write() as session:
        row = session.exec(select(ForeseenRecord)).first()
        if row is None:
            session.add(ForeseenRecord(**fields, stamp=made, detail=detail))
        else:
            row.detail, row.made_at = detail, clock(made)
        quantiles: dict[str, Any] = {
            "p05_at": p10,
            "p10_at": p10,
            "p50_at": p50,
            "p90_at": p90,
            "p95_at": p90,
        }
        session.add(PredictionRecord(**fields, **quantiles, visit=ARNEKE, site="arneke", stamp=made))


def look(service: Service, moment: datetime) -> int:
    with service.database.write() as session:
        found = of_road(session, TUESDAY, moment)
    service.jobs.run_all(service)  # type: ignore[attr-defined]
    return found
