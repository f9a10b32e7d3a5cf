"""Dethloff's instances (2001) with simultaneous delivery and pickup, in the text format of LKH-3.

Distances are published times 10,000 and loads times some power of ten: distances are scaled back, loads are
kept, since nothing but their ratio to the capacity counts. Place 1 is the depot. In the last section a line
is `place demand earliest latest service pickup delivery`; the windows are as wide as the sky.
"""

import math
from pathlib import Path

import numpy as np

from bench.formats.lines import Line, read_lines
from bench.instance import Customer, Floats, Instance
from models.errors import InputError

_SCALE = 10_000.0


def read_dethloff(path: Path) -> Instance:
    """InputError, naming file and line, when the file is not of this format."""
    lines = read_lines(path)
    size = _header(lines, "DIMENSION", path)
    visits = [line.floats(7) for line in _section(lines, "PICKUP_AND_DELIVERY_SECTION", path)]
    if len(visits) != size or visits[0][0] != 1:
        raise InputError(f"{path.name} : {size} lieux sont annoncés, {len(visits)} sont décrits.")
    if _header(lines, "DISTANCE", path):
        raise InputError(f"{path.name} : une longueur maximale de tournée n'est pas reconnue ici.")
    return Instance(
        name=path.stem,
        family="vrpspd",
        days=1,
        vehicles=_header(lines, "VEHICLES", path),
        customers=tuple(
            Customer(number=int(row[0]), collect=row[5], deliver=row[6], service=row[4], patterns=((0,),))
            for row in visits[1:]
        ),
        distance=_distances(_section(lines, "EDGE_WEIGHT_SECTION", path), size, path),
        capacity=(float(_header(lines, "CAPACITY", path)),),
        max_duration=(math.inf,),
    )


def _distances(lines: list[Line], size: int, path: Path) -> Floats:
    figures = [figure for line in lines for figure in line.floats(1)]
    if len(figures) != size * size:
        raise InputError(f"{path.name} : {size * size} distances sont attendues, il y en a {len(figures)}.")
    return np.array(figures, np.float64).reshape(size, size) / _SCALE


def _header(lines: list[Line], name: str, path: Path) -> int:
    for line in lines:
        if line.words[0].rstrip(":") == name:
            try:
                return int(line.words[-1])
            except ValueError:
                raise line.error("un nombre entier est attendu") from None
    raise InputError(f"{path.name} : la ligne « {name} » manque.")


def _section(lines: list[Line], name: str, path: Path) -> list[Line]:
    """The lines of figures that follow a section's title."""
    titles = [k for k, line in enumerate(lines) if line.words[0] == name]
    if not titles:
        raise InputError(f"{path.name} : la partie « {name} » manque.")
    found = []
    for line in lines[titles[0] + 1 :]:
        if not line.words[0].lstrip("-").isdigit():
            break
        found.append(line)
    return found
