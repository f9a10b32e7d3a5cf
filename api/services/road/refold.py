"""Facts → what is kept beside them, how visits went and where crates are, brought up to date in one reading.

Only what new facts concern is folded again: crates from where their last movement is certain to be read
(`api.services.road.custody`); visits whole, or not at all where nothing is mended and what is kept of them
can simply be added to.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from api.repositories import crates as places
from api.repositories import scans as facts
from api.repositories.scans import Subject
from api.repositories.turns import take_turns
from api.services.road import custody, outcomes
from api.services.road.outcomes import Placed
from models.custody.crates import Custody
from models.custody.settle import Fact, settle
from models.custody.tally import Tally
from models.custody.visits import tallies


@dataclass(frozen=True, kw_only=True, slots=True)
class Refolded:
    """The crates that new facts concern, and where those are of which anything stands."""

    crates: frozenset[str]
    custody: Mapping[str, Custody]


def refold(session: Session, new: Sequence[Placed]) -> Refolded:
    """Bring up to date what is kept; `new` are facts that were stored in this transaction."""
    told = facts.with_mendings(session, [one.scan for one in new])
    visits, crates = outcomes.concerned(told), custody.concerned(told)
    take_turns(session, [*(f"visit {ref}" for ref in visits), *(f"crate {code}" for code in crates)])
    kept = outcomes.open_tallies(session, new, told)
    depth = custody.depth_of(places.custody_at(session, crates), crates, told)
    subject = Subject(
        visits=visits - kept.tallies.keys(), crates=depth.near, since=depth.since, ids=depth.deciding
    )
    read, known = facts.told_about(session, subject)
    whole = facts.with_mendings(session, [*told, *read, *custody.far(session, depth)])
    settled = settle(whole)
    _add(kept.tallies, settled, {one.scan.id for one in new})
    outcomes.keep(session, {**known, **kept.places}, {**tallies(settled, known), **kept.tallies})
    return Refolded(crates=crates, custody=custody.keep(session, depth, whole, settled))


def _add(kept: Mapping[str, Tally], settled: Iterable[Fact], new: Collection[UUID]) -> None:
    """Take new facts into the tallies of their visits."""
    for fact in settled:
        if fact.scan.id in new and fact.visit in kept:
            kept[fact.visit].add([fact])
