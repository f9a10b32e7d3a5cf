"""The smallest week that asks for everything: what is compiled for it serves every other."""

import numpy as np

from models.values import Coordinates, TimeWindow
from routing.problem import Pattern, Shift, Stop, WeekProblem
from routing.travel import TravelMatrix, TravelStamp


def smallest_week() -> WeekProblem:
    """One stop, one shift, one day."""
    spot = TimeWindow(0, 9)
    places = TravelMatrix(
        ids=("depot", "stop"),
        points=(Coordinates(lon=0, lat=0),) * 2,
        seconds=np.zeros((2, 2), np.int32),
        metres=np.zeros((2, 2), np.int32),
        stamp=TravelStamp(graph="", source="", source_date="", speed_profile="", licence=""),
    )
    nothing, once = Pattern(days=(), missing=1, missing_cents=1), Pattern(days=(0,))
    stop = Stop(id="stop", place=1, patterns=(nothing, once), windows=((spot,),))
    shift = Shift(id="0", vehicle="", driver="", day=0, start=0, end=0, window=spot, capacity=1)
    return WeekProblem(days=1, stops=(stop,), shifts=(shift,), travel=places)
