"""A proven lower bound on the cost of a week: how far from the best possible a plan is, at most."""

from routing.bound.bound import lower_bound
from routing.bound.values import Bound

__all__ = ["Bound", "lower_bound"]
