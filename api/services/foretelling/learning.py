"""Past rounds → what the next ones are expected to be like: read in parts, learnt once a night."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from api.repositories import predictions as stored
from api.repositories import published_visits
from api.service import Service
from api.services.foretelling import taught
from api.services.foretelling.situation import recorded_of
from api.services.road.follow import Followed, follow
from models.custody.visits import VisitState
from models.service_day import PARIS
from routing.eta.learn import learn
from routing.promise.chances import ONE, Chances

CHANCES = "chances"
SINCE = timedelta(days=400)
_PART = 200
_PRIOR = 30  # visits that what is usual counts for, where a site's own are few
_DELAYS_S = (0, 600, 1200, 1800, 2700, 3600, 7200)
_NEVER_LATER_S = 10_800


def learn_from_past(service: Service, at: datetime) -> int:
    """Learn anew from the rounds of the last thirteen months that are over; from how many."""
    with service.database.read() as session:
        rounds = list(_past(session, at))
    if not rounds:
        return 0
    learnt = learn(recorded_of(one) for one in rounds)
    chances = chances_of(rounds)
    with service.database.write() as session:
        taught.keep(session, taught.ETA, learnt.to_json(), at)
        taught.keep(session, CHANCES, asdict(chances), at)
    return len(rounds)


def chances_of(rounds: Sequence[Followed]) -> Chances:
    """How likely a call of a driven round takes along and leaves what it should, by site, drawn towards all
    sites as if thirty visits had gone the usual way; how far behind the plan visits begin."""
    usual = Chances()
    came, planned, late = Counter[str](), Counter[str](), list[int]()
    for one in rounds:
        for visit in one.told.visits:
            known = one.of(visit.ref)
            planned[visit.site] += 1
            came[visit.site] += known.state in {VisitState.DONE, VisitState.LEFT}
        begins = {expected.visit: expected.begin_at for expected in one.expected}
        late += [
            (known.began_at - begins[ref]) // timedelta(seconds=1)
            for ref, known in one.known.items()
            if known.began_at is not None and ref in begins
        ]
    overall = _drawn(came.total(), planned.total(), usual.deliver_any)
    sites = {site: _drawn(came[site], planned[site], overall) for site in sorted(planned)}
    return Chances(
        run=usual.run,
        take_any=min(overall, usual.take_any) if not planned else overall,
        deliver_any=overall,
        load=usual.load,
        take=sites,
        deliver=dict(sites),
        late=_delays(late, usual),
        seen=planned.total(),
    )


def _drawn(hits: int, of: int, usual: int) -> int:
    return (hits * ONE + _PRIOR * usual) // (of + _PRIOR)


def _delays(late: Sequence[int], usual: Chances) -> tuple[tuple[int, int], ...]:
    """Shares of visits that begin at most so late, drawn towards what is assumed; rising to certainty."""
    shares = [_drawn(sum(one <= s for one in late), len(late), usual.punctual(s)) for s in _DELAYS_S]
    return (*zip(_DELAYS_S, shares, strict=True), (_NEVER_LATER_S, ONE))


def _past(session: Session, at: datetime) -> Iterator[Followed]:
    today = at.astimezone(PARIS).date()
    codes = stored.rounds_told_between(session, today - SINCE, today - timedelta(days=1))
    for k in range(0, len(codes), _PART):
        told = published_visits.told_rounds(session, codes[k : k + _PART])
        yield from (one for one in follow(session, told, at) if one.expected and one.known)


def content_of(chances: dict[str, Any]) -> Chances:
    """What was kept, read again."""
    late = tuple((int(delay_s), int(share)) for delay_s, share in chances["late"])
    return Chances(**{**chances, "late": late})
