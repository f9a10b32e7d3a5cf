"""The network on the wire."""

from typing import Annotated, TypeAlias

from pydantic import Field

from api.wire.base import Wire
from api.wire.text import Change, Line, Phone
from models.errors import Finding
from models.tables.network import NetworkRecord


class NetworkOut(Wire):
    """Who runs the network. `revision` grows whenever anything that a plan depends on changes."""

    version: int
    code: Annotated[str, Field(examples=["escapade"])]
    name: Annotated[str, Field(examples=["L'Escapade"])]
    organisation: Annotated[str, Field(examples=["Cœur de Flandre agglo"])]
    coordinator_name: str
    coordinator_phone: str
    coordinator_email: str
    rules: dict[str, int]
    revision: int

    @classmethod
    def of(cls, record: NetworkRecord) -> "NetworkOut":
        return cls(**record.model_dump(exclude={"id"}))


_Rule: TypeAlias = Annotated[int, Field(ge=0, le=10_000_000)] | None


class RulesIn(Change):
    """Habits and prices: seconds and cents, as the network tells them."""

    setup_s: _Rule = None
    handling_s: _Rule = None
    closing_margin_s: _Rule = None
    announce_before_s: _Rule = None
    announce_after_s: _Rule = None
    announce_round_s: Annotated[int, Field(ge=60, le=86_400)] | None = None
    reader_day_cents: _Rule = None
    missed_visit_cents: _Rule = None
    habit_cents: _Rule = None
    habit_tolerance_s: _Rule = None
    cut_off_s: _Rule = None
    sorting_s: _Rule = None
    sorts_on_road: Annotated[int, Field(ge=0, le=1)] | None = None


class NetworkChange(Change):
    """What may be changed of the network itself."""

    name: Annotated[Line, Field(min_length=1, examples=["L'Escapade"])] | None = None
    organisation: Annotated[Line, Field(min_length=1)] | None = None
    coordinator_name: Annotated[Line, Field(min_length=1)] | None = None
    coordinator_phone: Annotated[Phone, Field(min_length=1)] | None = None
    coordinator_email: (
        Annotated[Line, Field(pattern=r"^$|^[^@\s]+@[^@\s]+$", examples=["navette@exemple.fr"])] | None
    ) = None
    rules: RulesIn | None = None


class FindingOut(Wire):
    """One thing that is wrong, or merely worth knowing, and how to mend it."""

    where: Annotated[str, Field(description="Le fichier ou le champ.", examples=["libraries.csv"])]
    about: Annotated[str, Field(description="Le code de ce qui est en cause, vide pour un ensemble.")]
    line: Annotated[int | None, Field(description="La ligne du fichier, dont l'en-tête est la ligne 1.")]
    message: str
    remedy: str
    serious: Annotated[bool, Field(description="Vrai : interdit de planifier.")]

    @classmethod
    def of(cls, finding: Finding) -> "FindingOut":
        return cls(
            where=finding.where,
            about=finding.key,
            line=finding.line,
            message=finding.message,
            remedy=finding.remedy,
            serious=finding.serious,
        )


class NetworkCheck(Wire):
    """Everything that can be said of the stored network."""

    plannable: bool
    findings: list[FindingOut]
