"""What a proof of a lower bound answers."""

from dataclasses import dataclass

from routing.objective import MC


@dataclass(frozen=True, kw_only=True, slots=True)
class Bound:
    """No plan of the week costs less than `bound_mc`, in thousandths of a cent.

    `finished`: pricing found nothing more to learn, so this is the best that the relaxation can prove.
    `columns` rounds were known in the end, after `pricings` passes over all groups of rounds.
    """

    bound_mc: int
    finished: bool
    columns: int
    pricings: int
    spent_s: float

    @property
    def cents(self) -> int:
        """Whole cents, rounded down."""
        return self.bound_mc // MC

    def gap(self, cost_mc: int) -> float | None:
        """By what share of it a plan may at most be too dear, at least 0; None when it costs nothing."""
        return max(0.0, 1 - self.bound_mc / cost_mc) if cost_mc > 0 else None
