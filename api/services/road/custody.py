"""Where each crate is, kept beside the facts so that asking is cheap. It can be made anew from them at
will.

After each batch only the crates that it concerns are folded again, and not from their first day: the last
movement decides (see `models.custody.crates`), so what was told since three days before it is enough, as
long as a movement still stands in there; where everything there is undone, the last thousand facts of the
crate are read. The fact that decided so far is always among those folded, also when it was told with a
clock of another year.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from api.repositories import crates as places
from api.repositories import scans as facts
from models.custody.crates import TELLING, Custody, Holder, custody_of
from models.custody.facts import Scan, ScanKind
from models.tables.base import now
from models.tables.demand import CustodyRecord

BEFORE = timedelta(days=3)  # what belongs to a movement is told around it
STALE = timedelta(days=30)  # crates that have not moved for longer are read one by one
DEEP = 1000
_CHUNK = 20
_SAYING = TELLING | {ScanKind.CORRECTION}  # which kinds say something of a crate


def refold_crates(session: Session, told: Sequence[Scan]) -> set[str]:
    """Bring up to date where crates are; `told` are new facts with all that they are about.

    The crates concerned.
    """
    concerned = {scan.crate for scan in told if scan.crate and scan.kind in _SAYING}
    if concerned:
        _renew(session, concerned, told)
    return concerned


def rebuild_crates(session: Session) -> int:
    """Fold every crate anew from all that was ever told; how many there are."""
    codes = facts.crates_told_of(session) | {one.crate for one in places.all_custody(session)}
    ordered = sorted(codes)
    for k in range(0, len(ordered), _CHUNK):
        part = ordered[k : k + _CHUNK]
        places.lock_custody(session, part)
        told = facts.with_mendings(session, facts.scans_of_crates(session, part))
        places.put_custody(session, part, custody_of(told))
    return len(ordered)


def _renew(session: Session, concerned: Collection[str], told: Sequence[Scan]) -> None:
    records = places.lock_custody(session, concerned)
    since = {code: _since(record, code, told) for code, record in records.items()}
    recent = now() - STALE
    near = [code for code in since if since[code] >= recent]
    read = list(told) + _deciding(session, records.values())
    if near:
        read += facts.scans_of_crates(session, near, min(since[code] for code in near))
    for code in set(since) - set(near):
        read += facts.scans_of_crates(session, [code], since[code])
    found = custody_of(facts.with_mendings(session, read))
    # A crate of which nothing stood until now has nothing older that stands.
    known = [code for code, record in records.items() if record.scan]
    doubtful = [code for code in known if not _decided(found.get(code), since[code])]
    for code in doubtful:
        read += facts.newest_of_crate(session, code, DEEP)
    if doubtful:
        found = custody_of(facts.with_mendings(session, read))
    places.put_custody(session, records, found)


def _since(record: CustodyRecord, code: str, told: Iterable[Scan]) -> datetime:
    """From when on a crate's facts are read."""
    moments = [scan.happened_at for scan in told if scan.crate == code]
    if record.scan:
        moments.append(record.since)
    return min(moments) - BEFORE


def _deciding(session: Session, records: Iterable[CustodyRecord]) -> list[Scan]:
    ids = [UUID(record.scan) for record in records if record.scan]
    return facts.scans_of_ids(session, ids) if ids else []


def _decided(found: Custody | None, since: datetime) -> bool:
    return found is not None and found.holder is not Holder.UNKNOWN and found.since >= since + BEFORE / 3
