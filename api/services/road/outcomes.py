"""How each visit went, kept beside the facts so that asking is quick. Made anew from them at will."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from pydantic import TypeAdapter
from sqlmodel import Session

from api.repositories import outcomes
from api.repositories import scans as facts
from api.repositories.turns import take_turns
from models.custody.facts import MENDING, Scan
from models.custody.settle import settle
from models.custody.tally import Tally
from models.custody.visits import Figure, VisitProgress, progress, tallies
from models.service_day import ServiceDay

CHUNK = 100  # visits folded in one go
_DETAIL = TypeAdapter(VisitProgress)
_TALLY = TypeAdapter(Tally)
_PLACE = ("round", "site", "day")


class Placed(Protocol):
    """A fact, with what it was understood to be about."""

    @property
    def scan(self) -> Scan: ...
    @property
    def round(self) -> str | None: ...
    @property
    def site(self) -> str | None: ...
    @property
    def day(self) -> date: ...


def concerned(told: Iterable[Scan]) -> frozenset[str]:
    """The visits that facts, with all that they are about, tell something of."""
    return frozenset(scan.visit for scan in told if scan.kind not in MENDING and scan.visit)


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """What is stored of some visits: `places` are round, site and day; `tallies` what facts add up to."""

    places: Mapping[str, Mapping[str, Any]]
    tallies: Mapping[str, Tally]


def open_tallies(session: Session, new: Sequence[Placed], told: Iterable[Scan]) -> Kept:
    """The visits to which the `new` facts may simply be added: nothing in `told` mends anything, and the
    visits are understood as before. Of the others all facts are to be read."""
    if any(scan.kind in MENDING for scan in told):
        return Kept(places={}, tallies={})
    placed: dict[str, set[tuple[str | None, str, date]]] = {}
    for one in new:
        placed.setdefault(one.scan.visit, set()).add((one.round, one.site or "", one.day))
    kept = {
        ref: row
        for ref, row in outcomes.kept_of(session, placed.keys()).items()
        if row["tally"] is not None and placed[ref] == {(row["round"], row["site"], row["day"])}
    }
    return Kept(
        places={ref: {name: row[name] for name in _PLACE} for ref, row in kept.items()},
        tallies={ref: _TALLY.validate_python(row["tally"]) for ref, row in kept.items()},
    )


def keep(session: Session, places: Mapping[str, Mapping[str, Any]], told: Mapping[str, Tally]) -> None:
    """Store how visits went. `places`: round, site and day, by ref; `told`: what all facts add up to."""
    outcomes.put_outcomes(session, places.keys(), _rows(places, told))


def rebuild_visits(session: Session) -> int:
    """Fold every visit anew from all that was ever told, in one transaction; how many there are."""
    refs = sorted(outcomes.visits_told(session))
    for k in range(0, len(refs), CHUNK):
        rebuild_some(session, refs[k : k + CHUNK])
    return len(refs)


def rebuild_some(session: Session, refs: Sequence[str]) -> None:
    """Fold visits anew from all that was ever told of them, in their turn."""
    take_turns(session, (f"visit {ref}" for ref in refs))
    outcomes.put_outcomes(session, refs, folded(session, refs))


def folded(session: Session, refs: Sequence[str]) -> dict[str, dict[str, Any]]:
    """What is to be kept of visits by all that was ever told; without those of which nothing stands."""
    places = outcomes.places_told(session, refs)
    told = facts.with_mendings(session, facts.scans_of_visits(session, refs))
    return _rows(places, tallies(settle(told), places))


def progress_of_rounds(session: Session, rounds: Collection[str]) -> dict[str, VisitProgress]:
    """Every visit of rounds that facts tell of, by its ref, in the plan or not."""
    kept = outcomes.details_of(session, rounds) if rounds else {}
    return {ref: _DETAIL.validate_python(detail) for ref, detail in kept.items()}


def _rows(places: Mapping[str, Mapping[str, Any]], told: Mapping[str, Tally]) -> dict[str, dict[str, Any]]:
    return {ref: _row(ref, told[ref], place) for ref, place in places.items() if ref in told}


def _row(ref: str, tally: Tally, place: Mapping[str, Any]) -> dict[str, Any]:
    told = progress(ref, tally)
    began = told.began_at
    return {
        **place,
        "state": told.state,
        "began_at": began,
        "began_s": ServiceDay(place["day"]).second(began) if began else None,
        "arrived_at": told.arrived.at if told.arrived else None,
        "last_at": told.last_at,
        "delivered": _crates(told.delivered),
        "picked_up": _crates(told.picked_up),
        "empties": _crates(told.empties),
        "detail": _DETAIL.dump_python(told, mode="json"),
        "tally": _TALLY.dump_python(tally, mode="json"),
    }


def _crates(figure: Figure | None) -> int | None:
    return figure.crates if figure else None
