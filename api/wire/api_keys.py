"""API keys on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from api.services.api_keys import SCOPES
from api.wire.base import Wire
from models.tables.people import ApiKeyRecord


class ApiKeyAsked(Wire):
    """A key for another software, with what it may do."""

    name: Annotated[str, Field(min_length=1, max_length=80, examples=["Koha"])]
    scopes: Annotated[
        list[Annotated[str, Field(max_length=40)]],
        Field(
            min_length=1,
            max_length=len(SCOPES),
            examples=[["transfers:read", "transfers:write"]],
            description=" ; ".join(f"`{scope}` : {words}" for scope, words in SCOPES.items()),
        ),
    ]
    expires_at: Annotated[AwareDatetime | None, Field(examples=["2027-12-01T00:00:00+01:00"])] = None


class ApiKeyOut(Wire):
    """A key, told apart by its `prefix`."""

    id: UUID
    name: str
    prefix: str
    scopes: list[str]
    created_by: str
    created_at: datetime
    expires_at: datetime | None
    seen_at: datetime | None
    revoked_at: datetime | None


class ApiKeyMade(ApiKeyOut):
    """A key that was just made; `key` goes into `Authorization: Bearer`, and is told this once."""

    key: str


def told_key(record: ApiKeyRecord) -> ApiKeyOut:
    return ApiKeyOut(**record.model_dump(exclude={"secret"}))


def made_key(record: ApiKeyRecord, whole: str) -> ApiKeyMade:
    """A key with its secret."""
    return ApiKeyMade(**record.model_dump(exclude={"secret"}), key=whole)
