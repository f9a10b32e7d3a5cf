"""Closures: declared by libraries or the coordinator, decided by the coordinator, acting once accepted."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session

from api.repositories.calendar import find_same_closure, get_closure
from api.repositories.network import get_coded
from api.services.actor import Actor, Role
from api.services.changes import announce
from api.services.described.settle import decided, settle
from api.services.noticing import of_closure
from api.services.territory import touch
from api.services.versions import must_match
from models.errors import Conflict, Forbidden
from models.tables.base import now
from models.tables.network import ClosureRecord, ClosureStatus, SiteRecord

_OPEN = (ClosureStatus.PROPOSED, ClosureStatus.ACCEPTED)
_WORDS = {
    ClosureStatus.PROPOSED: "proposée",
    ClosureStatus.ACCEPTED: "acceptée",
    ClosureStatus.DECLINED: "refusée",
    ClosureStatus.WITHDRAWN: "retirée",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """Days, both included, on which a site (None: all of them) would take no shuttle."""

    site: str | None
    starts_on: date
    ends_on: date
    reason: str = ""
    accepted: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """Which version a decision was made from, and how to tell the stored one to whoever is too late."""

    version: int
    tell: Callable[[ClosureRecord], Any]


def declare(session: Session, actor: Actor, asked: Asked) -> ClosureRecord:
    """Note a closure. A library proposes for its own site; only a coordinator closes at once, or everything.

    Conflict when the very same closure stands already, or the site is archived.
    """
    _may_declare(actor, asked)
    touch(session)
    _not_twice(session, asked)
    record = ClosureRecord(
        site=asked.site,
        starts_on=asked.starts_on,
        ends_on=asked.ends_on,
        reason=asked.reason,
        declared_by=actor.name,
    )
    if asked.accepted:
        decided(record, ClosureStatus.ACCEPTED, actor.name)
    session.add(record)
    session.flush()
    announce(session, "closures", str(record.id), record.site)
    if asked.accepted:
        of_closure(session, record, now())
    return record


def decide(session: Session, actor: Actor, key: UUID, status: ClosureStatus, seen: Judged) -> ClosureRecord:
    """Accept or decline what was proposed. Conflict when it is decided already."""
    record = _taken(session, key, seen)
    if record.status is not ClosureStatus.PROPOSED:
        raise Conflict(f"Cette fermeture est déjà {_WORDS[record.status]}.")
    return settle(session, record, status, actor.name)


def withdraw(session: Session, actor: Actor, key: UUID, seen: Judged) -> ClosureRecord:
    """Take back a closure, proposed or accepted; a library takes back only its own."""
    seen_by(session, actor, key)
    record = _taken(session, key, seen)
    if actor.role is Role.LIBRARY and record.site != actor.site:
        raise Forbidden("Cette fermeture est celle de tout le réseau : demandez à la coordination.")
    if record.status not in _OPEN:
        raise Conflict(f"Cette fermeture est déjà {_WORDS[record.status]}.")
    return settle(session, record, ClosureStatus.WITHDRAWN, actor.name)


def seen_by(session: Session, actor: Actor, key: UUID) -> ClosureRecord:
    """A closure that an actor may see: a library sees its own and the network's."""
    record = get_closure(session, key)
    if record.site is not None:
        actor.must_own(record.site)
    return record


def _may_declare(actor: Actor, asked: Asked) -> None:
    if asked.site is not None:
        actor.must_own(asked.site)
    if actor.role is Role.LIBRARY and (asked.accepted or asked.site is None):
        raise Forbidden("Votre bibliothèque propose une fermeture ; la coordination l'accepte.")


def _not_twice(session: Session, asked: Asked) -> None:
    if asked.site is not None and get_coded(session, SiteRecord, asked.site).archived_at is not None:
        raise Conflict("Ce lieu est archivé : remettez-le d'abord en service.")
    same = find_same_closure(session, asked.site, (asked.starts_on, asked.ends_on), _OPEN)
    if same is not None:
        raise Conflict(f"Cette fermeture est déjà {_WORDS[same.status]}, pour les mêmes dates.")


def _taken(session: Session, key: UUID, seen: Judged) -> ClosureRecord:
    touch(session)
    record = get_closure(session, key)
    session.refresh(record)
    must_match(record, seen.version, seen.tell(record))
    return record
