"""Remedies that a draft's edits alone cannot make: wider hours, and one visit giving way to another."""

from dataclasses import replace

from api.services.assemble import assemble
from api.services.folder import Territory
from api.services.plans.desk import Desk
from api.services.plans.edits import Add, TakeOut, edited
from api.services.plans.layout import Layout, bare_layout, named
from api.services.reasons.remedies import Kind, Remedy, remedies
from api.services.reasons.remedy_words import sentence
from models.network.values import Network
from models.plan import Plan
from models.service_day import IsoWeek

_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")


def _hours(second: int) -> str:
    return f"{second // 3600:02d}:{second % 3600 // 60:02d}"


def _received(territory: Territory, site: str, hours: str) -> Territory:
    """The territory where one site receives the shuttle at other hours."""
    sites = tuple(
        replace(one, shuttle_hours=hours) if one.id == site else one for one in territory.network.sites
    )
    return replace(territory, network=replace(territory.network, sites=sites))


def _desk(territory: Territory, week: IsoWeek) -> Desk:
    return Desk(territory, assemble(territory.network, territory.travel, week), {})


def _found(territory: Territory, plan: Plan, hours: str) -> tuple[Layout, str, tuple[Remedy, ...], Network]:
    """The remedies of a site that is taken out of the plan and receives the shuttle at `hours` only."""
    layout = named(bare_layout(plan))
    outing = max(layout.outings, key=lambda one: len(one.calls))
    call = outing.calls[1]
    changed = _received(territory, call.site, hours)
    desk = _desk(changed, plan.week)
    out = edited(layout, [TakeOut(visit=call.key)], desk)
    return out, call.site, remedies(desk, out, call.site), changed.network


def test_wider_hours_make_room_indeed(territory: Territory, planned: Plan) -> None:
    # Ten minutes before the last of a quarter of an hour, at night: nobody comes then.
    layout, site, found, network = _found(territory, planned, "Tu 07:00-07:20; We 19:00-19:30")
    hours = [one for one in found if one.kind is Kind.HOURS]
    assert hours
    for one in hours:
        assert one.hours is not None
        window = one.hours.window
        asked = f"{_DAYS[one.hours.weekday]} {_hours(window.early)}-{_hours(window.late)}"
        desk = _desk(_received(territory, site, asked), planned.week)
        add = Add(site=site, round=one.outing.code, number=one.number)
        tour = desk.timed(edited(layout, [add], desk).outing(one.outing.code) or one.outing).tour
        assert not tour.notes
        assert not tour.visits[one.number - 1].notes
        assert tour.visits[one.number - 1].begin_s == one.begin_s
        assert "Si le lieu reçoit la navette le" in sentence(one, network)
        assert not one.edits


def test_never_more_than_three(territory: Territory, planned: Plan) -> None:
    *_, found, network = _found(territory, planned, "Mo-Fr 08:00-18:00")
    assert len(found) == 3
    assert len({(one.kind, one.outing.day) for one in found}) == 3
    assert all(sentence(one, network).endswith(".") for one in found)


def test_a_visit_gives_way_to_one_that_finds_no_room(territory: Territory, planned: Plan) -> None:
    layout = named(bare_layout(planned))
    desk = _desk(territory, planned.week)
    outing = max(layout.outings, key=lambda one: len(one.calls))
    call, peak = outing.calls[1], desk.timed(outing).tour.load_peak
    day = _DAYS[outing.day.weekday()]
    # Received that morning only, with one crate more than the full van still holds: another must go.
    changed = _received(territory, call.site, f"{day} 08:00-12:00")
    network = replace(
        changed.network,
        sites=tuple(
            replace(one, deliver=call.deliver + 1) if one.id == call.site else one
            for one in changed.network.sites
        ),
        vehicles=tuple(
            replace(one, capacity=peak) if one.id == outing.vehicle else one
            for one in changed.network.vehicles
        ),
    )
    desk = _desk(replace(changed, network=network), planned.week)
    out = edited(layout, [TakeOut(visit=call.key)], desk)
    swap = next(one for one in remedies(desk, out, call.site) if one.kind is Kind.SWAP)
    assert swap.other is not None
    assert sentence(swap, network).startswith(f"Déplacer {network.site(swap.other[0].site).name} au ")
    before = sum(desk.timed(one).tour.distance_m for one in out.outings)
    made = edited(out, swap.edits, desk)
    tours = [desk.timed(one).tour for one in made.outings if one.calls]
    assert sum(tour.distance_m for tour in tours) - before == swap.distance_m
    for tour in tours:
        if tour.id in {swap.outing.code, swap.other[1].outing.code}:
            assert not tour.notes
            assert not [note for visit in tour.visits for note in visit.notes]
