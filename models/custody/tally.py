"""What of a visit's facts still matters: to it new facts are added without reading the old ones again.

Settled facts are added one by one, in any order; `visits.progress` reads off how the visit went. It grows by
the codes of crates and the problems told, not by the number of facts.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from models.custody.facts import Moment, ScanKind
from models.custody.settle import Fact

COUNTED = (ScanKind.DELIVERED, ScanKind.PICKED_UP, ScanKind.EMPTY)


@dataclass(kw_only=True, slots=True)
class Total:
    """So many crates, one teller's last word; `told` is what it was before corrections."""

    moment: Moment
    crates: int
    told: int


@dataclass(kw_only=True, slots=True)
class Counted:
    """All facts of one kind: who said how many, which codes were scanned (`told_codes`: uncorrected)."""

    totals: dict[str, Total] = field(default_factory=dict)
    codes: set[str] = field(default_factory=set)
    told_codes: set[str] = field(default_factory=set)
    last_scanned: Moment | None = None

    def add(self, fact: Fact) -> None:
        if fact.scan.crate:
            self.told_codes.add(fact.scan.crate)
        if fact.crate is not None:
            self.codes |= {fact.crate} - {""}
            self.last_scanned = max(fact.moment, self.last_scanned or fact.moment)
        elif fact.count is not None:
            before = self.totals.get(fact.scan.teller)
            if before is None or before.moment < fact.moment:
                total = Total(moment=fact.moment, crates=fact.count, told=fact.scan.count or 0)
                self.totals[fact.scan.teller] = total

    @property
    def decides(self) -> Total | None:
        """The latest total of all tellers."""
        return max(self.totals.values(), default=None, key=lambda one: one.moment)


@dataclass(kw_only=True, slots=True)
class Tally:
    """`arrived` is the first, `left` and `closed` the last of their kind, each with the time told before any
    correction; `began_at` and `clocked_at` the first sign of the van and the last fact of those who follow
    it."""

    kinds: set[ScanKind] = field(default_factory=set)
    arrived: tuple[Moment, datetime] | None = None
    left: tuple[Moment, datetime] | None = None
    closed: Moment | None = None
    began_at: datetime | None = None
    clocked_at: datetime | None = None
    last_at: datetime | None = None
    delivered: Counted = field(default_factory=Counted)
    picked_up: Counted = field(default_factory=Counted)
    empty: Counted = field(default_factory=Counted)
    problems: list[tuple[Moment, str]] = field(default_factory=list)

    def add(self, facts: Iterable[Fact]) -> "Tally":
        """Take in settled facts that are not in here; itself."""
        for fact in facts:
            self._take(fact)
        return self

    def _take(self, fact: Fact) -> None:
        self.kinds.add(fact.kind)
        self.last_at = max(fact.at, self.last_at or fact.at)
        if not fact.scan.untimed:
            self.clocked_at = max(fact.at, self.clocked_at or fact.at)
            if fact.kind is not ScanKind.PROBLEM:
                self.began_at = min(fact.at, self.began_at or fact.at)
        self._take_kind(fact)

    def _take_kind(self, fact: Fact) -> None:
        instant = (fact.moment, fact.scan.happened_at)
        match fact.kind:
            case ScanKind.ARRIVED:
                self.arrived = min(instant, self.arrived or instant)
            case ScanKind.LEFT:
                self.left = max(instant, self.left or instant)
            case ScanKind.CLOSED:
                self.closed = max(fact.moment, self.closed or fact.moment)
            case ScanKind.PROBLEM:
                self.problems.append((fact.moment, fact.scan.text))
            case ScanKind.DELIVERED:
                self.delivered.add(fact)
            case ScanKind.PICKED_UP:
                self.picked_up.add(fact)
            case ScanKind.EMPTY:
                self.empty.add(fact)


def scan_of(moment: Moment) -> UUID:
    """The fact that a moment belongs to."""
    return moment[2]
