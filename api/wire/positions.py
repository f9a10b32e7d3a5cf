"""Positions of vans on the wire."""

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, Field

from api.services.positions.accept import Counted
from api.services.positions.fixes import Fix
from api.wire.base import Wire, example
from models.tables.scans import PositionRecord

Degrees = Annotated[float, Field(allow_inf_nan=False)]


class PositionIn(Wire):
    """Où était le téléphone."""

    at: Annotated[AwareDatetime, Field(description="L'heure du téléphone.")]
    lat: Annotated[Degrees, Field(ge=-90, le=90, examples=[50.7175])]
    lon: Annotated[Degrees, Field(ge=-180, le=180, examples=[2.5522])]
    accuracy_m: Annotated[float | None, Field(ge=0, le=1e6)] = None
    speed_mps: Annotated[float | None, Field(ge=0, le=200)] = None
    heading_deg: Annotated[float | None, Field(ge=0, le=360)] = None

    def fix(self) -> Fix:
        return Fix(**self.model_dump())


class PositionsIn(Wire):
    """Des positions gardées par le téléphone, dans n'importe quel ordre."""

    model_config = example(positions=[{"at": "2026-12-01T09:12:00+01:00", "lon": 2.4856, "lat": 50.8009}])

    positions: Annotated[list[PositionIn], Field(min_length=1, max_length=500)]


class CountedOut(Wire):
    """Ce qu'elles sont devenues. Rien n'est à renvoyer."""

    kept: int
    thinned: Annotated[int, Field(description="Trop proches d'une autre (10 s et 50 m).")]
    outside: Annotated[int, Field(description="Hors de toute tournée en cours : jetées.")]
    refused: Annotated[int, Field(description="Heure impossible : à venir, ou vieille de plus d'un jour.")]


def counted_out(counted: Counted) -> CountedOut:
    return CountedOut(
        kept=counted.kept, thinned=counted.thinned, outside=counted.outside, refused=counted.refused
    )


class PositionOut(Wire):
    """Où était la navette."""

    at: datetime
    lat: float
    lon: float
    accuracy_m: float | None
    speed_mps: float | None
    heading_deg: float | None


def position_out(record: PositionRecord) -> PositionOut:
    return PositionOut(**record.model_dump(include=set(PositionOut.model_fields)))
