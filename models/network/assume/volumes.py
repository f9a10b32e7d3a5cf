"""How often the shuttle calls, and how much it carries, from opening hours and stock.

A shared catalogue moves documents twice: lent away and back. What leaves and what comes are alike, so half of
the weekly flow goes each way, and as many crates are taken as are left: empty ones come back too.
"""

from dataclasses import dataclass

from models.network.assume.access import Facts

STOCK_PER_DOCUMENT = 100  # one document in a hundred of the stock moves in a week, both ways together
DOCUMENTS_PER_OPEN_HOUR = 5  # asked for by readers of other libraries' documents, and brought back
DOCUMENTS_PER_CRATE = 20  # a 40 × 30 cm crate, seldom full since each one goes to one place


@dataclass(frozen=True, kw_only=True, slots=True)
class Volumes:
    """Visits a week, days apart at least, crates left and taken at each, documents a week both ways."""

    visits: int
    gap_days: int
    crates: int
    documents: int


def volumes(facts: Facts) -> Volumes:
    """The volumes of a library."""
    visits = _visits(facts)
    documents = round(facts.stock / STOCK_PER_DOCUMENT + facts.minutes * DOCUMENTS_PER_OPEN_HOUR / 60)
    each_way = -(-documents // 2)
    crates = max(1, -(-each_way // (visits * DOCUMENTS_PER_CRATE)))
    return Volumes(visits=visits, gap_days=2 if visits == 2 else 1, crates=crates, documents=documents)


def _visits(facts: Facts) -> int:
    """Every weekday for a team of ten and more, four for a stock of 40,000, three from 15 h, two from 8 h."""
    steps = (
        (5, facts.employees >= 10),
        (4, facts.stock >= 40_000),
        (3, facts.minutes >= 15 * 60),
        (2, facts.minutes >= 8 * 60 or facts.stock >= 10_000),
    )
    return next((visits for visits, fits in steps if fits), 1)
