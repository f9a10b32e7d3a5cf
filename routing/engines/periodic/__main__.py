"""`python -m routing.engines.periodic`: compile the kernel now, so that no calculation waits for it."""

from routing.engines.periodic.engine import Periodic

if __name__ == "__main__":
    Periodic().prepare()
