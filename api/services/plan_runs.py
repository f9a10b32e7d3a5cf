"""Attempts to compute a plan: asked for, followed, stopped, ended. What is computed stands in `api.jobs`."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session

from api.repositories import plan_runs as repository
from api.services import audit, changes
from api.services.actor import SYSTEM, Actor
from api.services.jobs import Jobs
from api.services.plans.store import save_plan
from models.errors import Conflict, InputError, NotFound
from models.plan import Plan
from models.service_day import IsoWeek
from models.tables.base import now
from models.tables.plans import PlanKind, PlanRecord, PlanRunRecord, PlanStatus, RunState
from routing.child import Asked
from routing.engines.engine import DEFAULT_ENGINE, ENGINES

_TRACED = 240  # points of the curve of a run, at most


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """A calculation to be made; see `PlanRunRecord`."""

    week: IsoWeek
    kind: PlanKind = PlanKind.WEEK
    engine: str = DEFAULT_ENGINE
    seconds: float | None = None
    iterations: int | None = None
    seed: int = 1
    proof_s: float | None = None
    base: UUID | None = None
    run: UUID | None = None
    hypotheses: tuple[dict[str, Any], ...] = ()
    front: UUID | None = None
    reader_percent: int | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """How far a run has got: the engine's last words, and its curve of (seconds, euros, visits missing)."""

    progress: dict[str, Any]
    trace: list[Any]


def ask(session: Session, jobs: Jobs, wanted: Wanted, actor: Actor) -> PlanRunRecord:
    """Have a plan computed by whoever has time.

    InputError for an engine that does not exist, NotFound for a base that does not, Conflict for one that
    is no draft of that week. `wanted.run` is the id of the run where somebody else must find it again.
    """
    if wanted.engine not in ENGINES:
        raise InputError(
            f"Le moteur « {wanted.engine} » n'existe pas. Choisissez parmi : {', '.join(ENGINES)}."
        )
    if not wanted.hypotheses:
        _must_be_draft(session, wanted)
    record = PlanRunRecord(
        kind=wanted.kind,
        week=str(wanted.week),
        base=wanted.base,
        engine=wanted.engine,
        seconds=wanted.seconds,
        iterations=wanted.iterations,
        seed=wanted.seed,
        proof_s=wanted.proof_s,
        created_by=actor.name,
        hypotheses=list(wanted.hypotheses) or None,
        front=wanted.front,
        reader_percent=wanted.reader_percent,
    )
    if wanted.run is not None:
        record.id = wanted.run
    session.add(record)
    session.flush()
    audit.note(session, "asked", "plan_run", str(record.id), week=record.week, engine=record.engine)
    changes.announce(session, "plan_runs", str(record.id))
    jobs.submit(session, "plan_run", str(record.id))
    return record


def _must_be_draft(session: Session, wanted: Wanted) -> None:
    if wanted.base is None:
        return
    base = session.get(PlanRecord, wanted.base)
    if base is None:
        raise NotFound("Le planning de départ n'existe pas.")
    if base.status is not PlanStatus.DRAFT or (base.kind, base.week) != (wanted.kind, str(wanted.week)):
        raise Conflict(
            f"Le planning de départ n'est pas un brouillon de la semaine {wanted.week}. Partez de l'un d'eux."
        )


def stop(session: Session, run: UUID) -> PlanRunRecord:
    """Have a calculation end now, with the best it has. Conflict when it has not begun, or has ended."""
    found = repository.get_run(session, run)
    if found.state is RunState.QUEUED:
        raise Conflict("Ce calcul n'a pas commencé : il n'a encore rien à garder. Vous pouvez l'annuler.")
    if found.state is not RunState.STOPPING:
        _move(session, run, (RunState.RUNNING,), RunState.STOPPING)
    return repository.get_run(session, run)


