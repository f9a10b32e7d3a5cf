"""Facts from the road: told in batches, read in order of arrival."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.endpoints.caller import Caller, allowed
from api.endpoints.paging import Paging
from api.endpoints.readings import readings
from api.repositories.scans import Wanted, list_scans
from api.services.actor import Role
from api.services.road.record import Batch, record, source_of
from api.wire.base import Listed, listed
from api.wire.scans import ScanOut, ScansIn, ScansOut
from models.custody.facts import ScanKind
from models.tables.base import now
from models.tables.scans import ScanRecord

router = APIRouter(tags=["pointages"])
Teller = Annotated[Caller, allowed(Role.DRIVER, Role.COORDINATOR, Role.LIBRARY, scope="scans:write")]
Reader = Annotated[Caller, allowed(Role.COORDINATOR, Role.OFFICIAL, scope="scans:read")]
OnPaper = Annotated[bool, Query(description="Recopié d'une feuille de route (coordination).")]


@router.post("/scans", summary="Dire ce qui s'est passé, par lots")
def tell(batch: ScansIn, caller: Teller, paper: OnPaper = False) -> ScansOut:
    """Stored once however often it is sent. Answered only once it is stored."""
    at = now()
    told = Batch(readings=readings(batch), source=source_of(caller.actor, paper), received_at=at)
    with caller.write() as session:
        results = record(session, caller.actor, told)
    return ScansOut(received_at=at, results=results)


def _wanted(
    round_: Annotated[str | None, Query(alias="round", max_length=120)] = None,
    site: Annotated[str | None, Query(max_length=120)] = None,
    crate: Annotated[str | None, Query(max_length=120)] = None,
    day: date | None = None,
    kind: ScanKind | None = None,
) -> Wanted:
    return Wanted(round=round_, site=site, crate=crate, day=day, kind=kind)


@router.get("/scans", summary="Ce qui a été dit, dans l'ordre d'arrivée")
def read(caller: Reader, wanted: Annotated[Wanted, Depends(_wanted)], paging: Paging) -> Listed[ScanOut]:
    with caller.read() as session:
        return listed(list_scans(session, wanted, paging), _told)


def _told(record: ScanRecord) -> ScanOut:
    return ScanOut(**record.model_dump(exclude={"device", "day"}))
