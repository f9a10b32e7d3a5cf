"""Rounds met by the search, whatever their day: what recombination puts together anew.

A round is kept as its stops, as driven. Which days and vehicles it holds for is not asked here: it may have
been met on a Monday and be driven on a Thursday, by another van.
"""

from collections.abc import Iterable
from threading import Lock

from routing.engines.prices import Stops

_LEFT_SHARE = 0.75  # of a full pool, what is left once the rounds of dear weeks are thrown away


class Pool:
    """At most `most` rounds, each with the cheapest week it was part of and when that was.

    Searches in several threads may share one: throwing away replaces what is remembered, so a lock, taken
    once a week and not once a round, keeps others out meanwhile. Filled by one search, it depends on nothing
    but what was added; by several, on who came first.
    """

    def __init__(self, most: int = 20_000) -> None:
        if most < 1:
            raise ValueError("a pool needs room for a round")
        self._most = most
        self._lock = Lock()
        self._clock = 0
        self._born: dict[Stops, tuple[float, int]] = {}

    def __len__(self) -> int:
        return len(self._born)

    def add(self, rounds: Iterable[Stops], week_price: float) -> None:
        """The rounds of one week of that price; empty ones are passed over."""
        with self._lock:
            self._clock += 1
            for stops in rounds:
                known = self._born.get(stops)
                if stops and (known is None or week_price < known[0]):
                    self._born[stops] = (week_price, self._clock)
            if len(self._born) > self._most:
                kept = max(1, int(_LEFT_SHARE * self._most))
                self._born = {stops: self._born[stops] for stops in self._ranked()[:kept]}

    def best(self, count: int) -> list[Stops]:
        """Up to `count` rounds, those of the cheapest weeks first, and the older first among equals."""
        with self._lock:
            return self._ranked()[:count]

    def born(self, stops: Stops) -> tuple[float, int] | None:
        """(price of the cheapest week it was part of, number of that week as added, from 1)."""
        return self._born.get(stops)

    def _ranked(self) -> list[Stops]:
        return sorted(self._born, key=lambda stops: (*self._born[stops], stops))
