"""Single-day instances with time windows, as Solomon (1987) and Gehring and Homberger (1999) publish them.

A name, the number of vehicles and their capacity, then a table: number, x, y, demand, ready time, due date,
service time. Number 0 is the depot; a due date is when service must have begun, the depot's when all are
home.
"""

import math
from pathlib import Path

import numpy as np

from bench.formats.lines import Line, line_after, read_lines
from bench.instance import Customer, Instance, euclidean

_COLUMNS = 7


def read_solomon(path: Path) -> Instance:
    """InputError, naming file and line, when the file is not of this format."""
    lines = read_lines(path)
    fleet = line_after(lines, _first(lines, "NUMBER") + 1, path.name)
    vehicles, capacity = fleet.ints(2)[:2]
    table = [line.floats(_COLUMNS) for line in lines[_first(lines, "CUST") + 1 :]]
    if len(table) < 2 or table[0][0] != 0:
        raise fleet.error(
            "le dépôt, numéro 0, doit ouvrir le tableau des clients, suivi d'un client au moins"
        )
    coordinates = np.array([row[1:3] for row in table], np.float64)
    return Instance(
        name=path.stem,
        family="vrptw",
        days=1,
        vehicles=vehicles,
        customers=tuple(
            Customer(
                number=int(row[0]),
                deliver=row[3],
                service=row[6],
                window=(row[4], row[5]),
                patterns=((0,),),
            )
            for row in table[1:]
        ),
        distance=euclidean(coordinates),
        capacity=(float(capacity),),
        max_duration=(math.inf,),
        horizon=(table[0][4], table[0][5]),
        coordinates=coordinates,
    )


def _first(lines: list[Line], word: str) -> int:
    """The place of the first line that begins with a word."""
    for k, line in enumerate(lines):
        if line.words[0].upper() == word:
            return k
    raise lines[0].error(f"la ligne « {word} » manque")
