"""What is asked of the engine: habit has its price, locks hold or say why not."""

from dataclasses import replace
from uuid import UUID

from sqlmodel import col, select

from api.repositories import plans as repository
from api.service import Service
from api.services.actor import SYSTEM
from api.services.assemble import WeekAsked, plan_of
from api.services.plans.habit import moved_days
from api.services.plans.question import question_for
from api.services.plans.store import save_plan
from api.services.territory import touch
from models.plan import Plan
from models.service_day import IsoWeek
from models.tables.base import now
from models.tables.network import SiteRecord
from models.tables.plans import Lock, PlanKind, PlanStatus, RoundRecord, VisitRecord
from routing.budget import Budget
from routing.engines.engine import engine_named
from routing.solve import Result, solve

WEEK, NEXT = IsoWeek(2026, 49), IsoWeek(2026, 50)


def _store(service: Service, plan: Plan, kind: PlanKind = PlanKind.WEEK, *, publish: bool = False) -> UUID:
    with service.database.write() as session:
        record = save_plan(session, plan, kind=kind, actor=SYSTEM)
        if publish:
            record.status, record.published_at = PlanStatus.PUBLISHED, now()
    return record.id


def _asked(service: Service, week: IsoWeek, base: UUID | None = None, *, habit: bool = True) -> WeekAsked:
    with service.database.read() as session:
        territory = service.territories.open(session)
        return question_for(session, territory, week, base=base, habit=habit)


def _answer(asked: WeekAsked) -> Result:
    return solve(asked.problem, Budget(iterations=50), engine_named("insertion"))


def test_nothing_published_nothing_is_habit(service: Service) -> None:
    asked = _asked(service, WEEK)
    assert all(stop.announced == () for stop in asked.problem.stops)


def test_what_was_published_has_its_price(service: Service, planned: Plan) -> None:
    _store(service, planned, publish=True)
    asked = _asked(service, NEXT)
    tour = planned.rounds[0]
    visit = tour.visits[0]
    stop = next(one for one in asked.problem.stops if one.id == visit.site)
    assert stop.announced[tour.date.weekday()] == visit.begin_s
    told = {call[0].date.weekday() for call in planned.visits_to(visit.site)}
    price = asked.network.rules.habit_cents
    assert (stop.habit_cents, price) == (price, 200)
    for pattern in stop.patterns:
        assert pattern.habit_cents == 200 * moved_days(frozenset(pattern.days), frozenset(told))
    assert any(pattern.habit_cents for pattern in stop.patterns)
    assert not _asked(service, NEXT, habit=False).problem.stops[0].announced


def test_days_that_move_are_counted_once() -> None:
    days = frozenset
    assert moved_days(days({0, 3}), days({0, 3})) == 0
    assert moved_days(days({0, 4}), days({0, 3})) == 1  # Thursday became Friday
    assert moved_days(days({0}), days({0, 3})) == 0  # one given up: `missing` has its price
    assert moved_days(days({0, 2, 4}), days({0, 3})) == 1  # Thursday moved, and one is new
    assert moved_days(days(), days({0, 3})) == 0


def test_the_week_itself_then_the_template_then_the_latest_week_is_habit(
    service: Service, planned: Plan
) -> None:
    def shifted(plan: Plan, seconds: int) -> Plan:
        tours = [
            replace(tour, visits=tuple(replace(v, begin_s=v.begin_s + seconds) for v in tour.visits))
            for tour in plan.rounds
        ]
        return replace(plan, rounds=tuple(tours))

    tour = planned.rounds[0]
    day, visit = tour.date.weekday(), tour.visits[0]

    def told() -> int | None:
        stops = _asked(service, WEEK).problem.stops
        return next(one for one in stops if one.id == visit.site).announced[day]

    _store(service, shifted(replace(planned, week=IsoWeek(2026, 48)), 1), publish=True)
    assert told() == visit.begin_s + 1
    _store(service, shifted(planned, 2), PlanKind.TEMPLATE, publish=True)
    assert told() == visit.begin_s + 2
    _store(service, shifted(planned, 3), publish=True)
    assert told() == visit.begin_s + 3


