"""Personal links on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.security.totp import qr_svg
from api.wire.base import Wire
from models.tables.people import LinkKind, LinkRecord

Kind = Annotated[
    LinkKind,
    Field(
        description="`library` : la page d'une bibliothèque ; `site_feed`, `round_feed`, `driver_feed` : "
        "l'agenda d'un lieu, des tournées d'un véhicule, d'un conducteur."
    ),
]


class LinkAsked(Wire):
    """What a link is to open; `subject` is the code of a site, of a vehicle or of a driver."""

    kind: Kind
    subject: Annotated[str, Field(min_length=1, max_length=80, examples=["cassel"])]
    label: Annotated[str, Field(max_length=120, examples=["Affiche du comptoir"])] = ""


class LinkOut(Wire):
    """A personal link, without its token."""

    id: UUID
    kind: Kind
    subject: str
    label: str
    generation: int
    created_by: str
    created_at: datetime
    seen_at: datetime | None
    revoked_at: datetime | None


class LinkShown(LinkOut):
    """A personal link to be printed or sent: whoever has it comes in."""

    url: str
    qr_svg: str


def told_link(record: LinkRecord) -> LinkOut:
    return LinkOut(**record.model_dump())


def shown_link(record: LinkRecord, url: str) -> LinkShown:
    """A link with its address, also as a QR code."""
    return LinkShown(**record.model_dump(), url=url, qr_svg=qr_svg(url))
