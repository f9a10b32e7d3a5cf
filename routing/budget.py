"""When an engine stops, and how it tells what it has so far.

Seconds are for production; iterations and a seed make a run that repeats exactly, for tests and replays.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from routing.objective import Cost
from routing.solution import Solution


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """What a search has reached: its best solution so far, and how much of its budget is spent."""

    solution: Solution
    cost: Cost
    missing: int
    iterations: int
    spent_s: float
    left_s: float | None


class Budget:
    """A search's allowance. `over` turns true when seconds or iterations are spent, or on `cancel()`.

    `listener` hears of every incumbent that an engine offers, from the engine's own thread.
    """

    def __init__(
        self,
        *,
        seconds: float | None = None,
        iterations: int | None = None,
        seed: int = 1,
        listener: Callable[[Progress], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if seconds is None and iterations is None:
            raise ValueError("a budget needs seconds, iterations or both")
        self.seconds = seconds
        self.iterations = iterations
        self.seed = seed
        self.used = 0
        self.cancelled = False
        self._listener = listener
        self._clock = clock
        self._began = clock()

    @property
    def spent_s(self) -> float:
        return self._clock() - self._began

    @property
    def left_s(self) -> float | None:
        """Seconds left, never negative; None when only iterations count."""
        return None if self.seconds is None else max(0.0, self.seconds - self.spent_s)

    @property
    def over(self) -> bool:
        return (self.iterations is not None and self.used >= self.iterations) or self.pressing

    @property
    def pressing(self) -> bool:
        """Cancelled or out of seconds, however many iterations are left."""
        return self.cancelled or (self.seconds is not None and self.spent_s >= self.seconds)

    @property
    def repeats(self) -> bool:
        """True when iterations rule: nothing but the end may then depend on the clock."""
        return self.iterations is not None

    @property
    def share_spent(self) -> float:
        """How much is gone, from 0 to 1: of the iterations where they rule, else of the seconds."""
        if self.iterations is not None:
            return min(1.0, self.used / self.iterations) if self.iterations else 1.0
        return min(1.0, self.spent_s / self.seconds) if self.seconds else 1.0

    def step(self, iterations: int = 1) -> None:
        """So many iterations done; the engine says of what."""
        self.used += iterations

    def cancel(self) -> None:
        """Stop at the next look; the best so far is the answer."""
        self.cancelled = True

    def offer(self, solution: Solution, cost: Cost, missing: int) -> None:
        """A new incumbent."""
        if self._listener:
            self._listener(
                Progress(
                    solution=solution,
                    cost=cost,
                    missing=missing,
                    iterations=self.used,
                    spent_s=self.spent_s,
                    left_s=self.left_s,
                )
            )