def test_an_unchanged_week_is_planned_as_it_was_told(service: Service, planned: Plan) -> None:
    """The same engine, the same week: habit costs nothing when nothing has to move."""
    _store(service, planned, publish=True)
    asked = _asked(service, WEEK)
    result = _answer(asked)
    made = plan_of(asked, result, planned.run, planned.created_at)
    same = {(t.id, v.site) for t in planned.rounds for v in t.visits}
    kept = {(t.id, v.site) for t in made.rounds for v in t.visits}
    assert len(same & kept) > len(same) // 2


def _lock(service: Service, plan: UUID, site: str, lock: Lock, after: str | None = None) -> VisitRecord:
    """Lock the first visit of a site in a draft."""
    with service.database.write() as session:
        visit = next(one for one in repository.visits_of(session, [plan]) if one.site == site)
        visit.lock, visit.after = lock, after
    return visit


def _round_of(service: Service, visit: VisitRecord) -> RoundRecord:
    with service.database.read() as session:
        return session.exec(select(RoundRecord).where(RoundRecord.id == visit.round)).one()


def test_a_visit_locked_to_its_day_keeps_it(service: Service, planned: Plan) -> None:
    draft = _store(service, planned)
    visit = _lock(service, draft, "staple", Lock.DAY)
    day = _round_of(service, visit).day.weekday()
    asked = _asked(service, WEEK, draft)
    assert asked.unkept == ()
    stop = next(one for one in asked.problem.stops if one.id == "staple")
    assert all(day in pattern.days for pattern in stop.patterns if pattern.days)
    assert any(not pattern.days for pattern in stop.patterns)


def test_a_visit_locked_to_its_round_or_place_keeps_it(service: Service, planned: Plan) -> None:
    draft = _store(service, planned)
    tour = max(planned.rounds, key=lambda one: len(one.visits))
    second, last = tour.visits[1], tour.visits[-1]
    with service.database.write() as session:
        mine = next(one for one in repository.rounds_of(session, [draft]) if one.code == tour.id)
        rows = repository.visits_of_round(session, mine.id)
        rows[1].lock, rows[-1].lock = Lock.POSITION, Lock.ROUND
    asked = _asked(service, WEEK, draft)
    assert asked.unkept == ()
    [place] = asked.problem.positions
    assert place.position == 1
    assert asked.served[place.stop].id == second.site
    result = _answer(asked)
    made = plan_of(asked, result, planned.run, planned.created_at)
    again = next(one for one in made.rounds if one.id == tour.id)
    assert again.visits[1].site == second.site
    assert last.site in again.stops


def test_a_locked_round_stands_as_it_was(service: Service, planned: Plan) -> None:
    draft = _store(service, planned)
    tour = planned.rounds[2]
    with service.database.write() as session:
        mine = next(one for one in repository.rounds_of(session, [draft]) if one.code == tour.id)
        mine.locked = True
    asked = _asked(service, WEEK, draft)
    assert asked.unkept == ()
    made = plan_of(asked, _answer(asked), planned.run, planned.created_at)
    again = next(one for one in made.rounds if one.id == tour.id)
    assert again.stops == tour.stops


def test_a_pair_rides_in_order(service: Service, planned: Plan) -> None:
    draft = _store(service, planned)
    tour = max(planned.rounds, key=lambda one: len(one.visits))
    first, second = tour.visits[0].site, tour.visits[2].site
    with service.database.read() as session:
        ref = next(v for v in repository.visits_of(session, [draft]) if v.site == first).ref
    _lock(service, draft, second, Lock.NONE, after=ref)
    asked = _asked(service, WEEK, draft)
    [pair] = asked.problem.pairs
    assert (asked.served[pair.first].id, asked.served[pair.second].id) == (first, second)
    _answer(asked)  # the referee sees to it that it is kept


