"""Facts → how each visit went.

A count is the *total* of the visit for its kind, as the phone's stepper and the sheet's square show it, not
something to add: two phones, or a phone and a sheet keyed in afterwards, must not count its crates twice.
So the latest total counts, and where tellers differ each one's latest is shown beside it: a coordinator
expects one figure, and to know that it is disputed. Crates told by their code are a set, whoever scanned
them. A total below the number of codes scanned is disputed too, and the codes count: nobody reads a barcode
that is not there.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from models.custody.facts import Moment, Scan, ScanKind
from models.custody.settle import Fact, settle
from models.custody.tally import Counted, Tally, scan_of


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

    `clocked_at` is the last fact of those who drive or follow the van: what is untimed says what was
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
    return {visit: progress(visit, tally) for visit, tally in tallies(settle(scans)).items()}


def tallies(facts: Iterable[Fact], of: Collection[str] | None = None) -> dict[str, Tally]:
    """What settled facts say of visits, by ref; of those `of` only, where given."""
    by_visit: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        if of is None or fact.visit in of:
            by_visit[fact.visit].append(fact)
    return {visit: Tally().add(told) for visit, told in by_visit.items()}


def progress(visit: str, tally: Tally) -> VisitProgress:
    """How a visit went, as its facts add up."""
    delivered, picked_up = _figure(tally.delivered), _figure(tally.picked_up)
    return VisitProgress(
        visit=visit,
        state=_state(tally, bool((delivered and delivered.crates) or (picked_up and picked_up.crates))),
        arrived=_instant(tally.arrived),
        left=_instant(tally.left),
        began_at=tally.began_at,
        last_at=tally.last_at,
        clocked_at=tally.clocked_at,
        delivered=delivered,
        picked_up=picked_up,
        empties=_figure(tally.empty),
        closed_at=tally.closed[0] if tally.closed else None,
        problems=tuple(text for _, text in sorted(tally.problems)),
    )


def _state(tally: Tally, exchanged: bool) -> VisitState:
    """« Fermé » does not hold where crates changed hands all the same."""
    if ScanKind.CLOSED in tally.kinds and not exchanged:
        return VisitState.CLOSED
    for kind, state in (
        (ScanKind.DELIVERED, VisitState.DONE),
        (ScanKind.PICKED_UP, VisitState.DONE),
        (ScanKind.LEFT, VisitState.LEFT),
        (ScanKind.ARRIVED, VisitState.ARRIVED),
        (ScanKind.EMPTY, VisitState.ARRIVED),
        (ScanKind.PROBLEM, VisitState.PROBLEM),
    ):
        if kind in tally.kinds:
            return state
    return VisitState.NOTHING


def _instant(told: tuple[Moment, datetime] | None) -> Instant | None:
    return Instant(at=told[0][0], told=told[1]) if told else None


def _figure(counted: Counted) -> Figure | None:
    """None where nobody gave a figure."""
    last = counted.decides
    decisive = last.moment if last else counted.last_scanned
    if decisive is None:
        return None
    return Figure(
        crates=max(last.crates if last else 0, len(counted.codes)),
        told=max(last.told if last else 0, len(counted.told_codes)),
        codes=tuple(sorted(counted.codes)),
        scan=scan_of(decisive),
        claims=_claims(counted),
    )


def _claims(counted: Counted) -> tuple[Claim, ...]:
    latest = {teller: total.crates for teller, total in counted.totals.items()}
    scanned = len(counted.codes)
    if len(set(latest.values())) <= 1 and all(total >= scanned for total in latest.values()):
        return ()
    return tuple(Claim(teller=teller, crates=crates) for teller, crates in sorted(latest.items()))
