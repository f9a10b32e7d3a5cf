"""Hypotheses, carried out: the week as it would be, then, with as much time again, the week as it is.

The second calculation tells what the hypotheses change from what computing anew changes by itself; it is left
out where somebody has stopped the first.
"""

from dataclasses import replace
from typing import Any

from api.jobs.follower import Follower
from api.service import Service
from api.services import plan_runs
from api.services.planning import Watch, plan_asked
from api.services.what_if.asking import Question
from models.plan import Plan
from models.tables.plans import PlanRunRecord


def compute(service: Service, run: PlanRunRecord, follower: Follower) -> tuple[Plan, dict[str, Any]]:
    """The week under the hypotheses of a run, and what is to be told of it."""
    with service.database.read() as session:
        question = Question(session, service, run)
    whole = plan_runs.asked_of(run)
    half = replace(whole, seconds=whole.seconds / 2) if whole.seconds else whole
    now = plan_asked(question.asked(question.supposed), question.supposed, half, follower.watch())
    again = None
    if not now.run.interrupted and not follower.abandoned:
        watch = Watch(started=follower.watch().started)
        again = plan_asked(question.asked(question.territory), question.territory, half, watch)
    return now, {} if follower.abandoned else question.answer(now, again)
