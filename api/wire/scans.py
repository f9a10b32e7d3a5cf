"""Facts from the road on the wire."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, WithJsonSchema

from api.wire.base import Wire
from models.custody.facts import ScanKind
from models.tables.scans import ScanSource

MOST = 500
_FIRST, _LAST = datetime(1970, 1, 2, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def _of_our_times(moment: datetime) -> datetime:
    if not _FIRST <= moment <= _LAST:
        raise ValueError("cet instant est hors du calendrier.")
    return moment


def clean(given: Any) -> Any:
    """Without what databases cannot hold, and without blanks around."""
    if not isinstance(given, str):
        return given
    if not given.isascii() and any("\ud800" <= letter <= "\udfff" for letter in given):
        raise ValueError("ce texte est abîmé.")
    return given.replace("\x00", "").strip()


Instant = Annotated[AwareDatetime, AfterValidator(_of_our_times)]
Code = Annotated[str, BeforeValidator(clean), Field(max_length=80)]


class ScanIn(Wire):
    """One fact, as a phone, a desk or another software tells it."""

    id: Annotated[
        UUID,
        Field(
            description="Un UUIDv7 fait par l'auteur, gardé quand le fait est renvoyé.",
            examples=["01932d5e-7c3b-7e6f-8a53-3f4c9b1f0a10"],
        ),
    ]
    kind: ScanKind
    visit: Annotated[
        str,
        BeforeValidator(clean),
        Field(
            max_length=200,
            description="Tournée/site, suivi de ~2 au second passage ; le dépôt est un site comme un autre.",
            examples=["2026-W49-mar-matin-V1/cassel"],
        ),
    ] = ""
    crate: Annotated[Code | None, Field(description="Le code-barres du bac.", examples=["B0042"])] = None
    count: Annotated[
        int | None,
        Field(ge=0, le=10_000, description="Le total du passage, en bacs, pour ce genre de fait."),
    ] = None
    target: Annotated[UUID | None, Field(description="Le fait corrigé ou annulé.")] = None
    retimed_to: Annotated[
        Instant | None, Field(description="Pour une correction : l'heure vraie du fait corrigé.")
    ] = None
    text: Annotated[str, BeforeValidator(clean), Field(max_length=2000)] = ""
    occurred_at: Annotated[
        Instant, Field(description="Quand c'est arrivé.", examples=["2026-12-01T09:02:00+01:00"])
    ]
    sent_at: Annotated[
        Instant, Field(description="Quand le téléphone l'envoie.", examples=["2026-12-01T09:02:03+01:00"])
    ]


_ONE: dict[str, Any] = {
    "type": "array",
    "maxItems": MOST,
    "items": ScanIn.model_json_schema(ref_template="#/components/schemas/{model}"),
}


class ScansIn(Wire):
    """A batch. Each fact is judged by itself: one that cannot be read does not keep the others out."""

    scans: Annotated[list[Any], Field(max_length=MOST), WithJsonSchema(_ONE)]


class ScanFate(StrEnum):
    """What became of one fact of a batch."""

    STORED = "stored"
    KNOWN = "known"
    REFUSED = "refused"


class ScanResult(Wire):
    """`notes` say what is odd about the fact; it counts all the same. A refused one says why."""

    id: Annotated[
        str | None, Field(description="L'identifiant tel qu'il a été donné ; nul s'il n'y en avait pas.")
    ]
    state: ScanFate
    notes: Annotated[list[str], Field(default_factory=list, examples=[["late"]])]
    reason: Annotated[str, Field(examples=["occurred_at : il manque."])] = ""


class ScansOut(Wire):
    """One result per fact, in the order of the batch. What is not refused is stored for good."""

    received_at: datetime
    results: list[ScanResult]


class ScanOut(Wire):
    """A fact as it is stored."""

    seq: Annotated[int, Field(description="L'ordre d'arrivée ici.")]
    id: UUID
    kind: ScanKind
    visit: str
    round: str | None
    site: str | None
    crate: str | None
    count: int | None
    target: UUID | None
    retimed_to: datetime | None
    text: str
    occurred_at: datetime
    sent_at: datetime
    received_at: datetime
    source: ScanSource
    author: str
    notes: list[str]
