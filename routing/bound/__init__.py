"""A proven lower bound on the cost of a week: how far from the best possible a plan is, at most.

`lower_bound` is loaded when it is asked for: it brings the compiler and OR-Tools, which callers of
`routing.bound.child` leave to their child.
"""

from typing import TYPE_CHECKING, Any

from routing.bound.values import Bound

if TYPE_CHECKING:
    from routing.bound.bound import lower_bound

__all__ = ["Bound", "lower_bound"]


def __getattr__(name: str) -> Any:
    if name == "lower_bound":
        from routing.bound.bound import lower_bound  # noqa: PLC0415

        return lower_bound
    raise AttributeError(name)
