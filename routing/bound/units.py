"""The unit that the bound counts in: an eighteenth of a thousandth of a cent, so that all prices are whole.

An hour of so many cents is 1000 × cents / 3600 = 5 × cents / 18 thousandths of a cent a second: with
eighteenths nothing is ever rounded, and a bound proven in integers needs no tolerance.
"""

from routing.objective import MC
from routing.problem import Shift

PER_MC = 18
PER_CENT = PER_MC * MC


def second_price(shift: Shift) -> int:
    """A paid second."""
    return 5 * shift.hour_cents


def metre_price(shift: Shift) -> int:
    """A metre driven."""
    return PER_MC * shift.km_cents


def leaving_price(shift: Shift) -> int:
    """Leaving at all, less what rounding paid seconds down to whole thousandths may give away."""
    return PER_CENT * shift.fixed_cents - (PER_MC - 1 if shift.hour_cents % PER_MC else 0)
