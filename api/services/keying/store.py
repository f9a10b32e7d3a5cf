"""What a hand wrote in the squares of a sheet → facts, only where it says something new.

Keyed in twice, a sheet tells nothing more: a square that says what was keyed in before makes no fact, one
that says something else corrects it, an empty one takes it back. Nothing that others told is touched.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from sqlmodel import Session
from uuid_utils.compat import uuid7

from api.repositories.turns import take_turns
from api.services.actor import Actor
from api.services.keying.sayings import SQUARES, Saying, Square
from api.services.keying.sheet import Sheet, read
from api.services.road.record import Batch, record
from api.wire.keying import KeyedVisitIn, SheetIn
from api.wire.scans import ScanIn
from models.custody.facts import MENDING, ScanKind
from models.errors import InputError
from models.tables.scans import ScanSource

_MINUTE = timedelta(minutes=1)


def store(session: Session, actor: Actor, code: str, keyed: SheetIn, at: datetime) -> Sheet:
    """Tell what is new on a sheet, in its author's name; the sheet as it then stands.

    InputError for a visit that the sheet has not or that is given twice, and for an hour to come: nothing is
    stored then. NotFound without such a round.
    """
    refs = [one.visit for one in keyed.visits]
    take_turns(session, [f"sheet {code}"])  # of two who key in one sheet, the second sees what the first did
    sheet = read(session, code, at)
    strange = [ref for ref in refs if ref not in sheet.squares or refs.count(ref) > 1]
    if strange:
        raise InputError(f"Cette feuille n'a pas, ou pas deux fois, le passage « {strange[0]} ».")
    early = [one.time for one in keyed.visits if one.time and sheet.day.at(_second(one.time)) > at]
    if early:
        raise InputError(
            f"« {early[0]} » n'est pas encore passé : vérifiez l'heure et le jour de la feuille."
        )
    new = [fact for one in keyed.visits for fact in _changes(sheet, one, at)]
    if not new:
        return sheet
    without = {one.visit for one in keyed.visits if not one.time}
    untimed = frozenset(fact.id for fact in new if fact.kind not in MENDING and fact.visit in without)
    batch = Batch(readings=new, source=ScanSource.PAPER, received_at=at, untimed=untimed)
    record(session, actor, batch)
    return read(session, code, at)


def _changes(sheet: Sheet, keyed: KeyedVisitIn, at: datetime) -> Iterator[ScanIn]:
    found = sheet.squares[keyed.visit]
    written = sheet.day.at(_second(keyed.time)) if keyed.time else None
    when = written or min(_best_guess(sheet, keyed.visit), at)
    for kind, filled, count in _filled(keyed):
        before = found[kind].keyed
        anew = before is not None and before.fact.scan.untimed != (written is None)
        if before is not None and (anew or not filled):
            yield _fact(ScanKind.UNDO, keyed.visit, at, at, target=before.fact.scan.id)
        if filled and (before is None or anew):
            yield _fact(kind, keyed.visit, when, at, count=count)
        elif filled and before is not None:
            yield from _correction(before, keyed.visit, count, written, at)


def _filled(keyed: KeyedVisitIn) -> Iterator[tuple[ScanKind, bool, int | None]]:
    """Each square: whether something is written in it, and how many crates."""
    counts = {
        ScanKind.DELIVERED: keyed.delivered,
        ScanKind.PICKED_UP: keyed.picked_up,
        ScanKind.EMPTY: keyed.empties,
    }
    marks: Mapping[ScanKind, bool] = {
        ScanKind.ARRIVED: keyed.time is not None,
        ScanKind.CLOSED: keyed.closed,
    }
    for kind in SQUARES:
        count = counts.get(kind)
        yield kind, marks.get(kind, count is not None), count


def _correction(
    before: Saying, visit: str, count: int | None, written: datetime | None, at: datetime
) -> Iterator[ScanIn]:
    """Nothing where the same stands there already; hours are compared as they are written, by the minute."""
    moved = written is not None and not written <= before.fact.at < written + _MINUTE
    new_count = count if count != before.fact.count else None
    if moved or new_count is not None:
        yield _fact(
            ScanKind.CORRECTION,
            visit,
            at,
            at,
            target=before.fact.scan.id,
            count=new_count,
            retimed_to=written if moved else None,
        )


def _best_guess(sheet: Sheet, ref: str) -> datetime:
    """When it was, where no hour is written: as others say, else as planned."""
    others: Square = sheet.squares[ref][ScanKind.ARRIVED]
    told = [one.fact.at for one in others.others]
    planned = next(one for one in sheet.followed.expected if one.visit == ref)
    return min(told, default=planned.begin_at)


def _fact(kind: ScanKind, visit: str, when: datetime, at: datetime, **fields: object) -> ScanIn:
    told = {"id": uuid7(), "kind": kind, "visit": visit, "occurred_at": when, "sent_at": at, **fields}
    return ScanIn.model_validate(told)


def _second(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 3600 + int(minutes) * 60
