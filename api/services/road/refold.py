"""Facts → what is kept beside them, how visits went and where crates are, brought up to date in one reading.

Only what new facts concern is folded again: visits whole, crates from where their last movement is certain
to be read (`api.services.road.custody`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from api.repositories import crates as places
from api.repositories import scans as facts
from api.repositories.scans import Subject
from api.repositories.turns import take_turns
from api.services.road import custody, outcomes
from models.custody.crates import Custody
from models.custody.facts import Scan
from models.custody.settle import settle


@dataclass(frozen=True, kw_only=True, slots=True)
class Refolded:
    """The crates that new facts concern, and where those are of which anything stands."""

    crates: frozenset[str]
    custody: Mapping[str, Custody]


def refold(session: Session, new: Sequence[Scan]) -> Refolded:
    """Bring up to date what is kept; `new` are facts that were stored in this transaction."""
    told = facts.with_mendings(session, new)
    visits, crates = outcomes.concerned(told), custody.concerned(told)
    take_turns(session, [*(f"visit {ref}" for ref in visits), *(f"crate {code}" for code in crates)])
    depth = custody.depth_of(places.custody_at(session, crates), crates, told)
    subject = Subject(visits=visits, crates=depth.near, since=depth.since, ids=depth.deciding)
    read, known = facts.told_about(session, subject)
    whole = facts.with_mendings(session, [*told, *read, *custody.far(session, depth)])
    settled = settle(whole)
    outcomes.keep(session, known, settled)
    return Refolded(crates=crates, custody=custody.keep(session, depth, whole, settled))
