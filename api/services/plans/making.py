"""A layout → the plan that it makes, clocks, prices and tray included."""

from collections.abc import Mapping
from dataclasses import replace

from api.services.plans.desk import Desk
from api.services.plans.layout import Call, Layout, Outing
from models.plan import Plan, Proof, Round
from models.tables.plans import Lock


def planned(
    before: Plan, old: Layout, new: Layout, desk: Desk, *, proof: Proof | None
) -> tuple[Layout, Plan]:
    """The plan of `new`, and `new` in the plan's order.

    Rounds that stand in `old` with the same visits keep the clocks that `before` gave them (`old` is its
    layout, round by round); pass an empty layout to time all anew. `proof` is kept only while nothing is
    violated: a bound says nothing of weeks that break rules.
    """
    kept = {_driven(outing): tour for outing, tour in zip(old.outings, before.rounds, strict=True)}
    made = [(one, kept.get(_driven(one)) or desk.timed(one).tour) for one in new.outings]
    made.sort(key=lambda pair: _place(pair[1]))
    layout = replace(new, outings=tuple(outing for outing, _ in made))
    rounds = tuple(tour for _, tour in made)
    sound = not any(tour.notes or any(visit.notes for visit in tour.visits) for tour in rounds)
    plan = replace(
        before,
        rounds=rounds,
        unplanned=desk.unplanned(layout),
        cost_cents=desk.cost_cents(layout),
        estimated_sites=_estimated(desk, rounds),
        proof=proof if sound else None,
    )
    return layout, plan


def renamed(changed: Layout, layout: Layout) -> Mapping[str, str]:
    """ref now → key before, of every visit that had one. `layout` is `changed` with its new names."""
    names = {outing.code: outing for outing in layout.outings}
    return {
        call.key: was.key
        for outing in changed.outings
        if outing.code in names
        for was, call in zip(outing.calls, names[outing.code].calls, strict=True)
        if was.key
    }


def _estimated(desk: Desk, rounds: tuple[Round, ...]) -> tuple[str, ...]:
    """The network's sites without roads of their own; archived ones where a round still stops there."""
    met = {site for tour in rounds for site in tour.stops}
    return tuple(site for site in desk.estimated if site not in desk.former or site in met)


def _place(tour: Round) -> tuple[object, ...]:
    return tour.date, tour.start_s, tour.id


def _driven(outing: Outing) -> Outing:
    """A round without its locks: what its clock depends on. A pair within it shows in its notes."""
    return replace(outing, locked=False, calls=tuple(_made(call) for call in outing.calls))


def _made(call: Call) -> Call:
    return replace(call, lock=Lock.NONE)
