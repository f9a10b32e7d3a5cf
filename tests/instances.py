"""Week problems that tests share: small builders, four libraries worked out by hand, and random weeks.

Figures of `four_libraries` are in its docstring; every test that uses it can be followed with a pencil.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from random import Random
from typing import Any

import numpy as np

from models.values import Coordinates, TimeWindow
from routing.problem import Break, Pair, Pattern, Position, Shift, Stop, WeekProblem
from routing.travel import TravelMatrix, TravelStamp

STAMP = TravelStamp(graph="0" * 12, source="hand", source_date="2026-01-01", speed_profile="-", licence="-")
Windows = tuple[TimeWindow, ...]
DEPOT = 0


def travel(seconds: Sequence[Sequence[int]], metres: Sequence[Sequence[int]] | None = None) -> TravelMatrix:
    """A matrix between places p0, p1…; ten metres a second unless `metres` says otherwise."""
    times = np.array(seconds, dtype=np.int32).reshape(len(seconds), -1)
    return TravelMatrix(
        ids=tuple(f"p{k}" for k in range(len(seconds))),
        points=tuple(Coordinates(lon=2.5 + k / 100, lat=50.7) for k in range(len(seconds))),
        seconds=times,
        metres=times * 10 if metres is None else np.array(metres, dtype=np.int32),
        stamp=STAMP,
    )


def windows(*pairs: tuple[int, int]) -> Windows:
    """((early, late), …) → time windows."""
    return tuple(TimeWindow(early, late) for early, late in pairs)


def days_of(days: int, visits: int = 1, missing_cents: int = 8000) -> tuple[Pattern, ...]:
    """Every choice of at most `visits` days among `days`, each visit short costing `missing_cents`."""
    return tuple(
        Pattern(days=chosen, missing=visits - size, missing_cents=(visits - size) * missing_cents)
        for size in range(min(visits, days) + 1)
        for chosen in combinations(range(days), size)
    )


def stop(place: int, *open_on: Sequence[tuple[int, int]], **given: Any) -> Stop:
    """A stop at a place, one tuple of (early, late) pairs per day; owed one visit unless told otherwise."""
    given.setdefault("id", f"s{place}")
    given.setdefault("patterns", days_of(len(open_on)))
    return Stop(place=place, windows=tuple(windows(*pairs) for pairs in open_on), **given)


def shift(early: int, late: int, **given: Any) -> Shift:
    """A round from the depot and back on day 0, with room for everything, unless told otherwise."""
    asked: dict[str, Any] = {"vehicle": "V1", "driver": "D1", "day": 0, "start": DEPOT, "end": DEPOT}
    asked |= {"capacity": 1000, **given}
    asked.setdefault("id", f"{asked['vehicle']}-{asked['day']}-{early}")
    return Shift(window=TimeWindow(early, late), **asked)


def week(stops: Sequence[Stop], shifts: Sequence[Shift], matrix: TravelMatrix, **given: Any) -> WeekProblem:
    """A problem of as many days as its first stop has windows (one day without stops)."""
    given.setdefault("days", len(stops[0].windows) if stops else 1)
    return WeekProblem(stops=tuple(stops), shifts=tuple(shifts), travel=matrix, **given)


def four_libraries(**changes: Any) -> WeekProblem:
    """A slow van (80 %: a quarter more time), one morning, libraries A B C D = stops 0 1 2 3.

    Times on the road in seconds at 100 % → at 80 %, and metres:

        depot → A 480 → 600, 5 km      A → B 320 → 400, 3 km     B → C 720 → 900, 7 km
        C → D 400 → 500, 4 km          D → depot 800 → 1000, 9 km            28 km in all

    `changes` replace fields of the shift.
    """
    seconds = [
        [0, 480, 760, 1200, 800],
        [480, 0, 320, 1000, 1160],
        [760, 320, 0, 720, 1080],
        [1200, 1000, 720, 0, 400],
        [800, 1160, 1080, 400, 0],
    ]
    metres = [
        [0, 5000, 8000, 13000, 9000],
        [5000, 0, 3000, 10000, 13000],
        [8000, 3000, 0, 7000, 11000],
        [13000, 10000, 7000, 0, 4000],
        [9000, 13000, 11000, 4000, 0],
    ]
    served = {"setup_s": 120, "handling_s": 20}
    stops = [
        # service = 120 + 20 × crates: A 220, B 280, C 240, D 180
        stop(1, [(29400, 30000), (36000, 39600)], id="A", deliver=4, collect=1, **_at(50), **served),
        stop(2, [(30600, 32400)], id="B", deliver=3, collect=5, **_at(60, told=29700), **served),
        stop(3, [(28800, 31200), (34200, 36000)], id="C", deliver=2, collect=4, **_at(70, 33300), **served),
        stop(4, [(28800, 43200)], id="D", deliver=1, collect=2, **_at(80), **served),
    ]
    van: dict[str, Any] = {
        "capacity": 12,
        "speed_percent": 80,
        "fixed_cents": 2000,
        "hour_cents": 1800,
        "km_cents": 35,
        "pause": Break(window=TimeWindow(32400, 34200), length_s=1800),
    }
    return week(
        stops, [replace(shift(28800, 43200, id="morning", **van), **changes)], travel(seconds, metres)
    )


def _at(waiting_cents: int, told: int | None = None) -> dict[str, Any]:
    """What a day of visit costs readers, what not coming costs, and the second that was announced."""
    nothing = Pattern(days=(), missing=1, missing_cents=8000)
    return {
        "patterns": (nothing, Pattern(days=(0,), waiting_cents=waiting_cents)),
        "announced": (told,),
        "habit_cents": 200,
    }


def random_week(rng: Random, *, rough: bool = False) -> WeekProblem:
    """A small week with a little of everything; `rough` travel ignores the triangle inequality.

    At most 3 days, 7 stops and 6 shifts; two depots, one or two rounds a day, several windows, pauses,
    scarce capacity, speeds, announced times, and locks of every kind, some of them impossible.
    """
    days, places = rng.randint(1, 3), rng.randint(3, 9)
    matrix = travel(_rough(rng, places) if rough else _on_a_grid(rng, places))
    shifts = [
        made
        for day in range(days)
        for vehicle in range(rng.randint(0, 2))
        for made in _day(rng, day, vehicle)
    ]
    stops = [_random_stop(rng, place, days, len(shifts)) for place in range(2, places)]
    return week(stops, _lock_rounds(rng, stops, shifts), matrix, days=days, **_locks(rng, stops, shifts))


def _on_a_grid(rng: Random, places: int) -> list[list[int]]:
    """Walks between streets of a grid, one minute a block: a metric, symmetric."""
    at = [(rng.randint(0, 9), rng.randint(0, 9)) for _ in range(places)]
    return [[60 * (abs(a - c) + abs(b - d)) for c, d in at] for a, b in at]


def _rough(rng: Random, places: int) -> list[list[int]]:
    return [[0 if a == b else rng.randint(0, 1200) for b in range(places)] for a in range(places)]


def _day(rng: Random, day: int, vehicle: int) -> list[Shift]:
    """One vehicle's day: a morning, an afternoon, both, or one long round with a pause."""
    kind = rng.choice(["morning", "afternoon", "both", "long"])
    costs = {"fixed_cents": rng.randint(0, 3000), "hour_cents": rng.randint(0, 3000), "km_cents": 30}
    common: dict[str, Any] = {
        "day": day,
        "vehicle": f"V{vehicle}",
        "start": rng.randint(0, 1),
        "end": rng.randint(0, 1),
        "capacity": rng.randint(2, 14),
        "speed_percent": rng.choice([80, 100, 100, 110]),
        "max_duty_s": rng.choice([None, None, None, rng.randint(600, 7200)]),
        **costs,
    }
    if kind == "long":
        early = rng.randint(6, 10) * 600
        rest = Break(
            window=TimeWindow(early, early + rng.randint(0, 3) * 600), length_s=rng.randint(1, 3) * 600
        )
        return [shift(3600, 14400, pause=rng.choice([rest, rest, None]), **common)]
    morning, afternoon = shift(3600, 8400, **common), shift(9000, 14400, **common)
    return {"morning": [morning], "afternoon": [afternoon], "both": [morning, afternoon]}[kind]


