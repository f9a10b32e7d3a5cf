"""Periodic instances as Cordeau, Gendreau and Laporte publish them, with and without time windows.

    type vehicles customers days
    max_duration max_load                                                (one line per day; 0: no limit)
    i x y service demand frequency patterns code… [earliest latest]      (the depot is 0)

The binary digits of a code, on as many places as there are days, are the days visited, the first day first.
Windows are known by their two columns, whatever type the header claims.
"""

import math
from pathlib import Path

import numpy as np

from bench.formats.lines import Line, line_after, read_lines
from bench.instance import Customer, Days, Instance, euclidean

_BEFORE_CODES = 7  # i x y service demand frequency patterns


def read_cordeau(path: Path) -> Instance:
    """InputError, naming file and line, when the file is not of this format."""
    lines = read_lines(path)
    _, vehicles, announced, days = lines[0].ints(4)[:4]
    if days < 1 or vehicles < 1:
        raise lines[0].error("il faut au moins un jour et un véhicule")
    limits = [line_after(lines, 1 + d, path.name).floats(2) for d in range(days)]
    depot = line_after(lines, 1 + days, path.name)
    rows = lines[2 + days :]
    customers, notes = [], []
    for row in rows:
        customer, quirks = _customer(row, days, _window(depot))
        customers.append(customer)
        notes += quirks
    if len(customers) < announced:
        raise lines[0].error(f"{announced} clients sont annoncés, {len(customers)} sont présents")
    if len(customers) > announced:
        notes.append(f"{len(customers)} customers where the header says {announced}: all are kept")
    coordinates = np.array([line.floats(_BEFORE_CODES - 1)[1:3] for line in [depot, *rows]], np.float64)
    windows = any(customer.window != _window(depot) for customer in customers)
    return Instance(
        name=path.stem,
        family="pvrptw" if windows else "pvrp",
        days=days,
        vehicles=vehicles,
        customers=tuple(customers),
        distance=euclidean(coordinates),
        capacity=tuple(_limit(load) for _, load, *_ in limits),
        max_duration=tuple(_limit(duration) for duration, *_ in limits),
        horizon=_window(depot),
        coordinates=coordinates,
        notes=tuple(notes),
    )


def _customer(line: Line, days: int, horizon: tuple[float, float]) -> tuple[Customer, list[str]]:
    figures = line.floats(_BEFORE_CODES)
    number, frequency, count = int(figures[0]), int(figures[5]), int(figures[6])
    codes = figures[_BEFORE_CODES : _BEFORE_CODES + count]
    if len(codes) < count or not codes:
        raise line.error(f"{count} jours de passage sont annoncés, {len(codes)} sont présents")
    if any(not 0 < code < 2**days for code in codes):
        raise line.error(f"un code de jours sort des {days} jours")
    patterns = tuple(dict.fromkeys(days_of(int(code), days) for code in codes))
    uneven = [pattern for pattern in patterns if len(pattern) != frequency]
    quirks = [f"customer {number}: frequency {frequency}, but visited {len(p)} times by {p}" for p in uneven]
    customer = Customer(
        number=number,
        deliver=figures[4],
        service=figures[3],
        patterns=patterns,
        window=_window(line) if len(figures) >= _BEFORE_CODES + count + 2 else horizon,
    )
    return customer, quirks


def days_of(code: int, days: int) -> Days:
    """The days of a pattern code: its highest of `days` bits is day 0."""
    return tuple(day for day in range(days) if code >> (days - 1 - day) & 1)


def _window(line: Line) -> tuple[float, float]:
    """The two columns after the codes; no limit where they are absent."""
    figures = line.floats(_BEFORE_CODES)
    rest = figures[_BEFORE_CODES + int(figures[6]) :]
    return (rest[0], rest[1]) if len(rest) >= 2 else (0.0, math.inf)


def _limit(figure: float) -> float:
    return figure if figure > 0 else math.inf
