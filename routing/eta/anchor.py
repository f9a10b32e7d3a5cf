"""Where a round has got to: the last thing known of it, from which everything to come is counted."""

from collections.abc import Sequence
from dataclasses import dataclass

from routing.eta.values import Halt, Sign, Told

_NOTHING = Sign()


@dataclass(frozen=True, kw_only=True, slots=True)
class Anchor:
    """`reached`: index of the halt with the latest sign, -1 before the first. `free_at`: when the van left
    there (the depot, before the first); None where it may still be there, or has not left. `begun_at`: when
    the visit there began, where it is still going on. `told_at`: the last fact. `ahead`: the halts to come.
    """

    reached: int
    free_at: int | None
    begun_at: int | None
    told_at: int | None
    ahead: tuple[int, ...]

    @property
    def waiting(self) -> bool:
        """Whether nothing at all is known of the round."""
        return self.told_at is None


def anchor(halts: Sequence[Halt], told: Told) -> Anchor | None:
    """None where nothing more is expected: the van is home, or every halt is over.

    Halts before the latest one without a sign have been driven by: they are not to come any more.
    """
    signs = [told.visits.get(halt.visit, _NOTHING) for halt in halts]
    touched = [k for k, sign in enumerate(signs) if sign.last_at is not None and sign.begun_at is not None]
    reached = max(touched, default=-1, key=lambda k: (signs[k].last_at or 0, k))
    ahead = tuple(k for k in range(reached + 1, len(halts)) if not _settled(signs[k]))
    if not ahead or (told.home_at is not None and touched):
        return None
    if reached < 0:
        return Anchor(
            reached=-1, free_at=told.started_at, begun_at=None, told_at=told.started_at, ahead=ahead
        )
    sign = signs[reached]
    begun = sign.begun_at
    return Anchor(
        reached=reached,
        free_at=sign.free_at,
        begun_at=None if begun is None else max(begun, halts[reached].opens_at),
        told_at=sign.last_at,
        ahead=ahead,
    )


def _settled(sign: Sign) -> bool:
    """Nothing to predict: it is over, has begun, or is known not to take place."""
    return sign.over or sign.skipped or sign.begun_at is not None