def _random_stop(rng: Random, place: int, days: int, shifts: int) -> Stop:
    asked: dict[str, Any] = {
        "id": f"s{place}",
        "patterns": days_of(days, rng.randint(1, 2), missing_cents=rng.choice([500, 8000])),
        "deliver": rng.randint(0, 4),
        "collect": rng.randint(0, 4),
        "setup_s": rng.choice([0, 120, 300]),
        "handling_s": rng.choice([0, 30]),
        "announced": tuple(rng.choice([None, rng.randint(3600, 14400)]) for _ in range(days)),
        "habit_cents": rng.choice([0, 200, 2000]),
    }
    if shifts and rng.random() < 0.15:
        asked["shifts"] = frozenset(rng.sample(range(shifts), rng.randint(0, shifts)))
    return stop(place, *(_openings(rng) for _ in range(days)), **asked)


def _openings(rng: Random) -> list[tuple[int, int]]:
    """Nothing, one window, two or three: sorted and apart."""
    edges = sorted(rng.sample(range(3000, 15000, 300), 2 * rng.choice([0, 1, 1, 1, 2, 2, 3])))
    return list(zip(edges[::2], edges[1::2], strict=True))


def _locks(rng: Random, stops: Sequence[Stop], shifts: Sequence[Shift]) -> dict[str, Any]:
    pairs, positions = [], []
    if len(stops) > 1:
        drawn = [rng.sample(range(len(stops)), 2) for _ in range(rng.choice([0, 0, 1, 2]))]
        pairs = [Pair(first=first, second=second) for first, second in drawn]
    if stops and shifts and rng.random() < 0.4:
        chosen = rng.sample(range(len(stops)), min(len(stops), rng.randint(1, 2)))
        positions = [
            Position(stop=k, shift=rng.randrange(len(shifts)), position=rng.randint(0, 2)) for k in chosen
        ]
    return {"pairs": tuple(pairs), "positions": tuple(positions), "habit_tolerance_s": 900}


