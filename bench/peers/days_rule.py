"""A simple rule that fixes the days: visits of one day lie close together, and days are equally full.

Starts are random, or sectors around the depot, one per day. Then every customer in turn takes its cheapest
pattern, several times over. The price of a visit is how far it is from its nearest companions of that day, in
distance and in time, plus what fills the day beyond its share, little at first, dear in the end. Several
proposals are worth trying: how much fullness weighs is drawn anew for each, and it weighs ever more when told
that days were too full.
"""

import math
import random

import numpy as np

from bench.instance import Floats, Instance

_COMPANIONS = 2  # how many nearest visits of the same day count
_SWEEPS = 16
_SECTORS = 0.5  # how often the start is one of sectors
_WAITING = 0.2  # a unit of waiting between two visits counts as so much distance; of lateness, as one
_FULLNESS = (0.2, 5.0)  # how much a day twice as full as it should be costs, in mean closenesses: drawn here
_HEAVIER = 1.5  # each time days were too full
_FULL = 0.98  # a day is never filled with more load than that share of what its vehicles hold…
_BURST = 100.0  # …or at such a price
_SHUFFLE = 0.15  # noise on closeness, so that starts differ


class DaysRule:
    """Proposes a pattern index per customer; every call proposes anew."""

    def __init__(self, instance: Instance, seed: int) -> None:
        self.instance = instance
        self.random = random.Random(seed)
        self.heaviness = 1.0
        self.apart = separation(instance)
        self.weight = _weights(instance)
        asked = self.weight.T @ np.array([len(c.patterns[0]) for c in instance.customers], np.float64)
        held = np.array(
            [max(1e-9, min(instance.vehicles * limit, float(asked[0]))) for limit in instance.capacity]
        )
        self.share = asked * (held / held.sum())[:, None]
        self.room = held * _FULL

    def days_were_too_full(self) -> None:
        """Next proposals will be more even."""
        self.heaviness *= _HEAVIER

    def propose(self) -> list[int]:
        """A choice of patterns that hardly any single customer would change."""
        customers = self.instance.customers
        apart = self.apart * np.array(
            [1 + _SHUFFLE * self.random.uniform(-1, 1) for _ in range(self.apart.size)]
        ).reshape(self.apart.shape)
        near = float(np.sort(apart, axis=1)[:, 1 : 1 + _COMPANIONS].sum(axis=1).mean())
        fullness = self.heaviness * near * math.exp(self.random.uniform(*map(math.log, _FULLNESS)))
        choice = self._sectors() if self.random.random() < _SECTORS else self._anything()
        present = np.zeros((self.instance.days, len(customers)), bool)
        for k, pattern in enumerate(choice):
            present[list(customers[k].patterns[pattern]), k] = True
        loads = present @ self.weight
        for sweep in range(1, _SWEEPS + 1):
            strictness = min(1.0, 2 * sweep / _SWEEPS) ** 2
            moved = self._sweep(choice, present, loads, apart, fullness * strictness)
            if not moved and strictness >= 1:
                break
        return choice

    def _anything(self) -> list[int]:
        return [self.random.randrange(len(customer.patterns)) for customer in self.instance.customers]

    def _sectors(self) -> list[int]:
        """Each day its sector, as wide as its share, beginning anywhere; a pattern that has that day."""
        places = self.instance.coordinates
        if places is None:
            return self._anything()
        about = places[1:] - places[0]
        turned = (np.arctan2(about[:, 1], about[:, 0]) + self.random.uniform(0, 2 * math.pi)) % (2 * math.pi)
        ends = np.cumsum(self.share[:, 0]) / self.share[:, 0].sum()
        choice, passed, whole = self._anything(), 0.0, float(self.weight[:, 0].sum())
        for k in np.argsort(turned).tolist():
            day = int(np.searchsorted(ends, passed / whole, side="right"))
            passed += float(self.weight[k, 0])
            patterns = self.instance.customers[k].patterns
            fitting = [p for p, pattern in enumerate(patterns) if day in pattern]
            choice[k] = self.random.choice(fitting) if fitting else choice[k]
        return choice

    def _sweep(
        self,
        choice: list[int],
        present: np.typing.NDArray[np.bool_],
        loads: Floats,
        apart: Floats,
        fullness: float,
    ) -> bool:
        """Every customer once, in random sequence; True when one moved."""
        moved = False
        movable = [k for k, customer in enumerate(self.instance.customers) if len(customer.patterns) > 1]
        for k in self.random.sample(movable, len(movable)):
            patterns = self.instance.customers[k].patterns
            present[:, k] = False
            loads[list(patterns[choice[k]])] -= self.weight[k]
            price = [
                _closeness(apart[k], present[day])
                + fullness * self._overfull(loads[day], self.weight[k], day)
                for day in range(self.instance.days)
            ]
            best = min(range(len(patterns)), key=lambda p: sum(price[day] for day in patterns[p]))
            moved = moved or best != choice[k]
            choice[k] = best
            present[list(patterns[best]), k] = True
            loads[list(patterns[best])] += self.weight[k]
        return moved

    def _overfull(self, fill: Floats, more: Floats, day: int) -> float:
        """What the square of a day's fullness grows by, for an average visit; dear beyond its vehicles."""
        visits = max(1.0, self.instance.visits / self.instance.days)
        grown = ((fill + more) ** 2 - fill**2) / self.share[day] ** 2
        beyond = max(0.0, float(fill[0] + more[0] - self.room[day])) / float(self.share[day, 0])
        return visits * (float(grown.mean()) / 2 + _BURST * beyond)


def separation(instance: Instance) -> Floats:
    """How far apart visits are, in distance and in windows, at best of both sequences: shape (n, n)."""
    drive = instance.distance[1:, 1:]
    early = np.array([customer.window[0] for customer in instance.customers], np.float64)
    late = np.array([min(customer.window[1], 1e12) for customer in instance.customers], np.float64)
    service = np.array([customer.service for customer in instance.customers], np.float64)
    waiting = np.maximum(0.0, early[None, :] - drive - service[:, None] - late[:, None])
    missed = np.maximum(0.0, early[:, None] + service[:, None] + drive - late[None, :])
    one_way = drive + _WAITING * waiting + missed
    return np.asarray(np.minimum(one_way, one_way.T), np.float64)


def _weights(instance: Instance) -> Floats:
    """How much a visit fills its day, shape (n, 2): of what vehicles hold, and of the time they have."""
    load = np.array([max(c.deliver, c.collect) for c in instance.customers], np.float64)
    stay = np.array([c.service for c in instance.customers], np.float64)
    stay = stay + np.sort(instance.distance[1:], axis=1)[:, 1 : 1 + _COMPANIONS].mean(axis=1)
    return np.stack([np.maximum(load, 1e-9), np.maximum(stay, 1e-9)], axis=1)


def _closeness(apart: Floats, present: np.typing.NDArray[np.bool_]) -> float:
    companions = apart[present]
    if len(companions) <= _COMPANIONS:
        return float(companions.sum()) + (_COMPANIONS - len(companions)) * float(apart.mean())
    return float(np.partition(companions, _COMPANIONS)[:_COMPANIONS].sum())
