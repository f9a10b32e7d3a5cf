"""Files of a plan, made when somebody asks: kept as long as neither plan nor network changes."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from sqlmodel import Session

from api.repositories.plans import rounds_of
from api.services.folder import Territory
from api.services.network_records import the_network
from api.services.plans.former import absent, named_in, with_former
from api.services.plans.live_sheets import Printed, codes_of, live, with_live
from api.services.plans.store import plan_of_record
from api.services.territory import Territories
from models.errors import InputError, NotFound
from models.plan import Plan
from models.plan_file import dump_plan
from models.tables.plans import PlanRecord

_MOST_BYTES = 32 * 2**20
_AT_ONCE = 2  # more that draw at one time would only slow each other, and all others, down


class PlanFile(StrEnum):
    """What can be made of a plan."""

    PLAN = "plan.json"
    MAP = "carte.html"
    SHEETS = "feuilles-de-route.pdf"
    GPX = "tournees.gpx"
    ICS = "passages.ics"
    CSV = "horaires.csv"
    XLSX = "horaires.xlsx"
    GEOJSON = "tournees.geojson"


MEDIA: Mapping[PlanFile, str] = {
    PlanFile.PLAN: "application/json",
    PlanFile.MAP: "text/html; charset=utf-8",
    PlanFile.SHEETS: "application/pdf",
    PlanFile.GPX: "application/gpx+xml",
    PlanFile.ICS: "text/calendar; charset=utf-8",
    PlanFile.CSV: "text/csv; charset=utf-8",
    PlanFile.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    PlanFile.GEOJSON: "application/geo+json",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """A file, of the whole plan, of one of its days or of one of its rounds."""

    file: PlanFile
    day: date | None = None
    round: str | None = None


@dataclass(frozen=True, kw_only=True)
class Stated:
    """What a file depends on: the version of the plan, the state of the network, what is wanted."""

    record: PlanRecord
    revision: int
    wanted: Wanted
    public_url: str
    live: tuple[Printed, ...] = ()

    @property
    def key(self) -> str:
        """Equal keys, equal files."""
        parts = (self.record.id, self.record.version, self.revision, self.wanted, self.public_url, self.live)
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


class Exports:
    """Files made lately. Two who ask for the same one wait for one making; others are not held up."""

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._most = most_bytes
        self._lock = threading.Lock()
        self._made: OrderedDict[str, bytes] = OrderedDict()
        self._making: dict[str, threading.Lock] = {}
        self._turn = threading.BoundedSemaphore(_AT_ONCE)

    def get(self, key: str, make: Callable[[], bytes]) -> bytes:
        """The file of that key, made once."""
        found = self._find(key)
        if found is not None:
            return found
        with self._lock:
            mine = self._making.setdefault(key, threading.Lock())
        try:
            with mine:
                found = self._find(key)
                if found is not None:
                    return found
                with self._turn:
                    return self._keep(key, make())
        finally:
            with self._lock:
                self._making.pop(key, None)

    def _find(self, key: str) -> bytes | None:
        with self._lock:
            found = self._made.get(key)
            if found is not None:
                self._made.move_to_end(key)
            return found

    def _keep(self, key: str, content: bytes) -> bytes:
        with self._lock:
            self._made[key] = content
            while sum(map(len, self._made.values())) > self._most and len(self._made) > 1:
                self._made.popitem(last=False)
        return content


def stated(session: Session, record: PlanRecord, wanted: Wanted, public_url: str) -> Stated:
    """What a file would depend on, without making it. InputError for a part of what has no parts."""
    if wanted.file is PlanFile.PLAN and (wanted.day or wanted.round):
        raise InputError("plan.json est le planning entier : ne donnez ni jour ni tournée.")
    revision = the_network(session).revision
    known = live(session, record, _codes(session, record, wanted)) if wanted.file is PlanFile.SHEETS else ()
    return Stated(record=record, revision=revision, wanted=wanted, public_url=public_url, live=known)


def _codes(session: Session, record: PlanRecord, wanted: Wanted) -> list[str]:
    """The rounds that a file tells of."""
    return [
        one.code
        for one in rounds_of(session, [record.id])
        if wanted.round in {None, one.code} and wanted.day in {None, one.day}
    ]


def prepared(session: Session, territories: Territories, asked: Stated) -> Callable[[], bytes]:
    """Read what a file is made from; what comes back makes it, without the database.

    NotFound when the plan has no such round, or nothing on that day.
    """
    plan = plan_of_record(session, asked.record)
    if asked.wanted.file is PlanFile.PLAN:
        return lambda: dump_plan(plan).encode()
    part = _part(plan, asked.wanted)
    territory = territories.open(session)
    known = with_former(session, territory, absent(territory, named_in(plan)))
    return lambda: _made(part, known, asked)


def _part(plan: Plan, wanted: Wanted) -> Plan:
    if wanted.round is None and wanted.day is None:
        return plan
    rounds = tuple(
        tour for tour in plan.rounds if wanted.round in {None, tour.id} and wanted.day in {None, tour.date}
    )
    if not rounds:
        raise NotFound("Ce planning n'a pas cette tournée, ou rien ce jour-là.")
    return replace(plan, rounds=rounds)


def _made(plan: Plan, territory: Territory, asked: Stated) -> bytes:
    from api.services.outputs import made, made_sheets  # noqa: PLC0415  # drawing takes 2 s to import

    if asked.wanted.file is PlanFile.SHEETS:
        one = bool(asked.wanted.round)
        known, codes = with_live(plan, asked.live), codes_of(asked.live)
        return made_sheets(known, territory, public_url=asked.public_url, codes=codes, one=one)
    return made(asked.wanted.file, plan, territory, public_url=asked.public_url)
