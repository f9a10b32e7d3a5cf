"""Plans beside each other on the wire: what a publication changes, differences, comparisons."""

from datetime import date
from uuid import UUID

from pydantic import Field

from api.wire.base import Wire, example
from api.wire.delays import DelayCompareOut
from api.wire.plans import Code, PlanHead, PlanOut, Title, UnplannedOut, Week, WindowOut


class StoodOut(Wire):
    """Where a visit stands in one of two plans."""

    day: date
    round: Code
    number: int
    begin_s: int
    announced: WindowOut
    deliver: int
    collect: int


class VisitChange(Wire):
    """One visit in two plans; `was` is null when it is new, `now` when it is lost."""

    site: str
    was: StoodOut | None
    now: StoodOut | None
    moved_s: int | None = Field(
        description="De combien le créneau bouge ; nul si le passage change de jour, vient ou disparaît."
    )
    sentence: str = Field(description="Ce que la bibliothèque en lirait.")


class PublicationOut(Wire):
    """What publishing would change. Send `replaces` back when you publish."""

    plan: UUID
    version: int
    week: Week
    replaces: UUID | None = Field(description="Le planning publié de cette semaine, qui serait remplacé.")
    replaces_number: int | None
    against: UUID | None = Field(description="Ce que les bibliothèques croient savoir : la comparaison.")
    moved: list[VisitChange] = Field(description="Le créneau annoncé bouge de plus que la tolérance.")
    other_day: list[VisitChange]
    added: list[VisitChange]
    lost: list[VisitChange]
    unmoved: int = Field(description="Combien de passages restent comme annoncés.")
    told: list[str] = Field(description="Les bibliothèques qui recevraient un message.")
    unplanned: list[UnplannedOut]
    violations: list[str]


class PublishIn(Wire):
    """`replaces` is what the publisher has seen as published: null when nothing was."""

    model_config = example(replaces="0193f2a4-6d1e-7c33-9b8a-2f4f6c1d8e70")

    replaces: UUID | None = None


class ApplyIn(Wire):
    """The week on which to lay a plan."""

    week: Week
    title: Title = ""


class DiffOut(Wire):
    """The second plan seen from the first."""

    before: PlanHead
    after: PlanHead
    rounds_added: list[Code]
    rounds_gone: list[Code]
    moved: list[VisitChange]
    added: list[VisitChange]
    removed: list[VisitChange]
    distance_m: int
    duration_s: int
    cents: int
    terms: dict[str, int]


class MeasuredOut(Wire):
    """One plan of a comparison."""

    plan: PlanHead
    rounds: int
    visits: int
    missing: int
    distance_m: int
    duration_s: int
    cents: int
    terms: dict[str, int]
    kg_co2e: float | None = Field(description="Nul tant qu'aucun facteur d'émission n'est réglé.")
    waiting_days: float = Field(
        description="Attente moyenne d'un document (Σg²/14), chaque bibliothèque comptant autant."
    )
    waiting_by_flow: float = Field(description="La même, pondérée par les documents échangés.")


class VillageOut(Wire):
    """Mean waiting days at one library under each plan, in the order asked; `change_days` last less first."""

    site: str
    waiting_days: list[float]
    change_days: float


class CompareOut(Wire):
    """Two to four plans side by side."""

    plans: list[MeasuredOut]
    worse: list[VillageOut] = Field(description="Où l'on attend plus avec le dernier qu'avec le premier.")
    better: list[VillageOut]
    delays: DelayCompareOut
    co2_source: str


class Published(PublicationOut):
    """What was published, and who was written to."""

    published: PlanOut
