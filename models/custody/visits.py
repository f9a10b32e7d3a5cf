"""Facts → how each visit went.

A count is the *total* of the visit for its kind, as the phone's stepper and the sheet's square show it, not
something to add: two phones, or a phone and a sheet keyed in afterwards, must not count its crates twice.
So the latest total counts, and where tellers differ each one's latest is shown beside it: a coordinator
expects one figure, and to know that it is disputed. Crates told by their code are a set, whoever scanned
them. A total below the number of codes scanned is disputed too, and the codes count: nobody reads a barcode
that is not there.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from models.custody.facts import Scan, ScanKind
from models.custody.settle import Fact, settle


class VisitState(StrEnum):
    """How far a visit has got. `left`: the van was there and went, nobody told of crates."""

    NOTHING = "nothing"
    PROBLEM = "problem"
    ARRIVED = "arrived"
    LEFT = "left"
    DONE = "done"
    CLOSED = "closed"


OVER = frozenset({VisitState.LEFT, VisitState.DONE, VisitState.CLOSED})


@dataclass(frozen=True, kw_only=True, slots=True)
class Instant:
    """When something happened; `told` is what was said before any correction."""

    at: datetime
    told: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """What one teller says: so many crates."""

    teller: str
    crates: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """So many crates; `told` is what it would be without corrections, `codes` those known by their code.

    `scan` is the fact that decides. `claims` are every teller's figures where they differ, else empty.
    """

    crates: int
    told: int
    codes: tuple[str, ...]
    scan: UUID
    claims: tuple[Claim, ...] = ()

    @property
    def corrected(self) -> bool:
        return self.crates != self.told


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitProgress:
    """What is known of one visit. `began_at` is the first sign of the van there, `last_at` the last fact.

    `clocked_at` is the last fact of those who drive or follow the van: what a library tells says what was
    done, not when.
    """

    visit: str
    state: VisitState = VisitState.NOTHING
    arrived: Instant | None = None
    left: Instant | None = None
    began_at: datetime | None = None
    last_at: datetime | None = None
    clocked_at: datetime | None = None
    delivered: Figure | None = None
    picked_up: Figure | None = None
    empties: Figure | None = None
    closed_at: datetime | None = None
    problems: tuple[str, ...] = ()

    @property
    def over(self) -> bool:
        """Whether nothing more is expected there."""
        return self.state in OVER

    @property
    def exchanged(self) -> int:
        """Crates left and taken."""
        return sum(figure.crates for figure in (self.delivered, self.picked_up) if figure)

    @property
    def disputed(self) -> bool:
        return any(figure and figure.claims for figure in (self.delivered, self.picked_up, self.empties))


def visits_progress(scans: Iterable[Scan]) -> dict[str, VisitProgress]:
    """Every visit that facts tell of, by its ref."""
    return fold_visits(settle(scans))


def fold_visits(facts: Iterable[Fact], of: Collection[str] | None = None) -> dict[str, VisitProgress]:
    """The visits that settled facts tell of, by ref; those `of` only, where given."""
    by_visit: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        if of is None or fact.visit in of:
            by_visit[fact.visit].append(fact)
    return {visit: _progress(visit, facts) for visit, facts in by_visit.items()}


def _progress(visit: str, facts: Sequence[Fact]) -> VisitProgress:
    by_kind: dict[ScanKind, list[Fact]] = defaultdict(list)
    for fact in facts:
        by_kind[fact.kind].append(fact)
    delivered = _figure(by_kind[ScanKind.DELIVERED])
    picked_up = _figure(by_kind[ScanKind.PICKED_UP])
    clocked = [fact for fact in facts if not fact.scan.by_library]
    at_the_door = [fact.at for fact in clocked if fact.kind is not ScanKind.PROBLEM]
    return VisitProgress(
        visit=visit,
        state=_state(by_kind, bool((delivered and delivered.crates) or (picked_up and picked_up.crates))),
        arrived=_instant(by_kind[ScanKind.ARRIVED][:1]),
        left=_instant(by_kind[ScanKind.LEFT][-1:]),
        began_at=min(at_the_door, default=None),
        last_at=facts[-1].at,
        clocked_at=clocked[-1].at if clocked else None,
        delivered=delivered,
        picked_up=picked_up,
        empties=_figure(by_kind[ScanKind.EMPTY]),
        closed_at=by_kind[ScanKind.CLOSED][-1].at if by_kind[ScanKind.CLOSED] else None,
        problems=tuple(fact.scan.text for fact in by_kind[ScanKind.PROBLEM]),
    )


def _state(by_kind: dict[ScanKind, list[Fact]], exchanged: bool) -> VisitState:
    """« Fermé » does not hold where crates changed hands all the same."""
    if by_kind[ScanKind.CLOSED] and not exchanged:
        return VisitState.CLOSED
    if by_kind[ScanKind.DELIVERED] or by_kind[ScanKind.PICKED_UP]:
        return VisitState.DONE
    for kind, state in (
        (ScanKind.LEFT, VisitState.LEFT),
        (ScanKind.ARRIVED, VisitState.ARRIVED),
        (ScanKind.EMPTY, VisitState.ARRIVED),
        (ScanKind.PROBLEM, VisitState.PROBLEM),
    ):
        if by_kind[kind]:
            return state
    return VisitState.NOTHING


def _instant(facts: Sequence[Fact]) -> Instant | None:
    return Instant(at=facts[0].at, told=facts[0].scan.happened_at) if facts else None


def _figure(facts: Sequence[Fact]) -> Figure | None:
    """Facts of one kind at one visit, in order of time; None where nobody gave a figure."""
    totals = [fact for fact in facts if fact.crate is None and fact.count is not None]
    scanned = [fact for fact in facts if fact.crate is not None]
    if not totals and not scanned:
        return None
    codes = sorted({fact.crate for fact in scanned if fact.crate})
    before = {fact.scan.crate for fact in facts if fact.scan.crate}
    last = totals[-1] if totals else None
    return Figure(
        crates=max((last.count or 0) if last else 0, len(codes)),
        told=max((last.scan.count or 0) if last else 0, len(before)),
        codes=tuple(codes),
        scan=(last or scanned[-1]).scan.id,
        claims=_claims(totals, len(codes)),
    )


def _claims(totals: Sequence[Fact], scanned: int) -> tuple[Claim, ...]:
    latest = {fact.scan.teller: fact.count or 0 for fact in totals}
    if len(set(latest.values())) <= 1 and all(total >= scanned for total in latest.values()):
        return ()
    return tuple(Claim(teller=teller, crates=crates) for teller, crates in sorted(latest.items()))
