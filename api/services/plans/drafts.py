"""Drafts: opened, changed, taken back. Every change is timed at once and remembered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlmodel import Session

from api.repositories import plans as repository
from api.service import Service
from api.services import audit
from api.services.actor import Actor
from api.services.changes import announce
from api.services.network_records import the_network
from api.services.plans import history
from api.services.plans.desk import Desk
from api.services.plans.edits import Edit, Retime, edited
from api.services.plans.former import named_on
from api.services.plans.layout import Layout, Outing, layout_of, named
from api.services.plans.making import planned, renamed
from api.services.plans.store import plan_of_rows, round_record, visit_records, write_head
from api.services.versions import must_match
from models.errors import Conflict
from models.plan import Plan, Round
from models.tables.base import now as this_moment
from models.tables.plans import PlanRecord, PlanStatus, RoundRecord


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A plan as it is stored, with its clocks and without, and the rows of its rounds in the same order."""

    record: PlanRecord
    plan: Plan
    layout: Layout
    rounds: Sequence[RoundRecord]


@dataclass(frozen=True, kw_only=True)
class Edited:
    """A plan before and after a change. `was` maps the refs of visits to those that they had before."""

    record: PlanRecord
    before: Plan
    after: Plan
    old: Layout
    layout: Layout
    was: Mapping[str, str]
    stored: bool

    @property
    def touched(self) -> frozenset[str]:
        """The codes of rounds that are not as they were, be it by their locks alone."""
        stood = set(zip(self.old.outings, self.before.rounds, strict=True))
        pairs = zip(self.layout.outings, self.after.rounds, strict=True)
        return frozenset(tour.id for outing, tour in pairs if (outing, tour) not in stood)


def opened(session: Session, record: PlanRecord) -> Opened:
    """A stored plan, in two queries."""
    rounds = repository.rounds_of(session, [record.id])
    visits = repository.visits_of(session, [record.id])
    return Opened(
        record=record,
        plan=plan_of_rows(record, rounds, visits),
        layout=layout_of(record, rounds, visits),
        rounds=rounds,
    )


def desk_for(session: Session, service: Service, layout: Layout) -> Desk:
    """The desk on which a layout is timed."""
    return service.desks.open(session, service.territories, layout.week, named_on(layout))


def must_be_draft(record: PlanRecord) -> None:
    """Conflict for a plan that is none."""
    if record.status is not PlanStatus.DRAFT:
        raise Conflict(
            f"Le planning n° {record.number} n'est pas un brouillon : il ne change plus. "
            "Copiez-le dans un brouillon, puis modifiez cette copie."
        )


def try_edits(session: Session, service: Service, plan: UUID, seen: int, edits: Sequence[Edit]) -> Edited:
    """What some edits would make of a draft; nothing is stored. StaleVersion, InputError as `edit`."""
    record = repository.get_plan(session, plan)
    now = _seen(session, record, seen)
    return _made(now, edits, desk_for(session, service, now.layout), stored=False)


def edit(  # noqa: PLR0913, PLR0917  # who changes what, from which version
    session: Session, service: Service, plan: UUID, seen: int, edits: Sequence[Edit], actor: Actor
) -> Edited:
    """Change a draft. StaleVersion when it is not the version seen, InputError for names it does not have."""
    record = repository.get_plan_to_change(session, plan)
    now = _seen(session, record, seen)
    made = _made(now, edits, desk_for(session, service, now.layout), stored=True)
    what = ", ".join(dict.fromkeys(one.what for one in edits))
    history.remember(session, record, now.layout, what, actor)
    store(session, now, made)
    audit.note(session, "edited", "plan", str(plan), number=record.number, what=what)
    return made


def undo(session: Session, service: Service, plan: UUID, seen: int, *, back: bool) -> Edited:
    """Take the last change of a draft back, or (`back` False) make the one last taken back again.

    Conflict when there is none.
    """
    record = repository.get_plan_to_change(session, plan)
    now = _seen(session, record, seen)
    wanted, what = history.step(session, record, now.layout, back=back)
    layout, after = planned(
        now.plan, now.layout, wanted, desk_for(session, service, wanted), proof=history.proof_of(record)
    )
    was = {call.key: call.key for outing in layout.outings for call in outing.calls}
    made = Edited(
        record=record, before=now.plan, after=after, old=now.layout, layout=layout, was=was, stored=True
    )
    store(session, now, made)
    audit.note(session, "undone" if back else "redone", "plan", str(plan), number=record.number, what=what)
    return made


def store(session: Session, now: Opened, made: Edited) -> None:
    """Write what changed of a draft: rounds that are not as they were are written anew."""
    record = made.record
    revision = the_network(session).revision
    write_head(record, made.after)
    record.network_revision = revision
    record.updated_at = this_moment()  # a change of locks alone is a new version too
    session.flush()
    stands = dict(zip(zip(now.layout.outings, now.plan.rounds, strict=True), now.rounds, strict=True))
    fresh: list[tuple[int, Outing, Round]] = []
    for position, pair in enumerate(zip(made.layout.outings, made.after.rounds, strict=True)):
        row = stands.pop(pair, None)
        if row is None:
            fresh.append((position, *pair))
        elif row.position != position:
            row.position = position
    repository.forget_rounds(session, record, [row.id for row in stands.values()])
    add_outings(session, record.id, fresh)
    announce(session, "plans", str(record.id))


def add_outings(session: Session, plan: UUID, placed: Sequence[tuple[int, Outing, Round]]) -> None:
    """Store rounds with their locks."""
    rows = []
    for position, outing, tour in placed:
        row = round_record(plan, position, tour)
        row.locked, row.departure_s = outing.locked, outing.departure_s
        rows.append((row, outing, tour))
    session.add_all(row for row, _, _ in rows)
    session.flush()
    for row, outing, tour in rows:
        for visit, call in zip(visit_records(row.id, tour), outing.calls, strict=True):
            visit.lock, visit.after = call.lock, call.after
            session.add(visit)
    session.flush()


def _seen(session: Session, record: PlanRecord, seen: int) -> Opened:
    must_be_draft(record)
    must_match(record, seen)
    return opened(session, record)


def _made(now: Opened, edits: Sequence[Edit], desk: Desk, *, stored: bool) -> Edited:
    changed = edited(now.layout, edits, desk)
    anew = any(isinstance(one, Retime) for one in edits)
    before = replace(now.plan, rounds=()) if anew else now.plan
    old = replace(now.layout, outings=()) if anew else now.layout
    layout, after = planned(before, old, named(changed), desk, proof=now.plan.proof)
    return Edited(
        record=now.record,
        before=now.plan,
        after=after,
        old=now.layout,
        layout=layout,
        was=renamed(changed, layout),
        stored=stored,
    )
