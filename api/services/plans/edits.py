"""What a coordinator does to a draft, as values; each is a pure change of its layout.

Nothing is refused because it is unwise: that shows in the clocks. InputError only for what does not exist,
or cannot be understood, every finding at once.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar, TypeAlias

from api.services.plans.desk import Desk
from api.services.plans.layout import Call, Layout, Outing, new_code
from models.errors import Finding, InputError
from models.tables.plans import Lock
from models.values import TimeWindow


@dataclass(frozen=True, kw_only=True, slots=True)
class Reorder:
    """The visits of a round, all of them, in a new order."""

    round: str
    visits: tuple[str, ...]
    what: ClassVar[str] = "ordre changé"


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """A visit to a round, as its `number`-th halt (from 1); None: where it costs least."""

    visit: str
    round: str
    number: int | None = None
    what: ClassVar[str] = "passage déplacé"


@dataclass(frozen=True, kw_only=True, slots=True)
class Add:
    """One more visit to a site; crates None: as many as usual."""

    site: str
    round: str
    number: int | None = None
    deliver: int | None = None
    collect: int | None = None
    what: ClassVar[str] = "passage ajouté"


@dataclass(frozen=True, kw_only=True, slots=True)
class TakeOut:
    """A visit out of its round, into the tray of what is not planned."""

    visit: str
    what: ClassVar[str] = "passage retiré"


@dataclass(frozen=True, kw_only=True, slots=True)
class Crates:
    """Other crates at one visit."""

    visit: str
    deliver: int
    collect: int
    what: ClassVar[str] = "bacs changés"


@dataclass(frozen=True, kw_only=True, slots=True)
class Departure:
    """When a round leaves; None: as late as suits."""

    round: str
    departure_s: int | None
    what: ClassVar[str] = "départ changé"


@dataclass(frozen=True, kw_only=True, slots=True)
class LockVisit:
    """What is fixed of a visit; `after` is a visit that must come earlier (None: no pair)."""

    visit: str
    lock: Lock
    after: str | None = None
    what: ClassVar[str] = "passage verrouillé ou libéré"


@dataclass(frozen=True, kw_only=True, slots=True)
class LockRound:
    """A whole round fixed, or free again."""

    round: str
    locked: bool
    what: ClassVar[str] = "tournée verrouillée ou libérée"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reassign:
    """A whole round to another van, driver or day; None keeps what it has."""

    round: str
    vehicle: str | None = None
    driver: str | None = None
    day: date | None = None
    what: ClassVar[str] = "tournée confiée autrement"


@dataclass(frozen=True, kw_only=True, slots=True)
class Retime:
    """Every clock anew, as the network stands now."""

    what: ClassVar[str] = "horaires recalculés"


Edit: TypeAlias = (
    Reorder | Move | Add | TakeOut | Crates | Departure | LockVisit | LockRound | Reassign | Retime
)


def edited(layout: Layout, edits: Sequence[Edit], desk: Desk) -> Layout:
    """The layout after some edits, one after the other. Names are those of the layout before all of them."""
    for edit in edits:
        layout = _CHANGES[type(edit)](layout, edit, desk)
    return layout


def _reorder(layout: Layout, edit: Reorder, _: Desk) -> Layout:
    outing = _round(layout, edit.round)
    calls = {call.key: call for call in outing.calls}
    wanted = Counter(edit.visits)
    wrong = [
        Finding(where=ref, message="ce passage n'est pas dans cette tournée.", remedy="")
        for ref in wanted
        if ref not in calls
    ]
    wrong += [
        Finding(where=ref, message="ce passage est donné deux fois.", remedy="")
        for ref, times in wanted.items()
        if times > 1
    ]
    wrong += [
        Finding(where=ref, message="ce passage manque.", remedy="") for ref in calls if ref not in wanted
    ]
    if wrong:
        raise InputError("Donnez tous les passages de la tournée, chacun une fois.", tuple(wrong))
    return layout.with_outing(replace(outing, calls=tuple(calls[ref] for ref in edit.visits)))


def _move(layout: Layout, edit: Move, desk: Desk) -> Layout:
    call = _visit(layout, edit.visit)
    target = _target(layout, edit.round, desk)
    without = _without(layout, edit.visit)
    outing = without.outing(target.code) or target
    return without.with_outing(_placed(outing, call, edit.number, desk))


def _add(layout: Layout, edit: Add, desk: Desk) -> Layout:
    if edit.site not in desk.territory.travel.index:
        raise _unknown("lieu", edit.site)
    site = desk.network.site(edit.site)
    call = Call(
        site=site.id,
        deliver=site.deliver if edit.deliver is None else edit.deliver,
        collect=site.collect if edit.collect is None else edit.collect,
    )
    outing = _target(layout, edit.round, desk)
    return layout.with_outing(_placed(outing, call, edit.number, desk))


def _take_out(layout: Layout, edit: TakeOut, _: Desk) -> Layout:
    call = _visit(layout, edit.visit)
    reasons = {site: why for site, why in layout.reasons.items() if site != call.site}
    return replace(_without(layout, edit.visit), reasons=reasons)


def _crates(layout: Layout, edit: Crates, _: Desk) -> Layout:
    return _changed(
        layout, edit.visit, lambda call: replace(call, deliver=edit.deliver, collect=edit.collect)
    )


def _departure(layout: Layout, edit: Departure, _: Desk) -> Layout:
    return layout.with_outing(replace(_round(layout, edit.round), departure_s=edit.departure_s))


def _lock_visit(layout: Layout, edit: LockVisit, _: Desk) -> Layout:
    if edit.after is not None:
        _visit(layout, edit.after)
    return _changed(layout, edit.visit, lambda call: replace(call, lock=edit.lock, after=edit.after))


def _lock_round(layout: Layout, edit: LockRound, _: Desk) -> Layout:
    return layout.with_outing(replace(_round(layout, edit.round), locked=edit.locked))


def _reassign(layout: Layout, edit: Reassign, desk: Desk) -> Layout:
    outing, network = _round(layout, edit.round), desk.network
    vehicle, driver = edit.vehicle or outing.vehicle, edit.driver or outing.driver
    if vehicle not in {one.id for one in network.vehicles}:
        raise _unknown("véhicule", vehicle)
    if driver not in {one.id for one in network.drivers}:
        raise _unknown("chauffeur", driver)
    day = edit.day or outing.day
    if day not in {one.date for one in layout.week.days}:
        raise InputError(f"Le {day.isoformat()} n'est pas dans la semaine {layout.week}.")
    moved = replace(outing, vehicle=vehicle, driver=driver, day=day)
    moved = replace(moved, window=_hours(moved, desk))
    if (day, vehicle) != (outing.day, outing.vehicle):
        moved = replace(moved, code=new_code(layout, moved))
    outings = tuple(moved if one is outing else one for one in layout.outings)
    return replace(layout, outings=outings)


def _retime(layout: Layout, _: Retime, __: Desk) -> Layout:
    return layout


_CHANGES: dict[type, Callable[..., Layout]] = {
    Reorder: _reorder,
    Move: _move,
    Add: _add,
    TakeOut: _take_out,
    Crates: _crates,
    Departure: _departure,
    LockVisit: _lock_visit,
    LockRound: _lock_round,
    Reassign: _reassign,
    Retime: _retime,
}


def _hours(outing: Outing, desk: Desk) -> TimeWindow:
    """The hours of a possible round of that day, van and driver that are most like those it had."""
    met = [
        (common.late - common.early, -k)
        for k, shift in enumerate(desk.possible)
        if (shift.day, shift.vehicle, shift.driver) == (outing.day.weekday(), outing.vehicle, outing.driver)
        and (common := shift.window.meet(outing.window)) is not None
    ]
    return desk.possible[-max(met)[1]].window if met else outing.window


def _placed(outing: Outing, call: Call, number: int | None, desk: Desk) -> Outing:
    """The round with one more call: as its `number`-th (at most its last), or where it costs least."""
    ways = range(len(outing.calls) + 1) if number is None else [min(number - 1, len(outing.calls))]
    made = [replace(outing, calls=(*outing.calls[:k], call, *outing.calls[k:])) for k in ways]
    return made[0] if len(made) == 1 else min(made, key=lambda one: desk.timed(one).cost.total_mc)


def _target(layout: Layout, code: str, desk: Desk) -> Outing:
    """The round of that code: of the draft, or one that could be driven and is not yet."""
    found = layout.outing(code)
    if found is not None:
        return found
    for shift in desk.possible:
        if shift.id == code:
            day = layout.week.days[shift.day].date
            return Outing(code=code, day=day, vehicle=shift.vehicle, driver=shift.driver, window=shift.window)
    raise _unknown("tournée", code)


def _round(layout: Layout, code: str) -> Outing:
    found = layout.outing(code)
    if found is None:
        raise _unknown("tournée", code)
    return found


def _visit(layout: Layout, key: str) -> Call:
    outing = layout.holding(key) if key else None
    if outing is None:
        raise _unknown("passage", key)
    return next(call for call in outing.calls if call.key == key)


def _changed(layout: Layout, key: str, change: Callable[[Call], Call]) -> Layout:
    _visit(layout, key)
    outing = layout.holding(key)
    assert outing is not None
    calls = tuple(change(call) if call.key == key else call for call in outing.calls)
    return layout.with_outing(replace(outing, calls=calls))


def _without(layout: Layout, key: str) -> Layout:
    outings: Iterable[Outing] = (
        replace(one, calls=tuple(call for call in one.calls if call.key != key)) for one in layout.outings
    )
    return replace(layout, outings=tuple(outings))


def _unknown(what: str, name: str) -> InputError:
    return InputError(
        f"Ce {what} n'est pas dans ce planning : « {name} »."
        if what != "tournée"
        else f"Cette tournée n'est pas dans ce planning : « {name} »."
    )
