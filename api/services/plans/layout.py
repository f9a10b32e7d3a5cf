"""A plan without its clocks: who drives where in which order, with what is locked. Edits are made on it.

Codes and refs on it are those that the stored plan gave; `named` gives new ones where rounds or calls moved.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from api.services.assemble import half_day, round_name
from models.plan import Plan
from models.service_day import IsoWeek
from models.tables.plans import Lock, PlanRecord, RoundRecord, VisitRecord
from models.values import TimeWindow


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One visit to make. `key` names it while it is moved about: its ref in the stored plan, empty when new.

    `after` is the key of a visit that must come earlier.
    """

    site: str
    deliver: int
    collect: int
    key: str = ""
    lock: Lock = Lock.NONE
    after: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Outing:
    """One round to drive. `departure_s` is when it must leave, None: as late as suits."""

    code: str
    day: date
    vehicle: str
    driver: str
    window: TimeWindow
    calls: tuple[Call, ...] = ()
    departure_s: int | None = None
    locked: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """The rounds of a week. `reasons` say why visits of a site are missing, where somebody knows."""

    week: IsoWeek
    outings: tuple[Outing, ...]
    reasons: Mapping[str, str] = field(default_factory=dict)

    def outing(self, code: str) -> Outing | None:
        return next((one for one in self.outings if one.code == code), None)

    def holding(self, key: str) -> Outing | None:
        """The round that makes a call."""
        return next((one for one in self.outings if any(call.key == key for call in one.calls)), None)

    def with_outing(self, outing: Outing) -> "Layout":
        """The same with one round changed, or added."""
        if self.outing(outing.code) is None:
            return replace(self, outings=(*self.outings, outing))
        return replace(
            self, outings=tuple(outing if one.code == outing.code else one for one in self.outings)
        )


def layout_of(record: PlanRecord, rounds: Sequence[RoundRecord], visits: Sequence[VisitRecord]) -> Layout:
    """A stored plan without its clocks."""
    calls: dict[UUID, list[Call]] = defaultdict(list)
    for visit in visits:
        calls[visit.round].append(
            Call(
                site=visit.site,
                deliver=visit.deliver,
                collect=visit.collect,
                key=visit.ref,
                lock=visit.lock,
                after=visit.after,
            )
        )
    return Layout(
        week=IsoWeek.parse(record.week),
        outings=tuple(
            Outing(
                code=one.code,
                day=one.day,
                vehicle=one.vehicle,
                driver=one.driver,
                window=TimeWindow(one.shift_early, one.shift_late),
                calls=tuple(calls[one.id]),
                departure_s=one.departure_s,
                locked=one.locked,
            )
            for one in rounds
            if one.plan == record.id
        ),
        reasons={entry["site"]: entry["reason"] for entry in record.unplanned},
    )


def bare_layout(plan: Plan) -> Layout:
    """A plan that was never stored, without its clocks."""
    return Layout(
        week=plan.week,
        outings=tuple(
            Outing(
                code=tour.id,
                day=tour.date,
                vehicle=tour.vehicle,
                driver=tour.driver,
                window=tour.shift,
                calls=tuple(Call(site=v.site, deliver=v.deliver, collect=v.collect) for v in tour.visits),
            )
            for tour in plan.rounds
        ),
        reasons={entry.site: entry.reason for entry in plan.unplanned},
    )


def named(layout: Layout) -> Layout:
    """Empty rounds gone, every call under the ref that it has where it stands now, pairs following."""
    renamed: dict[str, str] = {}
    outings = []
    for outing in layout.outings:
        if not outing.calls:
            continue
        refs = refs_of(outing)
        renamed |= {call.key: ref for call, ref in zip(outing.calls, refs, strict=True) if call.key}
        outings.append((outing, refs))
    return replace(
        layout,
        outings=tuple(
            replace(
                outing,
                calls=tuple(
                    replace(call, key=ref, after=renamed.get(call.after) if call.after else None)
                    for call, ref in zip(outing.calls, refs, strict=True)
                ),
            )
            for outing, refs in outings
        ),
    )


def refs_of(outing: Outing) -> tuple[str, ...]:
    """As `models.plan.visit_refs`, of a round that has no clock yet."""
    met: dict[str, int] = {}
    refs = []
    for call in outing.calls:
        met[call.site] = nth = met.get(call.site, 0) + 1
        refs.append(f"{outing.code}/{call.site}" + (f"~{nth}" if nth > 1 else ""))
    return tuple(refs)


def new_code(layout: Layout, outing: Outing) -> str:
    """A code for a round that changed day or van: as the planner names it, kept apart from all others."""
    name = round_name(layout.week, outing.day.weekday(), half_day(outing.window), outing.vehicle)
    taken = {one.code for one in layout.outings if one.code != outing.code}
    while name in taken:
        name += "-bis"
    return name


def dumped(layout: Layout) -> dict[str, Any]:
    """A layout as plain JSON."""
    stored = asdict(layout)
    stored["week"] = str(layout.week)
    for outing in stored["outings"]:
        outing["day"] = outing["day"].isoformat()
    return stored


def loaded(stored: Mapping[str, Any]) -> Layout:
    """What `dumped` wrote."""
    return Layout(
        week=IsoWeek.parse(stored["week"]),
        outings=tuple(
            Outing(
                **{
                    **one,
                    "day": date.fromisoformat(one["day"]),
                    "window": TimeWindow(**one["window"]),
                    "calls": tuple(Call(**{**call, "lock": Lock(call["lock"])}) for call in one["calls"]),
                }
            )
            for one in stored["outings"]
        ),
        reasons=dict(stored["reasons"]),
    )


def each_call(layout: Layout, change: Callable[[Outing, Call], Call]) -> Layout:
    """The same with every call changed."""
    return replace(
        layout,
        outings=tuple(
            replace(outing, calls=tuple(change(outing, call) for call in outing.calls))
            for outing in layout.outings
        ),
    )
