"""What is kept beside the facts, made anew from them while the service goes on; and does it still agree?"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

from sqlmodel import Session

from api.db import Database
from api.repositories import crates as places
from api.repositories import outcomes as stored
from api.services.road import custody, outcomes
from models.custody.crates import Custody
from models.tables.demand import CustodyRecord

Say: TypeAlias = Callable[[str, int, int], None]
SAMPLE = 50
# All that a row says; not its tally, which new facts are added to: what that comes to is in `detail`.
_SAYS = (
    "round", "site", "day", "state", "began_at", "began_s", "last_at", "delivered", "picked_up", "empties",
    "detail",
)  # fmt: skip


def rebuild(database: Database, say: Say) -> tuple[int, int]:
    """Fold every visit and every crate anew from all that was ever told; how many of each.

    One short transaction for each chunk, in the turns of its visits or crates: facts that come meanwhile wait
    for one chunk at most, and are in what is kept whichever comes first. `say` is told what is being made,
    how many are done, and of how many. Stopped half-way, what is done stays, and the rest is as it was.
    """
    with database.read() as session:
        refs, codes = sorted(stored.visits_told(session)), sorted(custody.every_crate(session))
    for part, done in _chunks(refs, outcomes.CHUNK):
        with database.write() as session:
            outcomes.rebuild_some(session, part)
        say("passages", done, len(refs))
    for part, done in _chunks(codes, custody.CHUNK):
        with database.write() as session:
            custody.rebuild_some(session, part)
        say("bacs", done, len(codes))
    return len(refs), len(codes)


def astray(session: Session, sample: int = SAMPLE) -> tuple[list[str], list[str]]:
    """Of the newest visits and crates and of some others: those kept otherwise than their facts say.

    The session must see one moment (`api.repositories.whole.one_moment`), else facts that are stored between
    two readings would look like a difference.
    """
    refs, codes = sorted(stored.some_visits(session, sample)), sorted(places.some_crates(session, sample))
    kept, told = stored.rows_of(session, refs), outcomes.folded(session, refs)
    here, there = places.custody_at(session, codes), custody.folded(session, codes)
    return (
        [ref for ref in refs if _plain(kept.get(ref)) != _plain(told.get(ref))],
        [code for code in codes if _kept(here.get(code)) != _told(there.get(code))],
    )


def _chunks(names: Sequence[str], size: int) -> Iterator[tuple[Sequence[str], int]]:
    for k in range(0, len(names), size):
        yield names[k : k + size], min(k + size, len(names))


def _plain(row: dict[str, Any] | None) -> dict[str, Any] | None:
    return row and {name: row[name] for name in _SAYS}


def _kept(record: CustodyRecord | None) -> tuple[object, ...] | None:
    if record is None:
        return None
    return record.holder, record.holder_ref, record.empty, record.since, record.scan


def _told(found: Custody | None) -> tuple[object, ...] | None:
    if found is None:
        return None
    return found.holder, found.place, found.empty, found.since, str(found.scan)
