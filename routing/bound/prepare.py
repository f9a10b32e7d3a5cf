"""`python -m routing.bound.prepare`: compile pricing now, so that no proof waits for it."""

from routing.bound.bound import lower_bound
from routing.smallest import smallest_week


def prepare() -> None:
    """Compile, or read what an earlier compilation left beside the sources."""
    lower_bound(smallest_week(), seconds=600)


if __name__ == "__main__":
    prepare()
