"""Facts as told → facts as they stand: repeats, undone facts and corrections settled, whatever the order.

- The same id twice is one fact; of two contents under one id, the one heard first counts.
- An `undo` cancels its target: a fact, a correction, or another undo, whose own target then stands again. Two
  undos of one target are one. A fact is gone while at least one undo of it stands. Undos that cancel each
  other in a ring, or themselves, have no effect.
- A `correction` replaces the count, the crate, the time of the fact it leads to, directly or through other
  corrections; only what it gives. For each of the three, the latest standing correction counts. A correction
  of a correction stands on its own when the latter is undone: it says what is true of the fact, not how much
  to add.
- What targets a fact that is not known has no effect until that fact comes.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from models.custody.facts import MENDING, Moment, Scan, ScanKind


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """A fact that stands: `at`, `crate` and `count` after corrections; `scan` is what was first told.

    `corrections` are the ids of the standing corrections, oldest first.
    """

    scan: Scan
    at: datetime
    crate: str | None
    count: int | None
    corrections: tuple[UUID, ...] = ()

    @property
    def kind(self) -> ScanKind:
        return self.scan.kind

    @property
    def visit(self) -> str:
        return self.scan.visit

    @property
    def moment(self) -> Moment:
        """What facts are sorted by, after corrections."""
        return (self.at, self.scan.sent_at, self.scan.id)


def settle(scans: Iterable[Scan]) -> tuple[Fact, ...]:
    """The facts that stand, in order of time; corrections and undos are in them, no longer beside them."""
    told = _first_told(scans)
    undone = _undone(told)
    corrections = _corrections(told, undone)
    standing = (scan for scan in told.values() if scan.kind not in MENDING and scan.id not in undone)
    facts = [_corrected(scan, corrections.get(scan.id, ())) for scan in standing]
    return tuple(sorted(facts, key=lambda fact: fact.moment))


def _first_told(scans: Iterable[Scan]) -> dict[UUID, Scan]:
    told: dict[UUID, Scan] = {}
    for scan in scans:
        known = told.get(scan.id)
        if known is None or (known != scan and _heard(scan) < _heard(known)):
            told[scan.id] = scan
    return told


def _heard(scan: Scan) -> tuple[datetime, datetime, str]:
    return (scan.received_at, scan.sent_at, repr(scan))  # any total order will do beyond the clocks


def _undone(told: Mapping[UUID, Scan]) -> frozenset[UUID]:
    """What standing undos cancel. An undo stands once nothing that cancels it can stand itself."""
    undos = {scan.id: scan.target for scan in told.values() if scan.kind is ScanKind.UNDO and scan.target}
    against: dict[UUID, int] = defaultdict(int)  # undos of each id that have not been cancelled themselves
    for target in undos.values():
        against[target] += 1
    standing = [undo for undo in undos if not against[undo]]
    gone: set[UUID] = set()
    while standing:
        target = undos[standing.pop()]
        if target in gone:
            continue
        gone.add(target)
        freed = undos.get(target)  # the target was an undo: it no longer speaks against its own
        if freed is not None:
            against[freed] -= 1
            if freed in undos and not against[freed]:
                standing.append(freed)
    return frozenset(gone)


def _corrections(told: Mapping[UUID, Scan], undone: frozenset[UUID]) -> dict[UUID, list[Scan]]:
    """For each fact the standing corrections that lead to it, oldest first."""
    found: dict[UUID, list[Scan]] = defaultdict(list)
    for scan in told.values():
        if scan.kind is ScanKind.CORRECTION and scan.id not in undone:
            root = _root(scan, told)
            if root is not None:
                found[root].append(scan)
    for corrections in found.values():
        corrections.sort(key=lambda scan: scan.moment)
    return found


def _root(correction: Scan, told: Mapping[UUID, Scan]) -> UUID | None:
    """The fact that a correction leads to; None where the chain is broken or runs in a ring."""
    seen = {correction.id}
    target = correction.target
    while target is not None and target not in seen:
        seen.add(target)
        scan = told.get(target)
        if scan is None:
            return None
        if scan.kind is not ScanKind.CORRECTION:
            return scan.id
        target = scan.target
    return None


def _corrected(scan: Scan, corrections: Iterable[Scan]) -> Fact:
    at, crate, count = scan.happened_at, scan.crate, scan.count
    ids: list[UUID] = []
    for one in corrections:
        ids.append(one.id)
        crate = one.crate or crate
        count = count if one.count is None else one.count
        at = at if one.retimed_to is None else min(one.retimed_to, one.received_at)
    return Fact(scan=scan, at=at, crate=crate, count=count, corrections=tuple(ids))
