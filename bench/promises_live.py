"""A day under way for `bench.promises`: each round of today half an hour late, told anew each second."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from api.db import Database
from api.repositories import published_visits
from api.repositories.predictions import hold_foreseen
from api.services.changes import announce
from models.service_day import PARIS, ServiceDay
from models.tables.base import now

LATE = timedelta(minutes=30)


def tell(database: Database, moment: datetime, more_s: int = 0) -> int:
    """Foresee every visit of the day half an hour and some seconds late; of how many rounds."""
    day = moment.astimezone(PARIS).date()
    with database.write() as session:
        told = published_visits.rounds_of_day(session, day)
        for one in told:
            row = hold_foreseen(session, one.round.code, day, now())
            zero = ServiceDay(day).zero + LATE + timedelta(seconds=more_s)
            at = {visit.ref: int(zero.timestamp()) + visit.begin_s for visit in one.visits}
            row.stamp, row.basis, row.made_at, row.told_at = (
                str(more_s),
                "pointages",
                now(),
                datetime.now(UTC),
            )
            row.detail = {ref: [second - 300, second, second + 900, 20] for ref, second in at.items()}
            session.add(row)
            announce(session, "rounds", one.round.code)
    return len(told)


@contextmanager
def telling(url: str) -> Iterator[list[int]]:
    """Something new of every round each second, from a thread; yields how many rounds, each time."""
    database, over, told = Database(url), threading.Event(), [0]

    def repeat() -> None:
        while not over.wait(1.0):
            told.append(tell(database, now(), len(told)))

    thread = threading.Thread(target=repeat, daemon=True)
    thread.start()
    try:
        yield told
    finally:
        over.set()
        thread.join()
        database.close()
