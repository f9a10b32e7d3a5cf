"""Shipments and recurring flows on the wire."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.wire.base import Wire, example
from models.tables.demand import ShipmentState

Site = Annotated[str, Field(max_length=120, examples=["cassel"])]
Crates = Annotated[int, Field(ge=0, le=500)]
Documents = Annotated[int, Field(ge=0, le=100_000)]
Ready = Annotated[date, Field(ge=date(1990, 1, 1), le=date(2199, 12, 31))]
Note = Annotated[str, Field(max_length=1000)]


class ShipmentIn(Wire):
    """« Bacs prêts »: crates at a site, for another or for wherever the coordination sends them."""

    origin: Site
    destination: Site | None = None
    crates: Crates
    documents: Documents = 0
    ready_on: Ready
    note: Note = ""


class ShipmentChange(Wire):
    """What may change of a shipment; what is not given stays."""

    destination: Site | None = None
    crates: Crates | None = None
    documents: Documents | None = None
    ready_on: Ready | None = None
    note: Note | None = None
    state: ShipmentState | None = None


class ShipmentOut(Wire):
    """A shipment."""

    id: UUID
    version: int
    origin: str
    destination: str | None
    crates: int
    documents: int
    ready_on: date
    note: str
    state: ShipmentState
    declared_by: str
    created_at: datetime


class FlowIn(Wire):
    """What goes from one site to another in an ordinary week."""

    origin: Site
    destination: Site
    weekly_documents: Documents = 0
    weekly_crates: Crates = 0


class FlowsIn(Wire):
    """Flows to put in; those not named stay."""

    model_config = example(
        flows=[{"origin": "cassel", "destination": "bailleul", "weekly_documents": 12, "weekly_crates": 1}]
    )

    flows: Annotated[list[FlowIn], Field(max_length=2500)]


class FlowOut(FlowIn):
    """A flow as it is stored."""

    version: int


class FlowsChanged(Wire):
    """What putting flows in has changed."""

    new: int
    changed: int
    same: int


class ActionOut(Wire):
    """Crates to leave or to take at a visit, and why."""

    crates: int
    crate: str | None
    other_site: Annotated[str | None, Field(description="D'où ils viennent, ou pour qui ils partent.")]
    words: Annotated[str, Field(examples=["Bac B0042, venu de Cassel."])]


class VisitActionsOut(Wire):
    """What to do with crates at a visit: the totals are what a phone proposes."""

    visit: str
    site: str
    commune: str
    number: int
    leave: int
    take: int
    leaving: list[ActionOut]
    taking: list[ActionOut]


class RoundActionsOut(Wire):
    """The visits of a round, in order, with what to leave and take."""

    round: str
    visits: list[VisitActionsOut]
