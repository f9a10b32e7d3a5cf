"""The log of changes: every change of a watched record leaves who, what, from what, to what.

It hangs on the session itself, so that no service can forget it. Facts from the road are their own log and
are not repeated here.
"""

from collections.abc import Iterable
from datetime import date, datetime
from enum import Enum
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session as PlainSession
from sqlmodel import Session, SQLModel

from api.services.actor import SYSTEM, Actor
from models.tables import demand, network, people, plans, service
from models.tables.people import AuditRecord

WATCHED: tuple[type[SQLModel], ...] = (
    network.NetworkRecord,
    network.SiteRecord,
    network.ContactRecord,
    network.SeasonRecord,
    network.ClosureRecord,
    network.VehicleRecord,
    network.DriverRecord,
    network.AbsenceRecord,
    demand.CrateRecord,
    demand.ShipmentRecord,
    demand.FlowRecord,
    demand.TransferSourceRecord,
    plans.PlanRecord,
    people.AccountRecord,
    people.InvitationRecord,
    people.DeviceRecord,
    people.LinkRecord,
    people.ApiKeyRecord,
    service.WebhookRecord,
)
HIDDEN = frozenset({"password", "totp", "token", "secret", "csrf", "code_hash"})
QUIET = frozenset({"version", "seen_at", "totp_last", "revision", "updated_at", "read_at"})

_Facts: TypeAlias = dict[str, Any] | None


def watch_changes(session: Session) -> None:
    """Have a session log the changes of watched records just before it writes them."""
    event.listen(session, "before_flush", _log)


def note(session: Session, action: str, subject: str, key: str, **facts: Any) -> None:
    """Log what no single record tells: a publication, an import, a reordered round."""
    _add(session, action, (subject, key), None, {name: _plain(value) for name, value in facts.items()})


def _log(session: PlainSession, *_: object) -> None:
    for record in _watched(session.new):
        _add(session, "created", _about(record), None, _state(record))
    for record in _watched(session.dirty):
        before, after = _changes(record)
        if after:
            _add(session, "changed", _about(record), before, after)
    for record in _watched(session.deleted):
        _add(session, "deleted", _about(record), _state(record), None)


def _watched(records: Iterable[object]) -> list[SQLModel]:
    return [record for record in records if isinstance(record, WATCHED)]


def _add(session: PlainSession, action: str, about: tuple[str, str], before: _Facts, after: _Facts) -> None:
    subject, key = about
    actor: Actor = session.info.get("actor", SYSTEM)
    session.add(
        AuditRecord(
            role=actor.role,
            author=actor.name,
            request=session.info.get("request", ""),
            action=action,
            subject=subject,
            key=key,
            before=before,
            after=after,
        )
    )


def _about(record: SQLModel) -> tuple[str, str]:
    """The kind of a record, and what people call it: its code or login where it has one."""
    name = getattr(type(record), "__tablename__")  # noqa: B009  # a declared directive to the type checker
    called = getattr(record, "code", None) or getattr(record, "login", None)
    return str(name), str(called or getattr(record, "id"))  # noqa: B009


def _state(record: SQLModel) -> dict[str, Any]:
    found = {column: getattr(record, column) for column in inspect(type(record)).columns.keys()}  # noqa: SIM118
    return {name: _shown(name, value) for name, value in found.items() if name not in QUIET}


def _changes(record: SQLModel) -> tuple[dict[str, Any], dict[str, Any]]:
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for attribute in inspect(record).attrs:
        history = attribute.history
        if history.has_changes() and attribute.key not in QUIET:
            before[attribute.key] = _shown(attribute.key, next(iter(history.deleted), None))
            after[attribute.key] = _shown(attribute.key, next(iter(history.added), None))
    return before, after


def _shown(name: str, value: Any) -> Any:
    return "…" if name in HIDDEN and value else _plain(value)


def _plain(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case datetime() | date():
            return value.isoformat()
        case UUID():
            return str(value)
        case bytes():
            return f"{len(value)} octets"
        case _:
            return value
