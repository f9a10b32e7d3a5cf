"""The front between kilometres and readers' waiting, on the wire."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from api.services.plans.front import Point
from api.wire.base import Wire
from api.wire.plan_runs import Week
from api.wire.what_if import FiguresOut
from models.tables.plans import PlanKind, PlanRunRecord, RunState


class FrontIn(Wire):
    """Three to five plans of a week, from the cheapest to the quickest for readers; `seconds` for each."""

    week: Week
    kind: PlanKind = PlanKind.WEEK
    points: Annotated[Literal[3, 4, 5], Field(examples=[4])] = 4
    seconds: Annotated[float, Field(ge=0.1, le=600)] = 20
    base: Annotated[UUID | None, Field(description="Le brouillon dont les verrous sont gardés.")] = None


class PointOut(Wire):
    """One plan of the front, or the calculation that it will come from."""

    run: UUID
    reader_percent: int = Field(description="L'attente des lecteurs, en % de son prix dans le réseau.")
    state: RunState
    plan: UUID | None
    figures: FiguresOut | None
    dominated: bool = Field(description="Un autre plan ne coûte pas plus et ne fait pas attendre plus.")


class FrontOut(Wire):
    """The plans of a front, those that look least at readers' waiting first."""

    front: UUID
    week: Week
    points: list[PointOut]


def front_out(found: list[Point]) -> FrontOut:
    """A front with what is known of it so far."""
    first: PlanRunRecord = found[0].run
    assert first.front is not None
    return FrontOut(front=first.front, week=first.week, points=[_point(one) for one in found])


def _point(one: Point) -> PointOut:
    figures = one.figures
    return PointOut(
        run=one.run.id,
        reader_percent=one.run.reader_percent or 0,
        state=one.run.state,
        plan=one.plan,
        figures=FiguresOut.model_validate(figures, from_attributes=True) if figures else None,
        dominated=one.dominated,
    )
