"""Rounds as they were told, and how far they have got: what the day's screen and the arrivals are made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session

from api.repositories import published_visits, scans
from api.repositories.predictions import Foreseen, RoundForeseen, foreseen_of_rounds
from api.repositories.published_visits import Told
from api.services.road.outcomes import progress_of_rounds
from models.custody.facts import round_of
from models.custody.rounds import Expected, RoundProgress, round_progress
from models.custody.visits import VisitProgress
from models.errors import NotFound
from models.service_day import ServiceDay
from models.tables.plans import RoundRecord, VisitRecord


@dataclass(frozen=True, kw_only=True, slots=True)
class Followed:
    """A round with its progress; `known` are the visits that facts tell of, in the plan or not. `foreseen`
    is what was stored last of those to come; None before the first, and where nobody asked for it."""

    told: Told
    expected: Sequence[Expected]
    known: Mapping[str, VisitProgress]
    progress: RoundProgress
    foreseen: RoundForeseen | None = None

    @property
    def round(self) -> RoundRecord:
        return self.told.round

    def ahead(self, ref: str, at: datetime) -> Foreseen | None:
        """When a visit is expected to begin: as it was stored, but not before now."""
        if self.foreseen is None or ref not in self.foreseen.visits or self.of(ref).began_at:
            return None
        return self.foreseen.of(ref, at)

    def of(self, ref: str) -> VisitProgress:
        """What is known of a visit."""
        return self.known.get(ref) or VisitProgress(visit=ref)


def follow_round(session: Session, code: str, at: datetime) -> Followed:
    """One round; NotFound where no plan that people were told has it."""
    found = foresee(session, follow(session, published_visits.told_rounds(session, [code]), at))
    if not found:
        raise NotFound(f"La tournée « {code} » n'est dans aucun planning publié.")
    return found[0]


def follow_day(session: Session, day: date, at: datetime) -> list[Followed]:
    """The rounds of a day: those of the published plan, and those that the road tells of all the same."""
    planned = published_visits.rounds_of_day(session, day)
    driven = scans.rounds_told_on(session, day) - {told.round.code for told in planned}
    return foresee(session, follow(session, [*planned, *published_visits.told_rounds(session, driven)], at))


def foresee(session: Session, followed: Sequence[Followed]) -> list[Followed]:
    """The same rounds with what was stored last of their visits to come: one query more."""
    known = foreseen_of_rounds(session, [one.round.code for one in followed if one.progress.ahead])
    return [replace(one, foreseen=known.get(one.round.code)) for one in followed]


def follow(session: Session, rounds: Sequence[Told], at: datetime) -> list[Followed]:
    """The progress of rounds, in a number of queries that does not grow with them."""
    known = _by_round(progress_of_rounds(session, [told.round.code for told in rounds]))
    return [_followed(told, known.get(told.round.code, {}), at) for told in rounds]


def expected_of(tour: RoundRecord, visit: VisitRecord) -> Expected:
    """What the plan says of a visit, on the clock."""
    at = ServiceDay(tour.day).at
    pause_s = tour.pause_s if tour.pause_after == visit.number - 1 else None
    return Expected(
        visit=visit.ref,
        arrival_at=at(visit.arrival_s),
        begin_at=at(visit.begin_s),
        end_at=at(visit.end_s),
        opens_at=at(visit.window_early),
        announced_late_at=at(visit.announced_late),
        leg_s=visit.leg_s + (pause_s or 0),
    )


def _followed(told: Told, known: Mapping[str, VisitProgress], at: datetime) -> Followed:
    tour = told.round
    expected = [expected_of(tour, visit) for visit in told.visits]
    start, end = f"{tour.code}/{tour.start_site}", f"{tour.code}/{tour.end_site}"
    return Followed(
        told=told,
        expected=expected,
        known=known,
        progress=round_progress(expected, known, at, start=start, end=end),
    )


def _by_round(visits: Mapping[str, VisitProgress]) -> dict[str, dict[str, VisitProgress]]:
    found: dict[str, dict[str, VisitProgress]] = {}
    for ref, progress in visits.items():
        found.setdefault(round_of(ref) or "", {})[ref] = progress
    return found
