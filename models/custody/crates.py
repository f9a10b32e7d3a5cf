"""Facts → where each crate is: at a site, aboard a round, or nobody knows; one place at a time.

The last movement decides: `delivered` leaves the crate at the visit's site, `picked_up` takes it aboard the
visit's round. Picked up, a crate is full, or empty where an `empty` fact of the same visit says so; it is
delivered as it came aboard in the same round (nobody fills a crate in the van), unknown where nobody told
of that. An `empty` fact by itself empties it where it stands. So the last movement, the round it belongs to
and what was told since suffice: a crate's years need not be read again.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from models.custody.facts import Scan, ScanKind, round_of, site_of
from models.custody.settle import Fact, settle

TELLING = frozenset({ScanKind.DELIVERED, ScanKind.PICKED_UP, ScanKind.EMPTY})


class Holder(StrEnum):
    """Who has a crate."""

    SITE = "site"
    ROUND = "round"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True, slots=True)
class Custody:
    """Where a crate is: `place` is a site's or a round's code, empty where unknown.

    `since` is its last movement, or what was last told of it where it never moved, and `scan` the fact that
    says so. `empty` is None where nobody knows. `visit` is that of the movement.
    """

    crate: str
    holder: Holder
    place: str
    empty: bool | None
    since: datetime
    scan: UUID
    visit: str = ""


def custody_of(scans: Iterable[Scan]) -> dict[str, Custody]:
    """Every crate that standing facts name, by its code."""
    return fold_crates(settle(scans))


def fold_crates(facts: Iterable[Fact], of: Collection[str] | None = None) -> dict[str, Custody]:
    """The crates that settled facts name, by code; those `of` only, where given."""
    by_crate: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.crate and fact.kind in TELLING and (of is None or fact.crate in of):
            by_crate[fact.crate].append(fact)
    return {crate: _fold(crate, facts) for crate, facts in by_crate.items()}


def _fold(crate: str, facts: Sequence[Fact]) -> Custody:
    emptied = {fact.visit for fact in facts if fact.kind is ScanKind.EMPTY}
    first = facts[0]
    found = Custody(
        crate=crate, holder=Holder.UNKNOWN, place="", empty=None, since=first.at, scan=first.scan.id
    )
    for fact in facts:
        found = _after(found, fact, emptied)
    return found


def _after(before: Custody, fact: Fact, emptied: set[str]) -> Custody:
    match fact.kind:
        case ScanKind.DELIVERED:
            holder, place = Holder.SITE, site_of(fact.visit)
            carried = before.empty if round_of(before.visit) == round_of(fact.visit) else None
            empty = True if fact.visit in emptied else carried
        case ScanKind.PICKED_UP:
            holder, place = Holder.ROUND, round_of(fact.visit)
            empty = fact.visit in emptied
        case _:
            return replace(before, empty=True)
    return replace(
        before,
        holder=holder if place else Holder.UNKNOWN,
        place=place or "",
        empty=empty,
        since=fact.at,
        scan=fact.scan.id,
        visit=fact.visit,
    )
