"""A plan run, carried out: the question, the child process that answers it, the plan, stored once.

Whoever else has the database may stop or cancel it, and finds out within a second. Begun again after its
process died, it starts from the question; two processes that believe it theirs store one plan.
"""

from dataclasses import asdict, replace
from typing import Any
from uuid import UUID

import structlog

from api.jobs import what_if
from api.jobs.follower import Follower
from api.jobs.leaving import HandedOver
from api.service import Service
from api.services import plan_runs
from api.services.planning import plan_asked
from api.services.plans.front import repriced, weighed
from api.services.plans.question import question_for
from models.errors import Conflict, NavetteError, Unavailable
from models.plan import Plan
from models.service_day import IsoWeek
from models.tables.plans import PlanRunRecord

_AWAY_S = (1, 2, 4, 8, 15, 30)  # the database is away: how long to wait before each further try
_log = structlog.get_logger("navette.jobs")


def carry_out(service: Service, ref: str) -> None:
    """Compute the plan of a run and store it, or the reason why not."""
    run_id = UUID(ref)
    with service.database.write() as session:
        run = plan_runs.claim(session, run_id, service.name)
    if run is None:
        return
    with structlog.contextvars.bound_contextvars(plan_run=ref, attempt=run.attempts):
        try:
            (_suppose if run.hypotheses else _compute)(service, run)
        except Unavailable:
            raise  # the database is away: tried again
        except NavetteError as error:
            _fail(service, run_id, str(error))
        except Exception:
            _fail(
                service, run_id, "Le calcul a échoué pour une raison imprévue, notée au journal. Relancez-le."
            )
            raise


def _compute(service: Service, run: PlanRunRecord) -> None:
    with service.database.read() as session:
        territory = service.territories.open(session)
        question = question_for(session, territory, IsoWeek.parse(run.week), base=run.base, habit=True)
    follower = Follower(service, run)
    try:
        with follower.following():
            percent = run.reader_percent
            asked = question if percent is None else weighed(question, percent)
            plan = plan_asked(asked, territory, plan_runs.asked_of(run), follower.watch(), run.proof_s)
    except NavetteError:
        if follower.abandoned:
            return
        if service.stopping.is_set():
            raise HandedOver from None  # it had nothing yet: another process begins again
        raise
    if not follower.abandoned:
        plan = plan if percent is None else repriced(question, plan)
        told = follower.told()
        unkept = [asdict(one) for one in question.unkept]
        outcome = {**told.progress, **_outcome(plan), "unkept": unkept}
        _store(service, run, plan, replace(told, progress=outcome))


def _suppose(service: Service, run: PlanRunRecord) -> None:
    follower = Follower(service, run)
    try:
        with follower.following():
            plan, answer = what_if.compute(service, run, follower)
    except NavetteError:
        if follower.abandoned:
            return
        if service.stopping.is_set():
            raise HandedOver from None
        raise
    if follower.abandoned:
        return
    told = follower.told()
    told = replace(told, progress={**told.progress, **_outcome(plan)})
    with service.database.write(plan_runs.author_of(run)) as session:
        if not plan_runs.answer(session, run, service.name, answer, told):
            _log.info("result not wanted any more")


def _outcome(plan: Plan) -> dict[str, Any]:
    return {
        "phase": "done",
        "cost_eur": round(plan.total_cents / 100, 2),
        "missing": sum(one.missing for one in plan.unplanned),
        "gap_permille": plan.gap_permille,
        **({"bound_eur": round(plan.proof.cents / 100, 2)} if plan.proof else {}),
    }


def _store(service: Service, run: PlanRunRecord, plan: Plan, told: plan_runs.Told) -> None:
    """The plan and the end of its run, together. What was computed is not lost to a database that is away."""
    for wait_s in (*_AWAY_S, None):
        try:
            with service.database.write(plan_runs.author_of(run)) as session:
                if not plan_runs.finish(session, run, service.name, plan, told):
                    _log.info("result not wanted any more")
        except Conflict:
            _log.info("stored already")
        except Unavailable:
            if wait_s is None:
                raise
            service.stopping.wait(wait_s)
            continue
        return


def _fail(service: Service, run: UUID, problem: str) -> None:
    with service.database.write() as session:
        plan_runs.fail(session, run, problem, service.name)