def _lock_rounds(rng: Random, stops: Sequence[Stop], shifts: list[Shift]) -> list[Shift]:
    """None, one or two of the rounds, locked to a few stops or to nobody."""
    locked = list(shifts)
    for chosen in rng.sample(range(len(shifts)), min(len(shifts), rng.choice([0, 0, 1, 2]))):
        order = rng.sample(range(len(stops)), rng.randint(0, min(3, len(stops))))
        locked[chosen] = replace(shifts[chosen], locked=tuple(order))
    return locked


def full_week(libraries: int = 20, seed: int = 2026) -> WeekProblem:
    """Five days, two vans with a pause each, libraries that open by half days and are owed 1 to 3 visits."""
    rng = Random(seed)
    at = [(0, 0), *((rng.randint(-150, 150), rng.randint(-150, 150)) for _ in range(libraries))]
    seconds = [[8 * (abs(a - c) + abs(b - d)) for c, d in at] for a, b in at]
    noon = Break(window=TimeWindow(41400, 50400), length_s=2700)
    costs = {"capacity": 30, "fixed_cents": 3000, "hour_cents": 2200, "km_cents": 35, "pause": noon}
    vans = [shift(28800, 61200, day=day, vehicle=van, **costs) for day in range(5) for van in ("V1", "V2")]
    return week([_half_days(rng, k + 1) for k in range(libraries)], vans, travel(seconds))


def _half_days(rng: Random, place: int) -> Stop:
    morning, afternoon = (32400, 43200), (50400, 61200)
    halves: list[list[tuple[int, int]]] = [[], [morning], [afternoon], [morning, afternoon]]
    return stop(
        place,
        *(rng.choice(halves) for _ in range(5)),
        patterns=days_of(5, rng.choice([1, 1, 2, 3])),
        deliver=rng.randint(1, 4),
        collect=rng.randint(1, 4),
        setup_s=240,
        handling_s=30,
    )
