"""How long documents take between libraries, on the wire. Hours are whole, rounded up."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.wire.base import Wire

Hours = Annotated[int | None, Field(description="Heures entières ; nul : ce n'est pas desservi.")]
WEIGHTING = (
    "Un document est demandé à toute heure d'ouverture de la bibliothèque qui le recevra, chacune comptant "
    "autant, dans une semaine ordinaire qui se répète ; à toute heure quand ses horaires ne sont pas connus. "
    "Médiane : un document sur deux est arrivé dans ce délai ; 90 % : neuf sur dix."
)


class Side(Wire):
    """A village at one end, all libraries at the other, each counting alike."""

    median_h: Hours
    ninety_h: Hours


class VillageDelays(Wire):
    """One library as sender and as receiver."""

    site: Annotated[str, Field(examples=["cassel"])]
    name: str
    commune: str
    insee: str
    sending: Side
    receiving: Side
    badly_served: bool
    reason: Annotated[str, Field(description="Combien de passages, quels jours, après quel tri.")]


class DelaysOut(Wire):
    """Every pair of libraries under one plan: `median[k][l]` from `villages[k]` to `villages[l]`."""

    plan: UUID
    number: int
    week: str
    draft: bool
    weighting: str = WEIGHTING
    learnt_visits: Annotated[
        int, Field(description="Passages dont les chances ont été apprises ; 0 : elles sont supposées.")
    ]
    median_h: Hours
    ninety_h: Hours
    badly_means: Annotated[str, Field(description="Ce que veut dire « mal desservi ».")]
    villages: list[VillageDelays]
    median: list[list[Hours]]
    ninety: list[list[Hours]]


class VillageChange(Wire):
    """How long documents take to one library under each plan, in order; `change_h`: last less first."""

    site: str
    commune: str
    median_h: list[Hours]
    ninety_h: list[Hours]
    change_h: int | None


class PairsOut(Wire):
    """All pairs under one plan, in the order of `sites`."""

    median: list[list[Hours]]
    ninety: list[list[Hours]]


class DelayCompareOut(Wire):
    """Delays under each of the plans that are compared, in the order asked."""

    weighting: str = WEIGHTING
    median_h: list[Hours]
    ninety_h: list[Hours]
    felt: Annotated[str, Field(description="À partir de quoi un village y gagne ou y perd.")]
    worse: list[VillageChange]
    better: list[VillageChange]
    villages: list[VillageChange]
    sites: list[str]
    pairs: Annotated[list[PairsOut], Field(description="Seulement avec `pairs=true`.")]