def cancel(session: Session, run: UUID) -> PlanRunRecord:
    """Throw a calculation away. Conflict when it has ended; nothing happens when it is cancelled already."""
    if repository.get_run(session, run).state is not RunState.CANCELLED:
        _move(session, run, repository.OPEN, RunState.CANCELLED, ended_at=now())
    return repository.get_run(session, run)


def _move(session: Session, run: UUID, states: tuple[RunState, ...], to: RunState, **more: Any) -> None:
    if not repository.change(session, run, states, state=to, **more):
        raise Conflict("Ce calcul est déjà terminé.")
    audit.note(session, to.value, "plan_run", str(run))
    changes.announce(session, "plan_runs", str(run))


def claim(session: Session, run: UUID, worker: str) -> PlanRunRecord | None:
    """Take a run in hand, also from a process that is gone; None when there is nothing left to do."""
    found = repository.get_run(session, run)
    if found.state not in repository.OPEN:
        return None
    state = RunState.RUNNING if found.state is RunState.QUEUED else found.state
    taken = repository.change(
        session,
        run,
        (found.state,),
        state=state,
        worker=worker,
        attempts=found.attempts + 1,
        started_at=found.started_at or now(),
        progress={},
        trace=[],
    )
    if not taken:
        return None
    changes.announce(session, "plan_runs", str(run))
    return repository.get_run(session, run)


def asked_of(run: PlanRunRecord) -> Asked:
    """The engine and the budget of a run."""
    return Asked(engine=run.engine, seconds=run.seconds, iterations=run.iterations, seed=run.seed)


def tell(session: Session, run: UUID, worker: str, told: Told) -> RunState | None:
    """Store how far a run has got; its state, None when it is in other hands."""
    open_states = (RunState.RUNNING, RunState.STOPPING)
    if repository.change(session, run, open_states, worker, progress=told.progress, trace=told.trace):
        changes.announce(session, "plan_runs", str(run))
    return state_of(session, run, worker)


def state_of(session: Session, run: UUID, worker: str) -> RunState | None:
    """The state of a run, None when it is in other hands."""
    found = repository.get_run(session, run)
    return found.state if found.worker == worker else None


def thinned(trace: list[Any]) -> list[Any]:
    """A curve of few enough points: every other one of the earlier half goes, the first stays."""
    if len(trace) <= _TRACED:
        return trace
    half = len(trace) // 2
    return trace[:half:2] + trace[half:]


def finish(session: Session, run: PlanRunRecord, worker: str, plan: Plan, told: Told) -> bool:
    """Store the plan of a run and its end, together; whether it was still ours to end."""
    if not _ended(session, run.id, worker, told):
        return False
    saved = save_plan(session, plan, kind=run.kind, parent=run.base, run=run.id, actor=author_of(run))
    changes.announce(session, "plans", str(saved.id))
    return True


def answer(session: Session, run: PlanRunRecord, worker: str, found: dict[str, Any], told: Told) -> bool:
    """Store the answer to some hypotheses and the end of its run; whether it was still ours to end."""
    return _ended(session, run.id, worker, told, answer=found)


def _ended(session: Session, run: UUID, worker: str, told: Told, **more: Any) -> bool:
    open_states = (RunState.RUNNING, RunState.STOPPING)
    ended = repository.change(
        session,
        run,
        open_states,
        worker,
        state=RunState.DONE,
        ended_at=now(),
        progress=told.progress,
        trace=told.trace,
        problem="",
        **more,
    )
    if ended:
        changes.announce(session, "plan_runs", str(run))
    return ended


def author_of(run: PlanRunRecord) -> Actor:
    """In whose name its plan is stored."""
    return Actor(role=SYSTEM.role, name=run.created_by or SYSTEM.name)


def fail(session: Session, run: UUID, problem: str, worker: str | None = None) -> None:
    """End a run that came to nothing, with a sentence that says why; None: in whose hands it ever is."""
    if repository.change(
        session, run, repository.OPEN, worker, state=RunState.FAILED, ended_at=now(), problem=problem
    ):
        changes.announce(session, "plan_runs", str(run))
