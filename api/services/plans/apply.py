"""The ordinary week laid on a dated one, without solving: what cannot be kept falls away, with its reason."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

from sqlmodel import Session

from api.repositories import plans as repository
from api.service import Service
from api.services.actor import Actor
from api.services.changes import announce
from api.services.plans.desk import Desk
from api.services.plans.drafts import add_outings, desk_for, opened
from api.services.plans.layout import Call, Layout, Outing, named, new_code
from api.services.plans.lifecycle import empty_plan
from api.services.plans.making import planned
from api.services.plans.store import save_plan
from maps.words import day as spoken_day
from models.holidays import public_holidays
from models.service_day import IsoWeek
from models.tables.plans import PlanKind, PlanRecord
from routing.problem import Shift


def apply(  # noqa: PLR0913
    session: Session, service: Service, plan: UUID, week: IsoWeek, *, title: str, actor: Actor
) -> PlanRecord:
    """A draft of `week` with the rounds of a plan, the template or any other, on the same weekdays.

    Closures, holidays, seasons and absences of that week are respected; clocks are computed anew.
    """
    source = opened(session, repository.get_plan(session, plan))
    desk = desk_for(session, service, Layout(week=week, outings=()))
    layout = named(laid(source.layout, desk))
    empty = empty_plan(session, service, week, datetime.now(UTC))
    blank = replace(layout, outings=())
    layout, made = planned(replace(empty, rounds=()), blank, layout, desk, proof=None)
    record = save_plan(
        session,
        replace(made, rounds=()),
        kind=PlanKind.WEEK,
        parent=source.record.id,
        title=title or source.record.title,
        actor=actor,
    )
    add_outings(
        session,
        record.id,
        [(k, *pair) for k, pair in enumerate(zip(layout.outings, made.rounds, strict=True))],
    )
    announce(session, "plans", str(record.id))
    return record


def laid(layout: Layout, desk: Desk) -> Layout:
    """A layout on the week of a desk, as far as that week allows."""
    fallen: dict[str, list[str]] = {}
    made = Layout(week=desk.week, outings=())
    for outing in layout.outings:
        day = desk.week.days[outing.day.weekday()].date
        shift = _shift(outing, day, desk)
        kept = []
        for call in outing.calls:
            why = _why_not(call.site, day, shift, desk)
            if why is None:
                kept.append(call)
            else:
                fallen.setdefault(call.site, []).append(why)
        if shift is not None and kept:
            made = _with_round(made, outing, day, shift, tuple(kept))
    reasons = {site.id: "Pas dans la semaine reprise." for site in desk.asked.served}
    reasons |= {site: " ".join(dict.fromkeys(why)) for site, why in fallen.items()}
    return replace(made, reasons=reasons)


def _with_round(made: Layout, outing: Outing, day: date, shift: Shift, kept: tuple[Call, ...]) -> Layout:
    laid_out = replace(outing, code=shift.id, day=day, window=shift.window, calls=kept)
    if made.outing(shift.id) is not None:
        laid_out = replace(laid_out, code="")
        laid_out = replace(laid_out, code=new_code(made, laid_out))
    return made.with_outing(laid_out)


def _shift(outing: Outing, day: date, desk: Desk) -> Shift | None:
    """The possible round of that day with the same van and driver, and most hours in common."""
    mine = (day.weekday(), outing.vehicle, outing.driver)
    met = [
        (common.late - common.early, -k)
        for k, shift in enumerate(desk.possible)
        if (shift.day, shift.vehicle, shift.driver) == mine
        and (common := shift.window.meet(outing.window)) is not None
    ]
    return desk.possible[-max(met)[1]] if met else None


def _why_not(site: str, day: date, shift: Shift | None, desk: Desk) -> str | None:
    """Why a visit cannot be on that day; None when it can."""
    if site not in {one.id for one in desk.network.sites}:
        return "N'est plus dans le réseau."
    holiday = public_holidays(desk.week).get(day)
    told = f" ({holiday})" if holiday else ""
    if shift is None:
        return f"Sa tournée ne roule pas le {spoken_day(day)}{told}."
    if not desk.windows(site, day):
        return f"Ne reçoit pas la navette le {spoken_day(day)}{told}."
    return None
