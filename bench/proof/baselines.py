"""What can be told without learning: the timetable with its delay carried on, and a margin around it."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np
import numpy.typing as npt

from bench.proof.known import Known, epoch, expected_of
from models.custody.rounds import round_progress
from models.plan import Round
from models.service_day import PARIS

LEVELS = (0.05, 0.10, 0.50, 0.90, 0.95)
Floats = npt.NDArray[np.float64]
_MARGIN_S = (-600.0, -600.0, 0.0, 1200.0, 1200.0)  # before the first past
_ENOUGH = 200


def carried(tour: Round, known: Known) -> dict[str, int]:
    """By ref, when each visit to come begins if the delay of the last one is carried on."""
    progress = round_progress(
        expected_of(tour),
        known.visits,
        datetime.fromtimestamp(known.now_at, PARIS),
        start=f"{tour.id}/{tour.start_site}",
        end=f"{tour.id}/{tour.end_site}",
    )
    return {one.visit: epoch(one.begin_at) for one in progress.ahead}


class Margin:
    """A margin around the carried time, the same for all, fitted on what was late in the past."""

    def __init__(self) -> None:
        self._late_s: list[float] = []
        self.offsets_s: Floats = np.array(_MARGIN_S)

    def add(self, late_s: Sequence[float]) -> None:
        """What came after being told: seconds after the carried time."""
        self._late_s.extend(late_s)

    def fit(self) -> None:
        """Once a night."""
        if len(self._late_s) >= _ENOUGH:
            self.offsets_s = np.quantile(np.array(self._late_s), LEVELS)
