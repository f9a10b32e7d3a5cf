"""A batch of facts → what is stored of it, and what is odd about it.

A fact that can be understood is stored once, however often and in whatever order it comes, and is never
refused for what it says: what is odd is noted. Refused are only what cannot be read, and what a library's
link may not say.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias
from uuid import UUID

from sqlmodel import Session

from api.repositories import scans as facts
from api.services.actor import Actor, Role
from api.services.changes import announce_all
from api.services.road.refold import refold
from api.services.road.ripple import ripple
from api.services.road.shipments import carry
from api.services.road.understand import Understood, understand
from api.wire.scans import ScanFate, ScanIn, ScanResult
from models.custody.facts import MENDING, Scan, ScanKind, site_of
from models.custody.notes import Note
from models.tables.scans import ScanRecord, ScanSource

Reading: TypeAlias = ScanIn | ScanResult
_SOURCES = {Role.DRIVER: ScanSource.PHONE, Role.LIBRARY: ScanSource.LIBRARY, Role.INTEGRATOR: ScanSource.API}


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """Facts as they were read, each in its place; one that was refused already stands as its result.
    `untimed`: whose hour is a guess."""

    readings: Sequence[Reading]
    source: ScanSource
    received_at: datetime
    untimed: frozenset[UUID] = frozenset()


def source_of(actor: Actor, on_paper: bool) -> ScanSource:
    """How facts of an actor reach us; the coordination keys in sheets of paper, or tells from its desk."""
    return _SOURCES.get(actor.role, ScanSource.PAPER if on_paper else ScanSource.DESK)


def record(session: Session, actor: Actor, batch: Batch) -> list[ScanResult]:
    """Store what is new of a batch; one result for each of its facts, in order."""
    told = {scan.id: scan for scan in reversed(_readable(batch.readings))}  # the first of twins counts
    targets = _targets(session, told)
    refused = _not_for(actor, told, targets)
    drafts = [scan for scan in told.values() if scan.id not in refused]
    understood = understand(session, actor, [_scan(draft, actor, batch) for draft in drafts], targets)
    rows = [_row(draft, understood[draft.id], actor, batch) for draft in drafts]
    added = facts.add_new(session, rows)
    known = facts.by_id(session, [draft.id for draft in drafts if draft.id not in added])
    _tell(session, [understood[key] for key in added])
    notes = {key: [str(note) for note in understood[key].notes] for key in added}
    outcome = _Outcome(told=told, refused=refused, stored=notes, known=known)
    return [one if isinstance(one, ScanResult) else outcome.of(one) for one in batch.readings]


def _targets(session: Session, told: Mapping[UUID, ScanIn]) -> dict[UUID, ScanRecord]:
    """The stored facts that a batch corrects or undoes; from here on others do not come between."""
    ids = {scan.target for scan in told.values() if scan.target and scan.kind in MENDING}
    known = facts.by_id(session, ids)
    alone = not ids <= {*known, *told}
    facts.take_turn(session, alone=alone)
    return facts.by_id(session, ids) if alone else known


def _readable(readings: Iterable[Reading]) -> list[ScanIn]:
    return [one for one in readings if isinstance(one, ScanIn)]


def _not_for(
    actor: Actor, told: Mapping[UUID, ScanIn], targets: Mapping[UUID, ScanRecord]
) -> dict[UUID, str]:
    """What a library's link may not say: of another site, or about what others told."""
    if actor.role is not Role.LIBRARY:
        return {}
    found = {}
    for scan in told.values():
        if site_of(scan.visit) != actor.site:
            found[scan.id] = "Ce lien n'ouvre que votre bibliothèque."
        elif scan.kind in MENDING and not _own(actor, scan, told, targets):
            found[scan.id] = "Vous ne pouvez corriger que ce que votre bibliothèque a dit."
    return found


def _own(actor: Actor, scan: ScanIn, told: Mapping[UUID, ScanIn], targets: Mapping[UUID, ScanRecord]) -> bool:
    if scan.target is None:
        return False
    stored = targets.get(scan.target)
    if stored is not None:
        return stored.source is ScanSource.LIBRARY and stored.site == actor.site
    return scan.target in told and site_of(told[scan.target].visit) == actor.site


def _scan(told: ScanIn, actor: Actor, batch: Batch) -> Scan:
    untimed = batch.source is ScanSource.LIBRARY or told.id in batch.untimed
    return Scan(**dict(told), received_at=batch.received_at, teller=actor.name, untimed=untimed)


def _row(draft: ScanIn, understood: Understood, actor: Actor, batch: Batch) -> dict[str, Any]:
    return {
        **dict(draft),
        "round": understood.round,
        "site": understood.site,
        "day": understood.day,
        "received_at": batch.received_at,
        "source": batch.source,
        "device": actor.device,
        "author": actor.name,
        "notes": [str(note) for note in (*understood.notes, *_no_hour(draft, batch))],
    }


def _no_hour(draft: ScanIn, batch: Batch) -> tuple[Note, ...]:
    return (Note.NO_HOUR,) if draft.id in batch.untimed else ()


def _tell(session: Session, stored: Sequence[Understood]) -> None:
    if not stored:
        return
    kept = refold(session, stored)
    _load(session, stored)
    ripple(session, kept.custody, {one.round for one in stored if one.round})
    crates = kept.crates if len(kept.crates) <= 3 else {""}  # many: look at all of them
    rounds = {one.round or "" for one in stored}
    announce_all(session, [*(("scans", ref) for ref in rounds), *(("crates", ref) for ref in crates)])


def _load(session: Session, stored: Sequence[Understood]) -> None:
    """What was announced at sites where crates were picked up has left with them."""
    taken: dict[str, date] = {}
    for one in stored:
        if one.scan.kind is ScanKind.PICKED_UP and one.site:
            taken[one.site] = max(one.day, taken.get(one.site, one.day))
    carry(session, taken)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Outcome:
    """By id: what counts of the batch, what was refused and why, what was stored with which notes, what was
    known before."""

    told: Mapping[UUID, ScanIn]
    refused: Mapping[UUID, str]
    stored: Mapping[UUID, list[str]]
    known: Mapping[UUID, ScanRecord]

    def of(self, one: ScanIn) -> ScanResult:
        key = str(one.id)
        if one.id in self.refused:
            return ScanResult(id=key, state=ScanFate.REFUSED, reason=self.refused[one.id], notes=[])
        if one.id in self.stored and self.told[one.id] is one:
            return ScanResult(id=key, state=ScanFate.STORED, notes=self.stored[one.id])
        first = self.known.get(one.id) or self.told[one.id]
        return ScanResult(
            id=key, state=ScanFate.KNOWN, notes=[str(Note.DIFFERENT)] if _differs(one, first) else []
        )


def _differs(told: ScanIn, first: ScanIn | ScanRecord) -> bool:
    """Whether a fact says something else than when it was first told; when it was sent does not matter."""
    return any(
        getattr(told, name) != getattr(first, name) for name in ScanIn.model_fields if name != "sent_at"
    )