def test_locks_that_cannot_hold_say_why(service: Service, planned: Plan) -> None:
    draft = _store(service, planned)
    visit = _lock(service, draft, "staple", Lock.DAY)
    with service.database.write() as session:
        # Nobody is owed at Staple any more; a round is locked that nobody drives any more.
        session.exec(select(SiteRecord).where(SiteRecord.code == "staple")).one().visits_per_week = 0
        other = session.exec(select(RoundRecord).where(col(RoundRecord.id) != visit.round)).all()[0]
        other.locked, other.shift_early, other.shift_late = True, 0, 1
        touch(session)
    asked = _asked(service, WEEK, draft)
    told = {one.what: one.reason for one in asked.unkept}
    assert "aucun passage n'est dû" in told[visit.ref]
    assert "aucun chauffeur" in told[other.code]
    _answer(asked)


def test_pairs_in_a_circle_are_told(service: Service, planned: Plan) -> None:
    draft = _store(service, planned)
    with service.database.write() as session:
        tour = next(one for one in repository.rounds_of(session, [draft]))
        a, b, *_ = repository.visits_of_round(session, tour.id)
        a.after, b.after = b.ref, a.ref
        c = repository.visits_of(session, [draft])[-1]
        c.after = "2026-W49-lun-matin-V1/nulle-part"
    asked = _asked(service, WEEK, draft)
    assert len(asked.problem.pairs) == 1
    reasons = " ".join(one.reason for one in asked.unkept)
    assert "en rond" in reasons
    assert "n'est plus dans le planning" in reasons


def test_a_locked_round_that_is_late_is_told(service: Service, planned: Plan) -> None:
    """Its order reversed, some library of the longest round is closed or the van late: it is planned anew."""
    draft = _store(service, planned)
    with service.database.write() as session:
        for tour in repository.rounds_of(session, [draft]):
            tour.locked = True
            for visit in repository.visits_of_round(session, tour.id):
                visit.number = 1000 - visit.number
    asked = _asked(service, WEEK, draft)
    late = [one for one in asked.unkept if "écarts" in one.reason]
    assert late
    assert any(shift.locked for shift in asked.problem.shifts) or len(late) == len(planned.rounds)
    _answer(asked)


def test_what_was_locked_stays_locked_where_it_was_kept(service: Service, planned: Plan) -> None:
    draft = _store(service, planned)
    tour, other = planned.rounds[2], planned.rounds[0]
    with service.database.write() as session:
        rows = {one.code: one for one in repository.rounds_of(session, [draft])}
        rows[tour.id].locked = True
        first, second, third, *_ = repository.visits_of_round(session, rows[other.id].id)
        first.lock, second.lock, third.after = Lock.POSITION, Lock.DAY, second.ref

    def locks(plan: Plan) -> tuple[list[str], dict[str, Lock], list[str | None]]:
        with service.database.write() as session:
            made = save_plan(session, plan, parent=draft, actor=SYSTEM)
        with service.database.read() as session:
            rounds = repository.rounds_of(session, [made.id])
            visits = repository.visits_of(session, [made.id])
        return (
            [one.code for one in rounds if one.locked],
            {visit.ref: visit.lock for visit in visits if visit.lock is not Lock.NONE},
            [visit.after for visit in visits if visit.after],
        )

    assert locks(planned) == (
        [tour.id],
        {first.ref: Lock.POSITION, second.ref: Lock.DAY},
        [second.ref],
    )
    # The other round driven backwards: its first visit has lost its place, the others their order only.
    backwards = tuple(replace(visit, number=k) for k, visit in enumerate(other.visits[::-1], start=1))
    turned = replace(planned, rounds=(replace(other, visits=backwards), *planned.rounds[1:]))
    assert locks(turned) == ([tour.id], {second.ref: Lock.DAY}, [second.ref])
    assert locks(replace(planned, rounds=planned.rounds[:1]))[0] == []


def test_crates_changed_in_the_draft_are_planned_for(service: Service, planned: Plan) -> None:
    draft = _store(service, planned)
    with service.database.write() as session:
        visit = next(one for one in repository.visits_of(session, [draft]) if one.site == "cassel")
        visit.deliver = 9
    stops = {stop.id: stop for stop in _asked(service, WEEK, draft).problem.stops}
    usual = {stop.id: stop for stop in _asked(service, WEEK).problem.stops}
    assert (stops["cassel"].deliver, stops["cassel"].collect) == (9, usual["cassel"].collect)
    assert stops["staple"] == usual["staple"]
