"""The steps of a way, each told so that it reads alone; and all of them in one line."""

from collections.abc import Iterator

from api.services.promises import words
from api.services.promises.way import Way, instant
from api.wire.promises import StepKind, StepOut
from routing.promise.journey import Leg, LegKind
from routing.promise.timetable import NEVER, first_within


def steps(way: Way) -> list[StepOut]:
    """From getting it ready to the reader's finding it; nothing where no way is known."""
    return [*_leaving(way), *_going(way), *_late(way), *_opening(way)]


def chain(way: Way) -> str:
    """« prochaine levée à Bailleul mardi 10 h ; tri à Hazebrouck ; passage à Cassel jeudi »."""
    asked_at = instant(way.asked_at)
    told = []
    if way.pickup:
        begin_at = instant(way.call(way.pickup.run, way.pickup.position).begin_at)
        told.append(f"prochaine levée {words.at_place(way.origin.words)} {words.moment(begin_at, asked_at)}")
    told += [f"tri {words.at_place(_name(way, leg.site))}" for leg in _handed_over(way)]
    if way.legs:
        told.append(f"passage {words.at_place(way.destination.words)} {_days(way)}")
    return " ; ".join(told)


def available_at(way: Way) -> int | None:
    """When a reader finds it: the first opening once it is due; None where that is not known."""
    due, opens = way.due, way.index.odds.timetable.places[way.destination.index].opens
    if due is None or opens is None:
        return None
    found = first_within(opens, due.at)
    return None if found == NEVER else found


def _days(way: Way) -> str:
    """The day of the first visit that may bring it, and of the one that keeps the promise."""
    asked_at, first = instant(way.asked_at), instant(way.legs[-1].at)
    days = [words.day(first, asked_at)]
    if way.due:
        days.append(words.day(instant(way.call_of(way.due)[1].begin_at), asked_at))
    return ", sinon ".join(dict.fromkeys(days))


def _handed_over(way: Way) -> list[Leg]:
    return [leg for leg in way.legs if leg.kind is LegKind.HANDOVER]


def _leaving(way: Way) -> Iterator[StepOut]:
    if way.pickup is None:
        return
    call = way.call(way.pickup.run, way.pickup.position)
    where = words.at_place(way.origin.words)
    by = instant(way.pickup.by_at)
    yield _step(
        way,
        StepKind.READY,
        way.origin.index,
        (min(way.ready_at, way.pickup.by_at), way.pickup.by_at),
        f"à préparer {where} avant {words.moment(by)}",
    )
    told = (
        f"{words.day(instant(call.begin_at))}, {words.window(instant(call.early_at), instant(call.late_at))}"
    )
    yield _step(
        way,
        StepKind.PICKUP,
        way.origin.index,
        (call.early_at, call.late_at),
        f"prochaine levée {where} {told}",
    )


def _going(way: Way) -> Iterator[StepOut]:
    sorting_s = way.index.odds.timetable.sorting_s
    for leg in way.legs:
        if leg.kind is LegKind.HANDOVER:
            told = f"tri {words.at_place(_name(way, leg.site))} {words.moment(instant(leg.at))}"
            yield _step(way, StepKind.SORTING, leg.site, (leg.at, leg.at + sorting_s), told)
        if leg.kind is LegKind.DELIVERY and leg.position < len(way.run(leg.run).calls):
            yield _delivery(way, leg.run, leg.position, "passage")


def _late(way: Way) -> Iterator[StepOut]:
    """The visit that keeps the promise, where it is not the first one that may bring it."""
    if way.due is None:
        return
    stop = way.index.odds.stops[way.destination.index][way.due.stop]
    if (stop.run, stop.position) != (way.legs[-1].run, way.legs[-1].position):
        yield _delivery(way, stop.run, stop.position, "sinon, passage")


def _delivery(way: Way, run: int, position: int, begin: str) -> StepOut:
    call = way.call(run, position)
    told = (
        f"{begin} {words.at_place(way.destination.words)} {words.day(instant(call.begin_at))}, "
        f"{words.window(instant(call.early_at), instant(call.late_at))}"
    )
    return _step(way, StepKind.DELIVERY, way.destination.index, (call.early_at, call.late_at), told)


def _opening(way: Way) -> Iterator[StepOut]:
    at = available_at(way)
    if at is not None:
        told = f"à retirer {words.at_place(way.destination.words)} à partir de {words.moment(instant(at))}"
        yield _step(way, StepKind.OPENING, way.destination.index, (at, at), told)


def _step(way: Way, what: StepKind, site: int, span: tuple[int, int], told: str) -> StepOut:
    return StepOut(
        what=what,
        site=way.index.odds.timetable.places[site].code,
        commune=_name(way, site),
        early_at=instant(span[0]),
        late_at=instant(span[1]),
        words=told,
    )


def _name(way: Way, site: int) -> str:
    code = way.index.odds.timetable.places[site].code
    known = way.index.sites.get(code)
    return known.words if known else code
