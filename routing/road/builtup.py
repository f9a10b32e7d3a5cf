"""Where villages and towns are, inferred from the streets themselves.

OSM road data carry no limit signs here and no outline of villages. Residential streets give them away:
the ground within REACH_M of one is taken as built-up, where such ground makes a patch of MIN_HA at least,
so that a lone lane tagged residential in the fields does not make a village. Both figures were chosen
against OSM's residential land use around the default network, on main roads (primary to tertiary):
see « Built-up areas » in docs/roads.md.
"""

import numpy as np
from scipy import ndimage

from routing.road.classes import RoadClass
from routing.road.streets import Bools, Floats, Ints, Streets, to_lambert

CELL_M = 20
REACH_M = 140
MIN_HA = 10.0
_HOMES = (RoadClass.RESIDENTIAL, RoadClass.LIVING_STREET)


def built_up(streets: Streets) -> Bools:
    """For each segment, True when its middle lies in a built-up area."""
    x, y = to_lambert(streets.lon, streets.lat)
    column, row = (np.floor(axis / CELL_M).astype(np.int64) for axis in (x, y))
    margin = REACH_M // CELL_M + 1
    column, row = column - column.min() + margin, row - row.min() + margin
    town = np.zeros((row.max() + margin + 1, column.max() + margin + 1), np.bool_)
    town[_cells(streets, row, column)] = True
    town = _patches(ndimage.binary_dilation(town, structure=_disc(REACH_M // CELL_M)))
    middle_row = (row[streets.tail] + row[streets.head]) // 2
    middle_column = (column[streets.tail] + column[streets.head]) // 2
    return np.asarray(town[middle_row, middle_column], np.bool_)


def _cells(streets: Streets, row: Ints, column: Ints) -> tuple[Ints, Ints]:
    """The cells that residential streets cross, one sample a cell at least."""
    homes = np.isin(streets.road_class, _HOMES)
    tail, head = streets.tail[homes], streets.head[homes]
    spans = np.maximum(abs(row[head] - row[tail]), abs(column[head] - column[tail])) + 1
    which = np.repeat(np.arange(len(tail)), spans)
    step = np.arange(len(which)) - np.repeat(np.cumsum(spans) - spans, spans)
    share: Floats = step / spans[which]
    rows, columns = (
        np.rint(axis[tail][which] * (1 - share) + axis[head][which] * share).astype(np.int64)
        for axis in (row, column)
    )
    return rows, columns


def _disc(radius: int) -> Bools:
    """A disc of cells, `radius` cells around its centre."""
    down, across = np.ogrid[-radius : radius + 1, -radius : radius + 1]
    return np.asarray(down**2 + across**2 <= radius**2, np.bool_)


def _patches(town: Bools) -> Bools:
    """Only the patches of MIN_HA hectares at least."""
    labels, _ = ndimage.label(town)
    hectares = np.bincount(labels.ravel()) * (CELL_M**2 / 10_000)
    hectares[0] = 0.0
    return np.asarray(hectares[labels] >= MIN_HA, np.bool_)
