"""Small random timetables, and the earliest arrival found by trying everything, no line shared with it."""

import random
from collections.abc import Iterator

from routing.promise.timetable import NEVER, Call, Place, Run, Span, Timetable


def random_timetable(seed: int) -> Timetable:
    """Three to six sites of which one to three are depots, up to nine runs over some 100 seconds."""
    chance = random.Random(seed)
    depots, libraries = chance.randint(1, 3), chance.randint(2, 4)
    places = tuple(_place(chance, k, depot=k < depots) for k in range(depots + libraries))
    runs = tuple(_run(chance, k, depots, len(places)) for k in range(chance.randint(1, 9)))
    return Timetable(
        places=places,
        runs=runs,
        cut_off_s=chance.choice((0, 0, 3, 8)),
        sorting_s=chance.choice((0, 0, 2, 10)),
        sorts_on_road=chance.random() < 0.4,
        from_at=0,
        until_at=150,
    )


def _place(chance: random.Random, number: int, *, depot: bool) -> Place:
    return Place(code=f"s{number}", depot=depot, ready=_spans(chance), opens=_spans(chance))


def _spans(chance: random.Random) -> tuple[Span, ...] | None:
    """None, none at all (closed for good), or a few."""
    if chance.random() < 0.3:
        return None
    at, found = chance.randint(0, 20), []
    for _ in range(chance.randint(0, 4)):
        early = at + chance.randint(0, 20)
        at = early + chance.randint(1, 25)
        found.append(Span(early, at))
        at += 1
    return tuple(found)


def _run(chance: random.Random, number: int, depots: int, sites: int) -> Run:
    at = start_at = chance.randint(0, 90)
    calls = []
    for k in range(chance.randint(0, 5)):
        begin = at + chance.randint(0, 4)
        at = begin + chance.randint(1, 3)
        early = begin - chance.randint(0, 5)
        calls.append(
            Call(
                site=chance.randrange(sites) if chance.random() < 0.9 else chance.randrange(depots),
                ref=f"r{number}/{k}",
                early_at=early,
                late_at=early + chance.randint(0, 9),
                begin_at=begin,
                end_at=at,
                room=chance.random() < 0.85,
            )
        )
    return Run(
        code=f"r{number}",
        start=chance.randrange(depots),
        end=chance.randrange(depots),
        start_at=start_at,
        end_at=at + chance.randint(1, 5),
        calls=tuple(calls),
        room=chance.random() < 0.9,
    )


class Tried:
    """Every way that something can take is tried, one after another."""

    def __init__(self, timetable: Timetable) -> None:
        self.timetable = timetable

    def arrival_at(self, origin: int, destination: int, asked_at: int) -> int:
        """NEVER where no way leads there."""
        ready_at = _earliest_in(self.timetable.places[origin].ready, asked_at)
        taken = [
            (call.begin_at, k, position)
            for k, run in enumerate(self.timetable.runs)
            for position, call in enumerate(run.calls)
            if call.site == origin and call.room and self.deadline(call) >= ready_at
        ]
        if not taken:
            return NEVER
        _, run, position = min(taken)
        return min(self.aboard(run, position, destination, False, set()), default=(NEVER, 0))[0]

    def deadline(self, call: Call) -> int:
        return call.live.by_at if call.live else call.early_at - self.timetable.cut_off_s

    def aboard(
        self, k: int, position: int, destination: int, in_order: bool, met: set[object], hops: int = 0
    ) -> Iterator[tuple[int, int]]:
        """Arrivals, each with how often it was handed over."""
        if (k, position, in_order, hops) in met:
            return
        met.add((k, position, in_order, hops))
        run = self.timetable.runs[k]
        halts = [(call.site, call.end_at) for call in run.calls] + [(run.end, run.end_at)]
        handed_over = False
        for site, at in halts[position + 1 :]:
            if site == destination and (in_order or self.timetable.sorts_on_road):
                yield at, hops
            if self.timetable.places[site].depot and not handed_over:
                if site == destination:
                    yield at, hops
                yield from self.lying(site, at + self.timetable.sorting_s, destination, met, hops + 1)
                handed_over = not in_order

    def lying(
        self, depot: int, at: int, destination: int, met: set[object], hops: int = 0
    ) -> Iterator[tuple[int, int]]:
        """The same of what lies sorted at a depot."""
        for k, run in enumerate(self.timetable.runs):
            if run.start == depot and run.start_at >= at and run.room:
                yield from self.aboard(k, -1, destination, True, met, hops)
            for position, call in enumerate(run.calls):
                if call.site == depot and call.begin_at >= at and call.room:
                    yield from self.aboard(k, position, destination, True, met, hops)


def _earliest_in(spans: tuple[Span, ...] | None, at: int) -> int:
    if spans is None:
        return at
    instants = [moment for span in spans for moment in range(span.early_at, span.late_at) if moment >= at]
    return min(instants, default=NEVER)
