"""Whatever is done to a draft, in whatever order, it stays a plan: clocks, loads, names and prices fit."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.services.assemble import assemble
from api.services.folder import Territory
from api.services.plans.desk import Desk
from api.services.plans.edits import (
    Add,
    Crates,
    Departure,
    Edit,
    LockRound,
    LockVisit,
    Move,
    Reassign,
    Reorder,
    TakeOut,
    edited,
)
from api.services.plans.layout import Layout, bare_layout, dumped, loaded, named
from api.services.plans.making import planned as made_from
from models.plan import Plan, visit_refs
from models.tables.plans import Lock


@pytest.fixture(scope="module")
def desk(territory: Territory, planned: Plan) -> Desk:
    return Desk(territory, assemble(territory.network, territory.travel, planned.week), {})


def _edits(layout: Layout, desk: Desk) -> st.SearchStrategy[Edit]:
    """Anything that a coordinator may do to this draft."""
    orders = {outing.code: [call.key for call in outing.calls] for outing in layout.outings}
    visit = st.sampled_from([key for keys in orders.values() for key in keys])
    code = st.sampled_from(list(orders))
    anywhere = st.sampled_from([*orders, *(shift.id for shift in desk.possible)])
    number, few = st.none() | st.integers(1, 9), st.integers(0, 60)
    site = st.sampled_from([site.id for site in desk.asked.served])
    vehicle = st.sampled_from([one.id for one in desk.network.vehicles])
    driver = st.sampled_from([one.id for one in desk.network.drivers])
    day = st.sampled_from([one.date for one in desk.week.days])
    return st.one_of(
        code.flatmap(
            lambda one: st.builds(Reorder, round=st.just(one), visits=st.permutations(orders[one]).map(tuple))
        ),
        st.builds(Move, visit=visit, round=anywhere, number=number),
        st.builds(Add, site=site, round=anywhere, number=number, deliver=st.none(), collect=st.none()),
        st.builds(TakeOut, visit=visit),
        st.builds(Crates, visit=visit, deliver=few, collect=few),
        st.builds(Departure, round=code, departure_s=st.none() | st.integers(0, 36 * 3600)),
        st.builds(LockVisit, visit=visit, lock=st.sampled_from(Lock), after=st.none() | visit),
        st.builds(LockRound, round=code, locked=st.booleans()),
        st.builds(
            Reassign,
            round=code,
            vehicle=st.none() | vehicle,
            driver=st.none() | driver,
            day=st.none() | day,
        ),
    )


@settings(max_examples=40)
@given(data=st.data())
def test_a_draft_stays_a_plan_whatever_is_done_to_it(data: st.DataObject, desk: Desk, planned: Plan) -> None:
    layout, plan = named(bare_layout(planned)), planned
    for _ in range(data.draw(st.integers(1, 6))):
        if not layout.outings:
            break
        changed = named(edited(layout, [data.draw(_edits(layout, desk))], desk))
        layout, plan = made_from(plan, layout, changed, desk, proof=None)
        assert loaded(dumped(layout)) == layout
    codes = [tour.id for tour in plan.rounds]
    assert len(set(codes)) == len(codes)
    assert list(plan.rounds) == sorted(plan.rounds, key=lambda tour: (tour.date, tour.start_s, tour.id))
    for outing, tour in zip(layout.outings, plan.rounds, strict=True):
        assert tour.visits
        assert tuple(call.key for call in outing.calls) == visit_refs(tour)
        assert [visit.number for visit in tour.visits] == list(range(1, len(tour.visits) + 1))
        clock, load = tour.start_s, sum(visit.deliver for visit in tour.visits)
        for visit in tour.visits:
            assert clock + visit.leg_s <= visit.arrival_s <= visit.begin_s < visit.end_s
            load += visit.collect - visit.deliver
            assert visit.load_after == load
            clock = visit.end_s
        assert tour.end_s >= clock + tour.leg_back_s
        if outing.departure_s is not None and tour.pause is None:
            assert tour.start_s == outing.departure_s
    for entry in plan.unplanned:
        made = {tour.date for tour, _ in plan.visits_to(entry.site)}
        assert entry.missing == desk.network.site(entry.site).visits_per_week - len(made)
        assert entry.reason
    assert plan.cost_cents == desk.cost_cents(layout)
    by_hand = sum(tour.distance_m * desk.network.vehicle(tour.vehicle).km_cents for tour in plan.rounds)
    assert plan.cost_cents["distance"] == pytest.approx(by_hand / 1000, abs=1)


def test_an_untouched_week_costs_what_the_engine_said(desk: Desk, planned: Plan) -> None:
    layout = named(bare_layout(planned))
    assert desk.cost_cents(layout) == dict(planned.cost_cents)
    timed = [desk.timed(outing).tour for outing in layout.outings]
    assert timed == list(planned.rounds)
