"""The log of changes, for coordinators."""

from typing import Annotated, TypeAlias

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime

from api.endpoints.caller import Coordinator
from api.endpoints.paging import Paging
from api.repositories.audit_log import Wanted, list_audit
from api.wire.audit import AuditOut, told_change
from api.wire.base import Listed, listed

router = APIRouter(tags=["accès"])
Text = Annotated[str | None, Query(max_length=120)]


Instant: TypeAlias = AwareDatetime | None


def _period(
    since: Annotated[Instant, Query(description="Depuis cet instant, compris.")] = None,
    before: Annotated[Instant, Query(description="Avant cet instant, non compris.")] = None,
) -> tuple[Instant, Instant]:
    return since, before


def _wanted(
    period: Annotated[tuple[Instant, Instant], Depends(_period)],
    subject: Text = None,
    key: Text = None,
    author: Text = None,
    action: Text = None,
) -> Wanted:
    since, before = period
    return Wanted(subject=subject, key=key, author=author, action=action, since=since, before=before)


@router.get("/audit", summary="Le journal des changements, le dernier d'abord")
def read_audit(
    caller: Coordinator, paging: Paging, wanted: Annotated[Wanted, Depends(_wanted)]
) -> Listed[AuditOut]:
    with caller.read() as session:
        return listed(list_audit(session, wanted, paging), told_change)
