"""Undo and redo of a draft, across pages and days: what it was before each of its last changes."""

from typing import Any

from sqlmodel import Session

from api.repositories import drafts as repository
from api.services.actor import Actor
from api.services.plans.layout import Layout, dumped, loaded
from models.errors import Conflict
from models.plan import Proof
from models.tables.plans import DraftStepRecord, PlanRecord

KEPT = 50


def remember(session: Session, record: PlanRecord, before: Layout, what: str, actor: Actor) -> None:
    """Keep what a draft was before a change. What had been undone can no longer be done again."""
    number = repository.last_step(session, record.id) + 1
    repository.forget_steps(session, record.id, up_to=number - KEPT)
    session.add(
        DraftStepRecord(
            plan=record.id, number=number, what=what, by=actor.name, layout=_state(record, before)
        )
    )


def step(session: Session, record: PlanRecord, current: Layout, *, back: bool) -> tuple[Layout, str]:
    """What a draft was before its last change (or after the one last undone), which changes places with
    what it is now; and what that change was. Conflict when there is none.
    """
    found = repository.find_step(session, record.id, undone=not back)
    if found is None:
        raise Conflict(
            "Il n'y a plus rien à annuler dans ce brouillon." if back else "Il n'y a rien à rétablir."
        )
    stored = found.layout
    found.layout, found.undone = _state(record, current), back
    session.add(found)
    record.proof = stored["proof"]
    return loaded(stored), found.what


def last_change(session: Session, record: PlanRecord) -> dict[str, Any]:
    """Who changed a draft last, and how: for whoever comes too late."""
    found = repository.find_step(session, record.id, undone=False)
    told: dict[str, Any] = {"version": record.version, "title": record.title}
    return told if found is None else {**told, "by": found.by, "what": found.what, "at": found.at}


def proof_of(record: PlanRecord) -> Proof | None:
    """The proof that a plan has."""
    return Proof(**record.proof) if record.proof else None


def _state(record: PlanRecord, layout: Layout) -> dict[str, Any]:
    return {**dumped(layout), "proof": record.proof}
