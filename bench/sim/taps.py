"""One round as it went → the taps of its driver, in order, as the phone's own clock has them."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from bench.sim.chance import happens
from bench.sim.drive import Call, Driven, Went
from bench.sim.settings import Phones
from models.custody.facts import ScanKind

_RECALLED_S = 240  # what was forgotten is told so long after leaving, at most


@dataclass(frozen=True, kw_only=True, slots=True)
class Tap:
    """What is told at a second of the service day. `corrects`: it replaces the count of the tap before it."""

    second: int
    kind: ScanKind
    visit: str
    count: int | None = None
    corrects: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Habits:
    """On which share of the visits a driver taps « arrivé » and « parti »."""

    arrived: float
    left: float


def habits_of(phones: Phones, driver: int) -> Habits:
    """Drivers differ: by their number."""
    return Habits(
        arrived=phones.arrived[driver % len(phones.arrived)], left=phones.left[driver % len(phones.left)]
    )


def taps_of(driven: Driven, habits: Habits, phones: Phones, chance: Random) -> list[Tap]:
    """All taps of a round, in order of time; none for a round that was not driven."""
    if driven.depart_s is None:
        return []
    tour, found = driven.tour, []
    if happens(chance, habits.arrived):
        found.append(Tap(second=driven.depart_s, kind=ScanKind.LEFT, visit=f"{tour.id}/{tour.start_site}"))
    for call in driven.calls:
        found += _at_a_visit(call, habits, phones, chance)
    if driven.home_s is not None and happens(chance, habits.arrived):
        at = driven.home_s + _soon(phones, chance)
        found.append(Tap(second=at, kind=ScanKind.ARRIVED, visit=f"{tour.id}/{tour.end_site}"))
    return sorted(found, key=lambda tap: tap.second)


def _at_a_visit(call: Call, habits: Habits, phones: Phones, chance: Random) -> Iterator[Tap]:
    if call.arrival_s is None or call.leave_s is None:
        return
    if happens(chance, phones.forgets):
        if happens(chance, 0.5):
            later = call.leave_s + chance.randint(30, _RECALLED_S)
            yield from _told(call, phones, later, chance)
        return
    if happens(chance, habits.arrived):
        at = min(call.arrival_s + _soon(phones, chance), call.leave_s - 5)
        yield Tap(second=at, kind=ScanKind.ARRIVED, visit=call.ref)
    if happens(chance, phones.done):
        at = max(call.leave_s - _soon(phones, chance), call.begin_s or call.arrival_s)
        yield from _told(call, phones, at, chance)
    if happens(chance, habits.left):
        at = call.leave_s + min(60, _soon(phones, chance))
        yield Tap(second=at, kind=ScanKind.LEFT, visit=call.ref)


def _told(call: Call, phones: Phones, second: int, chance: Random) -> Iterator[Tap]:
    """What was done there: the figures of both steppers, or « fermé »."""
    if call.went is Went.SHUT:
        yield Tap(second=second, kind=ScanKind.CLOSED, visit=call.ref)
        return
    counts = ((ScanKind.DELIVERED, call.delivered), (ScanKind.PICKED_UP, call.collected))
    for kind, count in counts:
        if not happens(chance, phones.corrected):
            yield Tap(second=second, kind=kind, visit=call.ref, count=count)
            continue
        yield Tap(second=second, kind=kind, visit=call.ref, count=count + 1)
        at = second + chance.randint(20, 200)
        yield Tap(second=at, kind=kind, visit=call.ref, count=count, corrects=True)


def _soon(phones: Phones, chance: Random) -> int:
    return round(chance.expovariate(1 / phones.tap_s))


def on_paper(driven: Driven, phones: Phones, chance: Random) -> list[Tap]:
    """What a sheet says: per visit the figures, and an hour as one reads it off a clock."""
    found: list[Tap] = []
    for call in driven.calls:
        if call.arrival_s is None or call.leave_s is None:
            continue
        step = phones.paper_round_s
        second = round(call.arrival_s / step) * step
        if happens(chance, phones.paper_forgets):
            second = round(call.leave_s / step) * step  # written down when leaving
        if call.went is not Went.SHUT:
            found.append(Tap(second=second, kind=ScanKind.ARRIVED, visit=call.ref))
        found += [tap for tap in _told(call, phones, second, chance) if not tap.corrects]
    return found
