"""A public instance, whatever file it came from: figures as published, nothing scaled, nothing rounded."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Days = tuple[int, ...]
Tour = tuple[int, ...]
Week = tuple[
    tuple[Tour, ...], ...
]  # per day, the tours of that day: customer numbers in the file's own count


@dataclass(frozen=True, kw_only=True, slots=True)
class Customer:
    """`number` is the file's own. Each visit leaves `deliver`, takes `collect` and lasts `service`.

    Service begins within `window`, both ends inclusive, the same on every day; `patterns` are the sets of
    days allowed, ascending, the first day being 0.
    """

    number: int
    deliver: float
    patterns: tuple[Days, ...]
    collect: float = 0.0
    service: float = 0.0
    window: tuple[float, float] = (0.0, math.inf)


@dataclass(frozen=True, kw_only=True)
class Instance:
    """One depot, `days` days, on each of which up to `vehicles` identical vehicles leave once.

    Row 0 of `distance` (float64, shape (n + 1, n + 1), read-only) is the depot, row k + 1 is `customers[k]`.
    Driving takes as long as it is far. `capacity` and `max_duration` have one figure per day, inf where there
    is no limit; a duration runs from depot to depot, waiting and service included, and a vehicle may leave at
    any time inside `horizon`. `coordinates` is None where the file has none. `notes` tell the file's quirks.
    """

    name: str
    family: str
    days: int
    vehicles: int
    customers: tuple[Customer, ...]
    distance: Floats
    capacity: tuple[float, ...]
    max_duration: tuple[float, ...]
    horizon: tuple[float, float] = (0.0, math.inf)
    coordinates: Floats | None = None
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        size = len(self.customers) + 1
        if self.distance.shape != (size, size):
            raise ValueError(f"{self.name}: want distances of shape ({size}, {size})")
        if not len(self.capacity) == len(self.max_duration) == self.days:
            raise ValueError(f"{self.name}: want one capacity and one duration for each of {self.days} days")
        if len({customer.number for customer in self.customers}) != len(self.customers):
            raise ValueError(f"{self.name}: a customer number stands twice")
        for customer in self.customers:
            _check_customer(self, customer)
        self.distance.setflags(write=False)

    @property
    def visits(self) -> int:
        """How many visits a whole plan has, taking each customer's first pattern."""
        return sum(len(customer.patterns[0]) for customer in self.customers)

    @property
    def has_windows(self) -> bool:
        return any(customer.window != self.horizon for customer in self.customers)


def _check_customer(instance: Instance, customer: Customer) -> None:
    if not customer.patterns:
        raise ValueError(f"{instance.name}: customer {customer.number} has no pattern")
    for pattern in customer.patterns:
        if list(pattern) != sorted(set(pattern)) or not set(pattern) <= set(range(instance.days)):
            raise ValueError(f"{instance.name}: customer {customer.number} has a pattern out of the days")
    if customer.window[0] > customer.window[1]:
        raise ValueError(f"{instance.name}: customer {customer.number} has a window upside down")


def euclidean(coordinates: Floats) -> Floats:
    """Straight distances between all points, double precision: shape (n, 2) → (n, n)."""
    apart = coordinates[:, None, :] - coordinates[None, :, :]
    return np.asarray(np.hypot(apart[..., 0], apart[..., 1]), np.float64)
