"""What a promise rests on, in a sentence or two, and how old that is."""

from collections.abc import Iterator
from datetime import datetime

from api.services.promises import words
from api.services.promises.underway import Underway
from api.services.promises.way import Way, instant
from api.services.road.words import minutes
from models.custody.rounds import RoundState
from models.service_day import PARIS
from routing.promise.timetable import Basis, Call, Run

_ON_TIME_S = 300


def basis_of(way: Way) -> str:
    """« La tournée « Mardi matin » a 25 min de retard (dernières nouvelles à 9 h 32, il y a 3 min). Planning
    publié ; chances tirées de 412 passages observés. »"""
    index = way.index
    bases = {run.basis for run in _runs(way)}
    seen = index.odds.chances.seen
    chances = (
        f"chances tirées de {seen} passages observés"
        if seen
        else "chances supposées : aucun passage n'a encore été observé"
    )
    plans = f"{_plans(way, bases)} ; {chances}." if bases else ""
    return " ".join(part for part in (way.basis, *_road(way), plans) if part) or (
        "Planning publié et semaine type : rien n'y répond."
        if index.odds.timetable.runs
        else "Aucun planning publié, aucune semaine type."
    )


def basis_at(way: Way) -> datetime | None:
    """When the rounds of today that it rests on were last heard of, the longest ago of them; else when it
    was heard of what is on its way; else how old the oldest plan is that this rests on."""
    heard = [live.heard_at for live, _, _ in _underway(way) if live.heard_at]
    if heard:
        return min(heard)
    return way.basis_at or min((way.index.told_at[run.code] for run in _runs(way)), default=None)


def _road(way: Way) -> Iterator[str]:
    """What the road says of the rounds that this rests on, and of visits of today that it can no more."""
    for live, planned_at, driven_at in _underway(way):
        heard = f" ({_heard(live.heard_at, way.now)})" if live.heard_at else ""
        yield f"La tournée « {live.label} » {_pace(live, driven_at - planned_at)}{heard}."
    if instant(way.asked_at).astimezone(PARIS).date() == way.index.today:
        yield from _off(way)


def _pace(live: Underway, late_s: int) -> str:
    if live.state is RoundState.ENDED:
        return "est terminée"
    if late_s >= _ON_TIME_S:
        return f"a {minutes(late_s)} de retard"
    return f"a {minutes(late_s)} d'avance" if late_s <= -_ON_TIME_S else "est à l'heure"


def _underway(way: Way) -> list[tuple[Underway, int, int]]:
    """The rounds of today on the way, with when the last thing that matters was planned there, and is
    expected now."""
    found: dict[str, tuple[Underway, int, int]] = {}
    halts = [(leg.run, leg.position) for leg in way.legs]
    for number, position in halts or [(one.run, one.position) for one in (way.pickup,) if one]:
        run = way.run(number)
        live = way.index.live.get(run.code)
        if live is None or position < 0:
            continue
        if position == len(run.calls):
            found[run.code] = (live, live.planned.end_at, run.end_at)
        else:
            planned, driven = live.call(run.calls[position].ref)
            found[run.code] = (live, planned.begin_at, driven.begin_at)
    return list(found.values())


def _off(way: Way) -> Iterator[str]:
    """The visits of today that take nothing along or bring nothing any more."""
    ends = {way.destination.index: way.destination.words}
    if way.pickup or not way.legs:
        ends |= {way.origin.index: way.origin.words}
    for live in way.index.live.values():
        for call in live.run.calls:
            if call.off and call.site in ends:
                yield _gone_by(live, call, words.at_place(ends[call.site]))


def _gone_by(live: Underway, call: Call, where: str) -> str:
    if call.ref in live.closed:
        return f"La navette a trouvé porte close {where} à {words.clock(live.closed[call.ref])}."
    return f"Le passage de ce jour {where} n'a pas été pointé : il n'est plus compté."


def _heard(at: datetime, now: datetime) -> str:
    seconds = max(0, int((now - at).total_seconds()))
    ago = "à l'instant" if seconds < 60 else f"il y a {minutes(seconds)}"
    return f"dernières nouvelles à {words.clock(at)}, {ago}"


def _plans(way: Way, bases: set[Basis]) -> str:
    if bases == {Basis.PUBLISHED}:
        return "Planning publié"
    if bases == {Basis.TEMPLATE}:
        return "Semaine type, car ces passages ne sont pas encore publiés"
    until = way.index.published_until
    return f"Planning publié{f' jusqu’au {words.day_of(until)}' if until else ''}, puis semaine type"


def _runs(way: Way) -> list[Run]:
    """The runs that the way and the promise rest on."""
    found = [way.run(leg.run) for leg in way.legs]
    found += [way.run(way.pickup.run)] if way.pickup else []
    found += [way.call_of(way.due)[0]] if way.due else []
    return found
