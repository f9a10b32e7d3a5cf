"""One annealing: a week under search, its temperature, and the cheapest week that it has met."""

import math
import random

from routing.engines.periodic.layout import Layout
from routing.engines.periodic.ruin import Ruin
from routing.engines.periodic.search import load, note, search, week_price
from routing.engines.periodic.state import Incumbent, empty_incumbent, empty_week, scratch_for

# Temperatures, as multiples of what a visit costs on average.
HOT, WARM, _COLD = 0.6, 0.3, 0.02
_NOBODY = Ruin(1.0, 1.0, 0.0)


def heat_at(share: float, hottest: float) -> float:
    """The temperature when that share, from 0 to 1, of an annealing is over.

    It falls evenly: days are chosen while it is hot, and once it is cold little changes any more.
    """
    return hottest + (_COLD - hottest) * share


class Annealing:
    """Its arrays are its own, so that several may run at once in threads: the kernel lets go of the lock."""

    def __init__(self, layout: Layout, seed: int) -> None:
        self.layout = layout
        self.week, self.scratch = empty_week(layout), scratch_for(layout)
        self.least, self.least_mc = empty_incumbent(layout), math.inf
        self._random = random.Random(seed)
        self.heat = 0.0

    def load(self, given: Incumbent) -> None:
        """Go on from that week."""
        held = load(self.layout, self.week, self.scratch, given)
        assert held, "the kernel cannot drive what the clock can"
        self.begin()

    def fill(self) -> None:
        """Bring in at once whoever is not visited yet, and learn from it how hot to begin."""
        self.run(1, _NOBODY, 0.0, 1.0)
        halts = self.week.halts[self.week.slot].sum()
        rounds = float(self.week.price[self.week.slot].sum())
        self.heat = rounds / halts if halts else self.price / len(self.layout.place)

    def begin(self) -> None:
        """Forget cheaper weeks met before: what comes is judged by the week as it is."""
        note(self.week, self.least)
        self.least_mc = self.price

    @property
    def price(self) -> float:
        """Of the week as it is."""
        return float(week_price(self.layout, self.week))

    def run(self, turns: int, ruin: Ruin, heat: float, cooling: float) -> None:
        """So many turns of the kernel, from a temperature of `heat` that shrinks by `cooling` a turn."""
        seed = self._random.randrange(2**31)
        self.least_mc = search(
            self.layout,
            self.week,
            self.least,
            self.scratch,
            ruin,
            self.least_mc,
            turns,
            heat,
            cooling,
            seed,
        )
