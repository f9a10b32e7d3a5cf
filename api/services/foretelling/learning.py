"""Past rounds → what the next ones are expected to be like: read in parts, learnt once a night."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlmodel import Session

from api.repositories import predictions as stored
from api.repositories import published_visits
from api.service import Service
from api.services.foretelling import taught
from api.services.foretelling.situation import recorded_of
from api.services.road.follow import Followed, follow
from models.service_day import PARIS
from routing.eta.learn import learn

SINCE = timedelta(days=400)
_PART = 200


def learn_from_past(service: Service, at: datetime) -> int:
    """Learn anew from the rounds of the last thirteen months that are over; from how many."""
    with service.database.read() as session:
        rounds = list(_past(session, at))
    if not rounds:
        return 0
    learnt = learn(recorded_of(one) for one in rounds)
    with service.database.write() as session:
        taught.keep(session, taught.ETA, learnt.to_json(), at)
    return len(rounds)


def _past(session: Session, at: datetime) -> Iterator[Followed]:
    today = at.astimezone(PARIS).date()
    codes = stored.rounds_told_between(session, today - SINCE, today - timedelta(days=1))
    for k in range(0, len(codes), _PART):
        told = published_visits.told_rounds(session, codes[k : k + _PART])
        yield from (one for one in follow(session, told, at) if one.expected and one.known)
