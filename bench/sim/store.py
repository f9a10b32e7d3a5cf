"""A simulated year into a real database, through the real services: plans published, facts told."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from uuid import UUID

from sqlmodel import Session

from api.db import Database
from api.jobs.schema import prepare
from api.schema import upgrade
from api.security import tokens
from api.service import Service
from api.services.actor import Actor, Role
from api.services.plans.publish import publish
from api.services.plans.store import save_plan
from api.services.positions.accept import accept
from api.services.positions.fixes import Fix
from api.services.road.record import Batch, record, source_of
from api.services.territory import fill_from_folder
from api.settings import Settings as ServiceSettings
from api.wire.scans import ScanIn
from bench.sim.year import Run, Year
from models.custody.facts import Scan
from models.network.read import default_folder
from models.plan import Plan
from models.tables.people import DeviceRecord

POSITIONS_KEPT = timedelta(days=30)
_DESK = Actor(role=Role.COORDINATOR, name="coordination")


@dataclass(frozen=True, kw_only=True, slots=True)
class Stored:
    """What was stored; `phones`: a device's token by driver, for who drives on."""

    plans: int
    facts: int
    positions: int
    phones: dict[str, str]


def store(year: Year, url: str, until: datetime) -> Stored:
    """Fill a database, empty or new: all plans of the year, what had been heard by an instant."""
    database = Database(url)
    upgrade(database)
    prepare(database)
    service = Service(settings=ServiceSettings(database=url, data=Path(), jobs=False), database=database)
    try:
        with database.write() as session:
            fill_from_folder(session, default_folder())
        with database.write(_DESK) as session:
            for plan in year.plans:
                _publish(session, service, plan)
        actors, phones = _people(database, year)
        told = [_tell(database, run, actors, until) for run in year.runs]
    finally:
        service.close()
    facts, positions = (sum(column) for column in zip(*told, strict=True))
    return Stored(plans=len(year.plans), facts=facts, positions=positions, phones=phones)


def _publish(session: Session, service: Service, plan: Plan) -> None:
    draft = save_plan(session, plan, actor=_DESK)
    publish(session, service, draft.id, draft.version, None, _DESK)


def _people(database: Database, year: Year) -> tuple[dict[str, Actor], dict[str, str]]:
    """A phone for each driver."""
    actors, phones = {}, {}
    with database.write(_DESK) as session:
        for driver in year.world.network.drivers:
            token = tokens.new_token(tokens.DEVICE)
            device = DeviceRecord(name=driver.name, driver=driver.id, token=tokens.hashed(token))
            session.add(device)
            session.flush()
            actors[driver.id] = _driver(driver.id, driver.name, device.id)
            phones[driver.id] = token
    return actors, phones


def _driver(code: str, name: str, device: UUID) -> Actor:
    return Actor(role=Role.DRIVER, name=name, driver=code, device=device, id=device)


def _tell(database: Database, run: Run, actors: dict[str, Actor], until: datetime) -> tuple[int, int]:
    """The facts and positions of one round, in one transaction; how many."""
    heard = [scan for scan in run.telling.scans if scan.received_at <= until]
    recent = [one for one in run.telling.fixes if until - POSITIONS_KEPT <= one.received_at <= until]
    if not heard and not recent:
        return 0, 0
    actor = _DESK if run.telling.paper else actors[run.tour.driver]
    source, kept = source_of(actor, on_paper=run.telling.paper), 0
    with database.write(actor) as session:
        for received_at, scans in batches(heard):
            readings = [reading(scan) for scan in scans]
            record(session, actor, Batch(readings=readings, source=source, received_at=received_at))
        if recent:
            fixes = [
                Fix(at=one.at, lat=one.point.lat, lon=one.point.lon, accuracy_m=one.accuracy_m)
                for one in recent
            ]
            kept = accept(session, actor, fixes, recent[-1].received_at).kept
    return len(heard), kept


def batches(scans: Sequence[Scan]) -> Iterator[tuple[datetime, list[Scan]]]:
    """Facts heard at the same second, in order."""
    for received_at, some in groupby(scans, key=lambda scan: scan.received_at):
        yield received_at, list(some)


def reading(scan: Scan) -> ScanIn:
    """A fact as a phone sends it."""
    return ScanIn(**{name: getattr(scan, name) for name in ScanIn.model_fields})
