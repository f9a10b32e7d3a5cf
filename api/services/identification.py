"""From what somebody shows to who they are. Whatever was revoked, closed or is over is nobody's."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, SQLModel

from api.repositories import credentials
from api.security import tokens
from api.security.keyring import Keyring
from api.security.throttle import Throttle, address_bucket
from api.service import Service
from api.services.actor import Actor, Role
from models.errors import Unavailable
from models.tables.base import now
from models.tables.people import AccountRecord, ApiKeyRecord, DeviceRecord, LinkRecord, SessionRecord

_SEEN_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True, slots=True)
class Signed:
    """A browser's session: whose it is, and the token that its forms and scripts send back."""

    id: UUID
    account: UUID
    login: str
    name: str
    second_factor: bool
    csrf: str


def by_session(service: Service, token: str) -> tuple[Actor, Signed] | None:
    """Who signed in with a browser, by the token in its cookie."""
    moment, idle = now(), service.settings.session_idle
    with service.database.read() as session:
        found = credentials.find_session(session, tokens.hashed(token), moment, idle)
    if found is None:
        return None
    record, account = found
    _seen(service, SessionRecord, record.id, record.seen_at, moment)
    return _person(account), Signed(
        id=record.id,
        account=account.id,
        login=account.login,
        name=account.name,
        second_factor=bool(account.totp),
        csrf=csrf_of(service.keyring, token),
    )


def csrf_of(keyring: Keyring, token: str) -> str:
    """What forms and scripts of a session send back; derived from its token, so that it is never stored."""
    return keyring.sign("csrf", token)


def by_bearer(service: Service, token: str) -> Actor | None:
    """Who a token stands for: a phone, another software, or a library."""
    if token.startswith(tokens.DEVICE):
        return by_device(service, token)
    if token.startswith(tokens.KEY):
        return by_key(service, token)
    return by_link(service, token)


def by_device(service: Service, token: str) -> Actor | None:
    """The driver who uses a phone now; a phone whose driver is not told yet is a driver without code."""
    moment = now()
    with service.database.read() as session:
        found = credentials.find_device(session, tokens.hashed(token))
    if found is None:
        return None
    device, driver = found
    _seen(service, DeviceRecord, device.id, device.seen_at, moment)
    return Actor(
        role=Role.DRIVER,
        name=driver.name if driver else device.name,
        id=device.id,
        device=device.id,
        driver=driver.code if driver else None,
    )


def by_key(service: Service, token: str) -> Actor | None:
    """The other software that an API key was made for."""
    parts, moment = tokens.read_api_key(token), now()
    if parts is None:
        return None
    with service.database.read() as session:
        key = credentials.find_api_key(session, parts.prefix, moment)
    if key is None or not tokens.same(key.secret, tokens.hashed(parts.whole)):
        return None
    _seen(service, ApiKeyRecord, key.id, key.seen_at, moment)
    return Actor(role=Role.INTEGRATOR, name=key.name, id=key.id, scopes=frozenset(key.scopes))


def by_link(service: Service, token: str) -> Actor | None:
    """The library that a personal link was made for. The links of calendars open nothing here."""
    named, moment = tokens.link_named(token), now()
    if named is None:
        return None
    with service.database.read() as session:
        found = credentials.find_library_link(session, named)
    if found is None or not tokens.link_opens(service.keyring, token, named, found[0].generation):
        return None
    link, site = found
    _seen(service, LinkRecord, link.id, link.seen_at, moment)
    return Actor(role=Role.LIBRARY, name=site.name, id=link.id, site=site.code)


def count_vain_link(service: Service, address: str) -> None:
    """A link that opens nothing was tried from an address, as a page or as a program: they count together.
    TooOften for who tries too many."""
    Throttle(service.database, service.keyring).take(address_bucket("personal-link", address))


def _person(account: AccountRecord) -> Actor:
    return Actor(role=Role(account.role.value), name=account.name, id=account.id)


def _seen(service: Service, kind: type[SQLModel], key: UUID, last: datetime | None, moment: datetime) -> None:
    if last is not None and moment - last < _SEEN_EVERY:
        return
    _quietly(service, lambda session: credentials.mark_seen(session, kind, key, moment))


def _quietly(service: Service, write: Callable[[Session], None]) -> None:
    """Whoever only reads neither waits for those who write, nor is turned away when nobody can."""
    with suppress(Unavailable), service.database.write(patient=False) as session:
        write(session)
