"""Everything that was told of visits to come in a year, beside what came: one row per visit and telling."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from bench.proof.scores import Flags, Floats
from routing.eta.values import PLAN, Eta


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """One visit as it was told at `now_at`, and what came.

    `begun_at` is the true begin of service, None where nobody opened or the van never came. `already`: the
    van had been there by then, and nobody had told. `carried_at` is the timetable with its delay carried on,
    `announced_s` the announced window and `margin_s` the five offsets of the constant margin, both beside it.
    `crates` were truly to change hands in the whole round.
    """

    day: int
    round: str
    now_at: int
    eta: Eta
    begun_at: int | None
    already: bool
    carried_at: int
    announced_s: tuple[int, int]
    margin_s: tuple[float, ...]
    crates: int


@dataclass(frozen=True, kw_only=True)
class Samples:
    """Rows in order of time. Quantiles are (n, 5) arrays of seconds after `now`, so is the truth (n)."""

    rows: tuple[Sample, ...]

    def where(self, mask: Flags) -> "Samples":
        return Samples(rows=tuple(row for row, kept in zip(self.rows, mask, strict=True) if kept))

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def begun(self) -> "Samples":
        """Those that took place, and had not yet when they were told of: what coverage is about."""
        return self.where(np.array([row.begun_at is not None and not row.already for row in self.rows]))

    @cached_property
    def truth(self) -> Floats:
        """NaN where nothing came."""
        return self._of(row.begun_at - row.now_at if row.begun_at else np.nan for row in self.rows)

    @cached_property
    def model(self) -> Floats:
        told = [(one.p05_at, one.p10_at, one.p50_at, one.p90_at, one.p95_at) for one in self._etas]
        return np.array(told, dtype=np.float64).reshape(-1, 5) - self._now[:, None]

    @cached_property
    def timetable(self) -> Floats:
        """The announced window, moved by the delay so far: the same at both levels."""
        early, late = (
            self._of(row.announced_s[0] for row in self.rows),
            self._of(row.announced_s[1] for row in self.rows),
        )
        offsets = np.stack([early, early, np.zeros_like(early), late, late], axis=1)
        return np.maximum(self._carried[:, None] + offsets, 0)

    @cached_property
    def margin(self) -> Floats:
        offsets = np.array([row.margin_s for row in self.rows], dtype=np.float64).reshape(-1, 5)
        return np.maximum(self._carried[:, None] + offsets, 0)

    @cached_property
    def ahead(self) -> Floats:
        """Planned seconds from what is known to the visit."""
        return self._of(one.ahead_s for one in self._etas)

    @cached_property
    def crates(self) -> Floats:
        return self._of(row.crates for row in self.rows)

    @cached_property
    def day(self) -> npt.NDArray[np.int64]:
        return np.array([row.day for row in self.rows], dtype=np.int64)

    @cached_property
    def waiting(self) -> Flags:
        """Told before the round left."""
        return np.array([one.basis == PLAN for one in self._etas], dtype=np.bool_)

    @cached_property
    def skip_share(self) -> Floats:
        return self._of(one.skip_permille / 1000 for one in self._etas)

    @cached_property
    def missed(self) -> Flags:
        """Nobody opened, or the van never came."""
        return np.array([row.begun_at is None for row in self.rows], dtype=np.bool_)

    @property
    def rounds(self) -> int:
        return len({row.round for row in self.rows})

    @cached_property
    def _now(self) -> Floats:
        return self._of(row.now_at for row in self.rows)

    @cached_property
    def _carried(self) -> Floats:
        return self._of(row.carried_at - row.now_at for row in self.rows)

    @property
    def _etas(self) -> list[Eta]:
        return [row.eta for row in self.rows]

    @staticmethod
    def _of(values: Iterable[float]) -> Floats:
        return np.array(list(values), dtype=np.float64)
