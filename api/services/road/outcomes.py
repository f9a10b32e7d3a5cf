"""How each visit went, kept beside the facts so that asking is quick. Made anew from them at will.

After each batch the visits that it concerns are folded again, all their facts read: a visit has some dozens.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from pydantic import TypeAdapter
from sqlmodel import Session

from api.repositories import outcomes
from api.repositories import scans as facts
from models.custody.facts import MENDING, Scan
from models.custody.visits import Figure, VisitProgress, visits_progress
from models.service_day import ServiceDay

_CHUNK = 100
_DETAIL = TypeAdapter(VisitProgress)


def refold_visits(session: Session, told: Iterable[Scan]) -> None:
    """Bring up to date how visits went; `told` are new facts with all that they are about."""
    refs = {scan.visit for scan in told if scan.kind not in MENDING}
    if refs:
        _renew(session, outcomes.places_told(session, refs))


def rebuild_visits(session: Session) -> int:
    """Fold every visit anew from all that was ever told; how many there are."""
    places = outcomes.places_told(session)
    refs = sorted(places)
    for k in range(0, len(refs), _CHUNK):
        _renew(session, {ref: places[ref] for ref in refs[k : k + _CHUNK]})
    return len(refs)


def progress_of_rounds(session: Session, rounds: Collection[str]) -> dict[str, VisitProgress]:
    """Every visit of rounds that facts tell of, by its ref, in the plan or not."""
    kept = outcomes.details_of(session, rounds) if rounds else {}
    return {ref: _DETAIL.validate_python(detail) for ref, detail in kept.items()}


def _renew(session: Session, places: Mapping[str, Mapping[str, Any]]) -> None:
    if not places:
        return
    outcomes.lock_outcomes(session, places)
    told = facts.with_mendings(session, facts.scans_of_visits(session, places))
    found = visits_progress(told)
    rows = {ref: _row(found[ref], place) for ref, place in places.items() if ref in found}
    outcomes.put_outcomes(session, places.keys(), rows)


def _row(progress: VisitProgress, place: Mapping[str, Any]) -> dict[str, Any]:
    began = progress.began_at
    return {
        **place,
        "state": progress.state,
        "began_at": began,
        "began_s": ServiceDay(place["day"]).second(began) if began else None,
        "last_at": progress.last_at,
        "delivered": _crates(progress.delivered),
        "picked_up": _crates(progress.picked_up),
        "empties": _crates(progress.empties),
        "detail": _DETAIL.dump_python(progress, mode="json"),
    }


def _crates(figure: Figure | None) -> int | None:
    return figure.crates if figure else None
