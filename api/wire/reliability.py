"""What was foretold held against what came, on the wire."""

from datetime import date
from typing import Annotated

from pydantic import Field

from api.wire.base import Wire


class ShareOut(Wire):
    """Of `of` cases, `kept` came as announced; `few`: too few to conclude from."""

    announced_permille: Annotated[int, Field(description="Ce qui était annoncé.")]
    kept: int
    of: int
    kept_permille: int | None
    few: Annotated[bool, Field(description="Moins de 30 cas : à lire avec prudence.")]


class WidthOut(Wire):
    """How wide windows (p10 to p90) were, made so long before the visit began."""

    ahead_min: Annotated[int, Field(description="Jusqu'à tant de minutes avant le passage.")]
    of: int
    median_s: int
    coverage: ShareOut


class SiteReliabilityOut(Wire):
    """A village whose announced windows hold least often."""

    site: str
    commune: str
    punctual: ShareOut


class ReliabilityOut(Wire):
    """A period, days both included."""

    first: date
    last: date
    windows: Annotated[list[ShareOut], Field(description="Créneaux prédits à 80 % et à 90 %.")]
    widths: list[WidthOut]
    announced: Annotated[ShareOut, Field(description="Créneaux publiés : passages commencés dedans.")]
    promises: Annotated[list[ShareOut], Field(description="Promesses tenues, par chance annoncée.")]
    worst: Annotated[list[SiteReliabilityOut], Field(description="Les communes les moins ponctuelles.")]
