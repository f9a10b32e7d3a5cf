"""Drivers' phones: a code turns one into a device, once; a lost one is revoked."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlmodel import Session

from api.repositories import access
from api.security.keyring import Keyring
from api.security.spelling import cleaned
from api.security.throttle import Throttle, address_bucket
from api.security.tokens import DEVICE, hashed, new_code, new_token
from api.service import Service
from api.services.actor import Actor, Role
from api.services.versions import must_match
from models.errors import Forbidden, InputError, NotFound
from models.tables.base import now
from models.tables.people import DeviceRecord, EnrolmentRecord

VALID = timedelta(minutes=15)
_LETTERS = 10  # 50 bits, for a quarter of an hour, under a throttle
_PURPOSE = "enrolment"


@dataclass(frozen=True, kw_only=True, slots=True)
class Enrolment:
    """A code for a phone, told now and never again: as a person types it."""

    record: EnrolmentRecord
    code: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Enrolled:
    """A phone that was just taken in; `token` is told now and never again."""

    device: DeviceRecord
    token: str


def start_enrolment(session: Session, keyring: Keyring, driver: str | None, by: str) -> Enrolment:
    """A code for one phone: of one driver, or shared. InputError when there is no such driver."""
    _must_drive(session, driver)
    code = new_code(_LETTERS)
    record = EnrolmentRecord(
        code=keyring.sign(_PURPOSE, code), driver=driver, created_by=by, expires_at=now() + VALID
    )
    session.add(record)
    return Enrolment(record=record, code=f"{code[:5]}-{code[5:]}")


def enrol(service: Service, code: str, name: str, address: str, request: str = "") -> Enrolled:
    """Turn a phone into a device. NotFound when the code is over or was used, TooOften."""
    throttle, buckets = Throttle(service.database, service.keyring), address_bucket("enrol", address)
    throttle.take(buckets)
    phone = Actor(role=Role.DRIVER, name=name.strip())
    token = new_token(DEVICE)
    with service.database.write(phone, request) as session:
        asked = access.find_enrolment(session, service.keyring.sign(_PURPOSE, cleaned(code)), now())
        if asked is None or not access.use_enrolment(session, asked.id, now()):
            raise NotFound("Ce code n'est plus valable. Demandez-en un nouveau à la coordination.")
        device = DeviceRecord(
            name=name.strip(), driver=asked.driver, shared=asked.driver is None, token=hashed(token)
        )
        session.add(device)
        session.flush()
    throttle.forget(buckets)
    return Enrolled(device=device, token=token)


@dataclass(frozen=True, kw_only=True, slots=True)
class DeviceChange:
    """What a coordinator says of a phone, all of it."""

    name: str
    driver: str | None
    shared: bool


def change(session: Session, device: UUID, wanted: DeviceChange, seen: int) -> DeviceRecord:
    """Another name, driver or use. StaleVersion; InputError when there is no such driver."""
    found = access.get_device(session, device)
    must_match(found, seen)
    _must_drive(session, wanted.driver)
    if not wanted.shared and wanted.driver is None:
        raise InputError("Un téléphone qui n'est pas partagé doit avoir son conducteur : dites lequel.")
    found.name, found.driver, found.shared = wanted.name.strip(), wanted.driver, wanted.shared
    session.flush()
    return found


def revoke(session: Session, device: UUID, seen: int) -> DeviceRecord:
    """A phone that counts no longer, from this moment on. StaleVersion."""
    found = access.get_device(session, device)
    must_match(found, seen)
    found.revoked_at = found.revoked_at or now()
    session.flush()
    return found


def choose_driver(session: Session, actor: Actor, driver: str | None) -> DeviceRecord:
    """Say on a shared phone who uses it now. Forbidden on any other, InputError for an unknown driver."""
    found = the_device(session, actor)
    if not found.shared:
        raise Forbidden("Ce téléphone n'est pas partagé : la coordination seule change son conducteur.")
    _must_drive(session, driver)
    found.driver = driver
    session.flush()
    return found


def the_device(session: Session, actor: Actor) -> DeviceRecord:
    """The phone that asks."""
    if actor.device is None:
        raise NotFound("Ce téléphone n'existe pas.")
    return access.get_device(session, actor.device)


def _must_drive(session: Session, driver: str | None) -> None:
    if driver is not None and access.find_driver(session, driver) is None:
        raise InputError(f"Personne ne conduit sous le code « {driver} ».")
