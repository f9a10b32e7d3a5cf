"""How each visit went, kept beside the facts so that asking is quick. Made anew from them at will."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from pydantic import TypeAdapter
from sqlmodel import Session

from api.repositories import outcomes
from api.repositories import scans as facts
from api.repositories.turns import take_turns
from models.custody.facts import MENDING, Scan
from models.custody.settle import Fact, settle
from models.custody.visits import Figure, VisitProgress, fold_visits
from models.service_day import ServiceDay

_CHUNK = 100
_DETAIL = TypeAdapter(VisitProgress)


def concerned(told: Iterable[Scan]) -> frozenset[str]:
    """The visits that facts, with all that they are about, tell something of."""
    return frozenset(scan.visit for scan in told if scan.kind not in MENDING and scan.visit)


def keep(session: Session, places: Mapping[str, Mapping[str, Any]], told: Iterable[Fact]) -> None:
    """Store how visits went. `places`: round, site and day, by ref; `told`: all their facts, settled."""
    found = fold_visits(told, places)
    rows = {ref: _row(found[ref], place) for ref, place in places.items() if ref in found}
    outcomes.put_outcomes(session, places.keys(), rows)


def rebuild_visits(session: Session) -> int:
    """Fold every visit anew from all that was ever told; how many there are."""
    places = outcomes.places_told(session)
    refs = sorted(places)
    for k in range(0, len(refs), _CHUNK):
        part = refs[k : k + _CHUNK]
        take_turns(session, (f"visit {ref}" for ref in part))
        told = facts.with_mendings(session, facts.scans_of_visits(session, part))
        keep(session, {ref: places[ref] for ref in part}, settle(told))
    return len(refs)


def progress_of_rounds(session: Session, rounds: Collection[str]) -> dict[str, VisitProgress]:
    """Every visit of rounds that facts tell of, by its ref, in the plan or not."""
    kept = outcomes.details_of(session, rounds) if rounds else {}
    return {ref: _DETAIL.validate_python(detail) for ref, detail in kept.items()}


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
