"""The log of changes on the wire."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from api.wire.base import Wire
from models.tables.people import AuditRecord


class AuditOut(Wire):
    """One change. `before` and `after` name only what changed; secrets stand as « … »."""

    id: UUID
    at: datetime
    role: str
    author: str
    request: str
    action: Annotated[str, Field(examples=["changed"])]
    subject: Annotated[str, Field(examples=["site"])]
    key: Annotated[str, Field(examples=["cassel"])]
    before: dict[str, Any] | None
    after: dict[str, Any] | None


def told_change(record: AuditRecord) -> AuditOut:
    return AuditOut(**record.model_dump())
