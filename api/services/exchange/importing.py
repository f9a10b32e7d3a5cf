"""Import: look at what a parcel would change, then store exactly that, or nothing at all."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from sqlmodel import Session

from api.repositories.annexes import every_annex
from api.repositories.network import file_stamps, get_network, list_coded, next_position
from api.services import audit
from api.services.changes import announce
from api.services.described.kinds import R
from api.services.exchange.annex_kinds import ANNEX_KINDS
from api.services.exchange.annex_writing import write_annexes
from api.services.exchange.difference import Difference, Stored, differ
from api.services.exchange.parcel import Parcel
from api.services.exchange.sheaf import Sheaf
from api.services.folder import TRAVEL
from api.services.network_records import network_of
from api.services.territory import Territories, keep_file, touch
from models.errors import InputError, StaleVersion
from models.network.check import COMMUNES
from models.tables.base import now
from models.tables.network import (
    DriverRecord,
    ImportRecord,
    NetworkRecord,
    SiteRecord,
    VehicleRecord,
)


def look(
    session: Session, territories: Territories, parcel: Parcel, *, archive_missing: bool
) -> tuple[Difference, int]:
    """The difference, and the revision of the network that it was taken from. Nothing is stored."""
    return differ(
        parcel, _stored(session, territories, parcel), archive_missing=archive_missing
    ), get_network(session).revision


def store(
    session: Session, territories: Territories, parcel: Parcel, seen: int, *, archive_missing: bool
) -> tuple[Difference, int]:
    """Store the difference. StaleVersion when the network has changed since revision `seen`; InputError with
    every finding when the result would not hold."""
    touch(session)  # nobody else writes to the network from here on
    head = get_network(session)
    session.refresh(head)
    if head.revision != seen + 1:
        raise StaleVersion(
            f"Le réseau a changé depuis l'aperçu (révision {seen}, maintenant {head.revision - 1}). "
            "Rien n'a été enregistré : refaites l'aperçu.",
            yours=seen,
            current=head.revision - 1,
        )
    found = differ(parcel, _stored(session, territories, parcel), archive_missing=archive_missing)
    if not found.storable:
        serious = tuple(one for one in found.findings if one.serious)
        raise InputError("Rien n'a été importé : ces fichiers contiennent des erreurs.", serious)
    _write(session, head, found, parcel)
    return found, head.revision


def _stored(session: Session, territories: Territories, parcel: Parcel) -> Stored:
    def by_code(kind: type[R]) -> dict[str, R]:
        return {one.code: one for one in list_coded(session, kind, archived=True)}

    return Stored(
        network=network_of(session),
        sites=by_code(SiteRecord),
        vehicles=by_code(VehicleRecord),
        drivers=by_code(DriverRecord),
        annexes=every_annex(session, [one.record for one in ANNEX_KINDS if one.file in parcel.tables]),
        ground=territories.ground(session),
        stamps=file_stamps(session),
    )


def _write(session: Session, head: NetworkRecord, found: Difference, parcel: Parcel) -> None:
    _write_head(session, head, found)
    for sheaf in found.sheaves:  # sites before vehicles before drivers: each names one of those before
        _write_sheaf(session, sheaf)
        session.flush()
    write_annexes(session, found.annexes, _author(session), archive_missing=found.archive_missing)
    if found.archive_missing:
        for sheaf in found.sheaves:
            _put_away(session, sheaf.missing)
    for name in (TRAVEL, COMMUNES):
        if any(one.startswith(name) for one in found.ground):
            keep_file(session, name, parcel.files[name])
    summary = counted(found)
    session.add(ImportRecord(by=_author(session), file_name=parcel.title[:300], summary=summary))
    audit.note(session, "imported", "network", head.code, files=parcel.title[:300], **summary)
    session.flush()
    announce(session, "network", head.code)


def _write_head(session: Session, head: NetworkRecord, found: Difference) -> None:
    if not found.settings or found.network is None:
        return
    network = found.network
    head.name, head.organisation = network.name, network.organisation
    head.coordinator_name = network.coordinator.name
    head.coordinator_phone = network.coordinator.phone
    head.coordinator_email = network.coordinator.email
    head.rules = asdict(network.rules)
    session.add(head)


def _write_sheaf(session: Session, sheaf: Sheaf[Any]) -> None:
    for one in sheaf.changed:
        record = sheaf.stored[one.code]
        sheaf.kind.copy(one, record)
        if isinstance(record, SiteRecord):
            record.facts = one.facts
        record.archived_at = None
        session.add(record)
    created = sheaf.created
    first = next_position(session, sheaf.kind.record) if created else 0
    for position, one in enumerate(created, start=first):
        one.position = position
        session.add(one)


def _put_away(session: Session, records: Iterable[Any]) -> None:
    for record in records:
        record.archived_at = now()
        session.add(record)


def _author(session: Session) -> str:
    actor = session.info.get("actor")
    return actor.name if actor else ""


def counted(found: Difference) -> dict[str, Any]:
    """How many of each kind are new, changed, missing, unchanged."""
    files = {one.file.removesuffix(".csv"): one.counted() for one in found.files}
    return {**files, "settings": len(found.settings), "ground": list(found.ground)}
