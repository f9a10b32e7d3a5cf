"""A proposed rest, published: a new version of the week's plan in which the round ends otherwise.

What was made keeps the hours that were told of it; libraries hear of what moves by more than the tolerance.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from api.repositories import plans as repository
from api.service import Service
from api.services.actor import Actor
from api.services.assemble import announced
from api.services.explain import notes_of
from api.services.plans.layout import Call, Layout, Outing, named
from api.services.plans.publish import publish
from api.services.plans.store import save_plan
from api.services.replan.propose import elsewhere
from api.services.replan.running import Running, running
from models.errors import Conflict, InputError
from models.plan import Pause, Plan, Round, Visit
from models.tables.plans import PlanRecord
from models.values import TimeWindow
from routing.schedule import Schedule

_SKIPPED = "Passage abandonné en cours de tournée."


@dataclass(frozen=True, kw_only=True, slots=True)
class Accepted:
    """The plan that was published, and the sites that were written to."""

    record: PlanRecord
    told: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """What the coordinator accepts: the refs still to visit in order, those that move to another round."""

    code: str
    basis: str
    order: tuple[str, ...]
    moved: tuple[str, ...]


def accept(session: Session, service: Service, choice: Choice, actor: Actor, at: datetime) -> Accepted:
    """Publish it. Conflict when the road has told something since that changes what it rests on, InputError
    for refs that are not to come."""
    repository.take_turn(session)
    state = running(session, service, choice.code, at)
    if state.basis != choice.basis:
        raise Conflict(
            "La tournée a avancé depuis cette proposition : rien n'a été changé. Demandez-en une nouvelle."
        )
    _must_know(state, choice)
    plan = _plan(state, choice)
    former: UUID = state.found.record.id
    title = state.found.record.title
    kind = state.found.record.kind
    saved = save_plan(session, plan, kind=kind, parent=former, title=title, actor=actor)
    session.flush()
    session.refresh(saved)
    told = publish(session, service, saved.id, saved.version, former, actor)
    return Accepted(record=saved, told=tuple(sorted({one.site for one in told.news})))


def _must_know(state: Running, choice: Choice) -> None:
    left = {call.key for call in state.left}
    wrong = [ref for ref in (*choice.order, *choice.moved) if ref not in left]
    twice = len({*choice.order, *choice.moved}) < len(choice.order) + len(choice.moved)
    if wrong or twice:
        raise InputError(
            "Donnez des passages qui restent à faire, chacun une fois."
            + (f" Inconnus ou déjà faits : {', '.join(wrong)}." if wrong else "")
        )


def _plan(state: Running, choice: Choice) -> Plan:
    """The week with the round's new rest, and the visits that moved in their new rounds."""
    calls = {call.key: call for call in state.left}
    rest = tuple(calls[ref] for ref in choice.order)
    timed = state.timed(choice.order)
    kept = {one.ref for one in state.kept}
    made = tuple(call for call in state.outing.calls if call.key in kept)
    layout = state.found.layout.with_outing(replace(state.outing, calls=(*made, *rest)))
    fresh = _moved(state, [calls[ref] for ref in choice.moved])
    for target in fresh.values():
        layout = layout.with_outing(target)
    gone = {call.site: _SKIPPED for call in state.left if call.key not in {*choice.order, *choice.moved}}
    layout = named(replace(layout, reasons={**layout.reasons, **gone}))
    tours = [
        _driven(state, rest, timed)
        if tour.id == choice.code
        else _retimed(state, layout, tour.id)
        if tour.id in fresh
        else tour
        for tour in state.found.plan.rounds
    ]
    desk = state.desk
    return replace(
        state.found.plan,
        rounds=tuple(tours),
        unplanned=desk.unplanned(layout),
        cost_cents=desk.cost_cents(layout),
        proof=None,
    )


def _moved(state: Running, calls: Sequence[Call]) -> dict[str, Outing]:
    """The later rounds that take visits over, by code. Conflict where none can any more."""
    fresh: dict[str, Outing] = {}
    for call, place in elsewhere(state, calls):
        if place is None:
            name = state.desk.network.site(call.site).name
            raise Conflict(
                f"Aucune autre tournée de la semaine ne peut plus prendre le passage de {name}. "
                "Abandonnez-le, ou gardez-le dans cette tournée."
            )
        fresh[place.outing.code] = place.outing
    return fresh


def _retimed(state: Running, layout: Layout, code: str) -> Round:
    outing = layout.outing(code)
    assert outing is not None
    return state.desk.timed(outing).tour


def _driven(state: Running, rest: Sequence[Call], timed: Schedule) -> Round:
    """The running round: visits made as they were told, the others at their new hours."""
    tour, kept = state.tour, len(state.kept)
    visits = [replace(one.visit, number=k + 1) for k, one in enumerate(state.kept)]
    load = state.aboard
    for k, (call, halt) in enumerate(zip(rest, timed.halts[1:], strict=True)):
        load = max(0, load + call.collect - call.deliver)
        visits.append(
            Visit(
                number=kept + k + 1,
                site=call.site,
                arrival_s=halt.arrival_s,
                begin_s=halt.begin_s,
                end_s=halt.end_s,
                window=halt.window or TimeWindow(halt.begin_s, halt.begin_s),
                announced=announced(state.desk.network.rules, halt.begin_s),
                leg_s=halt.leg_s,
                leg_m=halt.leg_m,
                deliver=call.deliver,
                collect=call.collect,
                load_after=load,
                notes=notes_of(timed, k + 1),
            )
        )
    pause = timed.pause and Pause(
        after=max(kept, kept + timed.pause[0] - 1), begin_s=timed.pause[1], length_s=timed.pause_s
    )
    return replace(
        tour,
        visits=tuple(visits),
        end_s=timed.end_s,
        pause=pause or (tour.pause if tour.pause and tour.pause.after < kept else None),
        leg_back_s=timed.leg_back_s,
        leg_back_m=timed.leg_back_m,
        load_peak=max(tour.load_peak, *(one.load_after for one in visits)),
        load_end=load,
        notes=notes_of(timed, None),
    )
