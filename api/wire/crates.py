"""Crates on the wire: what is registered, and where facts say that they are."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.wire.base import Wire
from models.custody.crates import Holder
from models.custody.facts import ScanKind

CodeIn = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$", examples=["B0042"])]
Site = Annotated[str, Field(max_length=120, examples=["cassel"])]


class CrateIn(Wire):
    """A new crate. `code` is what its barcode says."""

    code: CodeIn
    label: Annotated[str, Field(max_length=200)] = ""
    home: Site | None = None


class CrateChange(Wire):
    """What may change of a crate; what is not given stays. `retired` puts it aside, or back in use."""

    label: Annotated[str | None, Field(max_length=200)] = None
    home: Site | None = None
    retired: bool | None = None


class SeriesIn(Wire):
    """Crates numbered from `first` to `last`, both included: « B0001 » to « B0400 »."""

    prefix: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{0,20}$", examples=["B"])]
    first: Annotated[int, Field(ge=0, le=999_999)]
    last: Annotated[int, Field(ge=0, le=999_999)]
    digits: Annotated[int, Field(ge=1, le=12, description="Complété par des zéros à gauche.")] = 4
    label: Annotated[str, Field(max_length=200)] = ""
    home: Site | None = None


class SeriesOut(Wire):
    """How many crates were made; `known` were there already and did not change."""

    made: int
    known: list[str]


class CustodyOut(Wire):
    """Where a crate is; `place` is a site or a round, `empty` null where nobody knows."""

    holder: Holder
    place: str
    empty: bool | None
    since: datetime
    scan: str


class CrateOut(Wire):
    """A crate. `custody` is null before any fact about it."""

    version: int
    code: str
    label: str
    home: str | None
    retired_at: datetime | None
    custody: CustodyOut | None


class UnknownCrateOut(Wire):
    """A code that facts name and that nobody has registered."""

    code: str
    custody: CustodyOut


class CrateStepOut(Wire):
    """One fact in the history of a crate, in words."""

    scan: UUID
    kind: ScanKind
    at: datetime
    visit: str
    words: Annotated[str, Field(examples=["Déposé à Cassel."])]
    undone: Annotated[bool, Field(description="Annulé ou corrigé depuis : ne compte plus pour ce bac.")]
    author: str


class BalanceOut(Wire):
    """The crates of one site. `delivered` and `picked_up` are of the period, `here` and `empty` of now."""

    site: str
    commune: str
    delivered: int
    picked_up: int
    balance: Annotated[int, Field(description="Déposés moins repris, sur la période.")]
    here: Annotated[int, Field(description="Bacs que les pointages situent ici.")]
    empty: Annotated[int, Field(description="Parmi eux, ceux que l'on sait vides.")]
