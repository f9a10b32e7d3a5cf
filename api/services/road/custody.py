"""Where each crate is, kept beside the facts so that asking is cheap. It can be made anew from them at
will.

After each batch only the crates that it concerns are folded again, and not from their first day: the last
movement decides (see `models.custody.crates`), so what was told since three days before it is enough, as
long as a movement still stands in there; where everything there is undone, the last thousand facts of the
crate are read. The fact that decided so far is always among those folded, also when it was told with a
clock of another year.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from api.repositories import crates as places
from api.repositories import scans as facts
from api.repositories.turns import take_turns
from models.custody.crates import TELLING, Custody, Holder, custody_of, fold_crates
from models.custody.facts import Scan, ScanKind
from models.custody.settle import Fact, settle
from models.tables.base import now
from models.tables.demand import CustodyRecord

BEFORE = timedelta(days=3)  # what belongs to a movement is told around it
STALE = timedelta(days=30)  # crates that have not moved for longer are read one by one
DEEP = 1000
CHUNK = 20  # crates folded in one go
_SAYING = TELLING | {ScanKind.CORRECTION}  # which kinds say something of a crate


@dataclass(frozen=True, kw_only=True, slots=True)
class Depth:
    """How far back facts of crates are read: `near` all since `since`, each of `far` since its own instant.

    `deciding` are the facts that decided so far; `starts` from when on each crate is read; `known` those of
    which anything stood.
    """

    near: frozenset[str]
    since: datetime | None
    far: Mapping[str, datetime]
    deciding: frozenset[UUID]
    starts: Mapping[str, datetime]
    known: frozenset[str]


def concerned(told: Iterable[Scan]) -> frozenset[str]:
    """The crates that facts, with all that they are about, tell something of."""
    return frozenset(scan.crate for scan in told if scan.crate and scan.kind in _SAYING)


def depth_of(records: Mapping[str, CustodyRecord], crates: Iterable[str], told: Sequence[Scan]) -> Depth:
    """How far to read, from where crates were last known to be and from when the new facts are."""
    starts = {code: _since(records.get(code), code, told) for code in crates}
    recent = now() - STALE
    near = {code: since for code, since in starts.items() if since >= recent}
    return Depth(
        near=frozenset(near),
        since=min(near.values(), default=None),
        far={code: since for code, since in starts.items() if since < recent},
        deciding=frozenset(UUID(record.scan) for record in records.values() if record.scan),
        starts=starts,
        known=frozenset(code for code, record in records.items() if record.scan),
    )


def far(session: Session, depth: Depth) -> list[Scan]:
    """The facts of crates that have not moved for long, crate by crate."""
    return [
        scan for code, since in depth.far.items() for scan in facts.scans_of_crates(session, [code], since)
    ]


def keep(session: Session, depth: Depth, read: Sequence[Scan], settled: Iterable[Fact]) -> dict[str, Custody]:
    """Store where crates are; what is stored. `read`: the facts that were read, mendings too."""
    found = fold_crates(settled, depth.starts)
    # A crate of which nothing stood until now has nothing older that stands.
    doubtful = [code for code in depth.known if not _decided(found.get(code), depth.starts[code])]
    if doubtful:
        deeper = [scan for code in doubtful for scan in facts.newest_of_crate(session, code, DEEP)]
        found |= fold_crates(settle(facts.with_mendings(session, [*read, *deeper])), doubtful)
    places.put_custody(session, depth.starts.keys(), found)
    return found


def rebuild_crates(session: Session) -> int:
    """Fold every crate anew from all that was ever told, in one transaction; how many there are."""
    codes = sorted(every_crate(session))
    for k in range(0, len(codes), CHUNK):
        rebuild_some(session, codes[k : k + CHUNK])
    return len(codes)


def every_crate(session: Session) -> set[str]:
    """Crates that facts name, or that a row is kept of."""
    return facts.crates_told_of(session) | {one.crate for one in places.all_custody(session)}


def rebuild_some(session: Session, codes: Sequence[str]) -> None:
    """Fold crates anew from all that was ever told of them, in their turn."""
    take_turns(session, (f"crate {code}" for code in codes))
    places.put_custody(session, codes, folded(session, codes))


def folded(session: Session, codes: Sequence[str]) -> dict[str, Custody]:
    """Where all that was ever told of crates puts them; without those of which nothing stands."""
    found = custody_of(facts.with_mendings(session, facts.scans_of_crates(session, codes)))
    return {code: found[code] for code in codes if code in found}


def _since(record: CustodyRecord | None, code: str, told: Iterable[Scan]) -> datetime:
    moments = [scan.happened_at for scan in told if scan.crate == code]
    if record is not None and record.scan:
        moments.append(record.since)
    return min(moments) - BEFORE


def _decided(found: Custody | None, since: datetime) -> bool:
    return found is not None and found.holder is not Holder.UNKNOWN and found.since >= since + BEFORE / 3
