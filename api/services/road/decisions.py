"""What of a day's rounds needs somebody to decide, in the order of their urgency."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from api.services.road.follow import Followed
from api.services.road.words import hour, minutes
from models.custody.facts import site_of
from models.custody.rounds import Expectation, RoundState
from models.custody.visits import VisitProgress, VisitState
from models.service_day import ServiceDay

SILENCE = timedelta(minutes=45)


class Matter(StrEnum):
    """What is the matter, most urgent first."""

    PROBLEM = "problem"
    SILENT = "silent"
    CLOSED = "closed"
    LATE = "late"
    SKIPPED = "skipped"
    OFF_PLAN = "off_plan"
    DISPUTED = "disputed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """One matter. `visit` is empty where the whole round is meant."""

    matter: Matter
    round: str
    visit: str
    words: str


def decisions(followed: Followed, communes: Mapping[str, str], at: datetime) -> list[Decision]:
    """What needs a decision about one round."""
    found = [*_silence(followed, at), *_late(followed, communes, at)]
    for progress in followed.known.values():
        found += _of_visit(followed, progress, communes)
    for ref in followed.progress.skipped:
        name = _name(ref, communes)
        found.append(_decision(followed, Matter.SKIPPED, f"{name} n'a pas été pointé.", ref))
    order = list(Matter)
    return sorted(found, key=lambda one: (order.index(one.matter), one.visit))


def _of_visit(followed: Followed, progress: VisitProgress, communes: Mapping[str, str]) -> Iterator[Decision]:
    name = _name(progress.visit, communes)
    for text in progress.problems:
        words = f"{name} : problème signalé" + (f", « {text} »." if text else ".")
        yield _decision(followed, Matter.PROBLEM, words, progress.visit)
    if progress.state is VisitState.CLOSED and progress.closed_at:
        words = f"{name} était fermé à {hour(progress.closed_at)}."
        yield _decision(followed, Matter.CLOSED, words, progress.visit)
    if progress.visit in followed.progress.unexpected:
        words = f"{name} : passage pointé hors du planning publié."
        yield _decision(followed, Matter.OFF_PLAN, words, progress.visit)
    if progress.disputed:
        words = f"{name} : les chiffres donnés se contredisent."
        yield _decision(followed, Matter.DISPUTED, words, progress.visit)


def _late(followed: Followed, communes: Mapping[str, str], at: datetime) -> Iterator[Decision]:
    """Visits that will likely begin after what the library was told, as it was foreseen last; until something
    is, as the delay is carried on, once the round is under way."""
    told = {one.visit: one.announced_late_at for one in followed.expected}
    for one in followed.progress.ahead:
        likely_at = _likely_at(followed, one, at)
        late_s = (likely_at - told[one.visit]) // timedelta(seconds=1) if likely_at else 0
        if likely_at and late_s >= 60:
            words = (
                f"{_name(one.visit, communes)} : arrivée vers {hour(likely_at)}, "
                f"{minutes(late_s)} après l'heure annoncée."
            )
            yield _decision(followed, Matter.LATE, words, one.visit)


def _likely_at(followed: Followed, one: Expectation, at: datetime) -> datetime | None:
    foreseen = followed.ahead(one.visit, at)
    if foreseen is not None:
        return foreseen.p50_at
    return None if followed.progress.delay_s is None else one.begin_at


def _silence(followed: Followed, at: datetime) -> Iterator[Decision]:
    progress, tour = followed.progress, followed.round
    if progress.state is RoundState.ENDED or not followed.expected:
        return
    day = ServiceDay(tour.day)
    due = day.at(tour.start_s) if progress.last_at is None else max(progress.last_at, day.at(tour.start_s))
    if at - due > SILENCE:
        words = (
            f"Aucune nouvelle depuis {hour(due)}." if progress.last_at else "Aucun pointage depuis le départ."
        )
        yield _decision(followed, Matter.SILENT, words)


def _decision(followed: Followed, matter: Matter, words: str, visit: str = "") -> Decision:
    return Decision(matter=matter, round=followed.round.code, visit=visit, words=words)


def _name(ref: str, communes: Mapping[str, str]) -> str:
    site = site_of(ref) or ref
    return communes.get(site, site)
