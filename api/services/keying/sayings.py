"""Settled facts of a visit → who says what of each square of its sheet, which of it counts, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from api.services.road.words import hour
from models.custody.facts import ScanKind
from models.custody.settle import Fact
from models.custody.visits import Figure, VisitProgress, VisitState
from models.tables.scans import ScanSource

APART = timedelta(minutes=5)  # hours nearer than that do not contradict each other: watches differ
_WORDS = {
    ScanSource.PHONE: "téléphone",
    ScanSource.PAPER: "papier",
    ScanSource.DESK: "bureau",
    ScanSource.LIBRARY: "bibliothèque",
    ScanSource.API: "autre logiciel",
}
SQUARES = (ScanKind.ARRIVED, ScanKind.DELIVERED, ScanKind.PICKED_UP, ScanKind.EMPTY, ScanKind.CLOSED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Saying:
    """One teller's last word on a square (their first, for an arrival)."""

    source: ScanSource
    fact: Fact
    counts: bool

    @property
    def who(self) -> str:
        """« Dominique (téléphone) »."""
        teller = self.fact.scan.teller
        return f"{teller} ({_WORDS[self.source]})" if teller else f"le {_WORDS[self.source]}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Square:
    """What is said of one square. `why` is empty where nothing contradicts anything."""

    kind: ScanKind
    keyed: Saying | None
    others: tuple[Saying, ...]
    why: str


def squares(
    facts: Sequence[Fact], sources: Mapping[UUID, ScanSource], progress: VisitProgress
) -> dict[ScanKind, Square]:
    """The squares of one visit, from its settled facts, in order of time."""
    return {kind: _square(kind, facts, sources, progress) for kind in SQUARES}


def _square(
    kind: ScanKind, facts: Sequence[Fact], sources: Mapping[UUID, ScanSource], progress: VisitProgress
) -> Square:
    last: dict[tuple[str, ScanSource], Fact] = {}
    for fact in facts:
        if fact.kind is kind and fact.crate is None:
            key = (fact.scan.teller, sources[fact.scan.id])
            if kind is not ScanKind.ARRIVED or key not in last:
                last[key] = fact
    deciding = _deciding(kind, list(last.values()), progress)
    said = [
        Saying(source=source, fact=fact, counts=fact.scan.id == deciding)
        for (_, source), fact in last.items()
    ]
    keyed = [one for one in said if one.source is ScanSource.PAPER]
    own = max(keyed, key=lambda one: one.fact.moment, default=None)
    return Square(
        kind=kind,
        keyed=own,
        others=tuple(one for one in said if one is not own),
        why=_why(kind, said, progress),
    )


def _deciding(kind: ScanKind, last: Sequence[Fact], progress: VisitProgress) -> UUID | None:
    """Which fact counts: the first arrival, the last total unless more codes were scanned, the last closed
    door unless crates moved."""
    if not last or (kind is ScanKind.CLOSED and progress.state is not VisitState.CLOSED):
        return None
    if kind is ScanKind.ARRIVED:
        return min(last, key=lambda fact: fact.moment).scan.id
    found, figure = max(last, key=lambda fact: fact.moment), _figure(kind, progress)
    return None if figure and figure.crates != found.count else found.scan.id


def _why(kind: ScanKind, said: Sequence[Saying], progress: VisitProgress) -> str:
    if kind is ScanKind.ARRIVED:
        return _why_then(said)
    if kind is ScanKind.CLOSED:
        crates = progress.exchanged
        moved = bool(said) and progress.state is not VisitState.CLOSED and crates > 0
        return "Des bacs ont été déposés ou pris : « fermé » ne compte pas." if moved else ""
    return _why_so_many(said, _figure(kind, progress))


def _why_then(said: Sequence[Saying]) -> str:
    moments = [one.fact.at for one in said]
    if not moments or max(moments) - min(moments) < APART:
        return ""
    told = ", ".join(f"{one.who} dit {hour(one.fact.at)}" for one in said)
    return f"{told}. La première heure dite compte : {hour(min(moments))}."


def _why_so_many(said: Sequence[Saying], figure: Figure | None) -> str:
    counts = {one.fact.count or 0 for one in said}
    scanned = len(figure.codes) if figure else 0
    if figure is None or not counts or (len(counts) == 1 and min(counts) >= scanned):
        return ""
    told = ", ".join(f"{one.who} dit {one.fact.count or 0}" for one in said)
    if not any(one.counts for one in said):
        return f"{told}, mais {scanned} codes ont été scannés : ils comptent."
    return f"{told}. Le dernier dit compte : {figure.crates}."


def _figure(kind: ScanKind, progress: VisitProgress) -> Figure | None:
    return {
        ScanKind.DELIVERED: progress.delivered,
        ScanKind.PICKED_UP: progress.picked_up,
        ScanKind.EMPTY: progress.empties,
    }.get(kind)
