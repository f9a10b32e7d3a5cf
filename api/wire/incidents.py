"""Incidents and messages on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, Field

from api.wire.base import Wire, example
from api.wire.scans import Instant, clean
from models.tables.scans import MessageKind

Ref = Annotated[str, BeforeValidator(clean), Field(max_length=200)]
Text = Annotated[str, BeforeValidator(clean), Field(max_length=4000)]
Site = Annotated[str, Field(max_length=120, examples=["cassel"])]


class IncidentIn(Wire):
    """Something that went wrong. `id` is made by its author and kept when it is sent again."""

    model_config = example(
        id="0193f2a4-6d1e-7c33-9b8a-2f4f6c1d8e70",
        visit="2026-W49-mar-matin-V1/cassel",
        text="Portail fermé, personne ne répond.",
        occurred_at="2026-12-01T09:12:00+01:00",
    )

    id: UUID
    visit: Annotated[Ref, Field(description="Vide : la tournée entière, ou aucune.")] = ""
    round: Annotated[str | None, Field(max_length=120)] = None
    text: Text = ""
    occurred_at: Instant


class PhotoOut(Wire):
    """A photo of an incident, as it is kept."""

    id: UUID
    width: int
    height: int


class IncidentOut(Wire):
    """An incident; `settled_at` is null while nobody has settled it."""

    id: UUID
    visit: str
    round: str | None
    site: str | None
    text: str
    occurred_at: datetime
    received_at: datetime
    author: str
    settled_at: datetime | None
    settled_by: str
    settled_note: str
    photos: list[PhotoOut]


class SettleIn(Wire):
    """How an incident was settled."""

    model_config = example(note="Vu avec la mairie : la clé est chez le voisin.")

    note: Text = ""


class MessageIn(Wire):
    """A message between a library and the coordination; `site` is the library, also when it writes itself."""

    site: Site
    kind: MessageKind = MessageKind.TEXT
    text: Text = ""
    facts: Annotated[
        dict[Annotated[str, Field(max_length=40)], int | Annotated[str, Field(max_length=200)]],
        Field(max_length=20, description="Les chiffres de ce genre de message.", examples=[{"crates": 3}]),
    ] = Field(default_factory=dict)


class MessageOut(Wire):
    """A message; `read_at` is when the other side read it."""

    id: UUID
    site: str
    from_library: bool
    kind: MessageKind
    author: str
    text: str
    facts: dict[str, int | str]
    at: datetime
    read_at: datetime | None


class ReadIn(Wire):
    """Read up to this message, included."""

    model_config = example(up_to="0193f2a4-6d1e-7c33-9b8a-2f4f6c1d8e70")

    up_to: UUID


class UnreadOut(Wire):
    """How many messages of the other side are not read, in all and by site."""

    unread: int
    by_site: dict[str, int]
