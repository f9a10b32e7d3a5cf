"""Every job by name: what carries it out, which queue it waits in, whether it is ever done twice.

A body is a plain function of the service and of what it is about. It may be started more than once, after its
process died in the middle: it looks at what is stored first, and stores its result in one transaction.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import Any, TypeAlias

from api.service import Service

Body: TypeAlias = Callable[[Service, str], None]


class Queue(StrEnum):
    """Calculations one at a time in each process; everything else a few at a time."""

    PLANS = "plans"
    QUICK = "quick"


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """`where` is « module:function », loaded when first needed. `once`: submitted again about the same thing,
    it is the same job, not another one."""

    where: str
    queue: Queue = Queue.QUICK
    once: bool = False

    def body(self) -> Body:
        module, name = self.where.split(":")
        found: Any = getattr(import_module(module), name)
        body: Body = found
        return body


JOBS: Mapping[str, Job] = {
    "plan_run": Job(where="api.jobs.plan_run:carry_out", queue=Queue.PLANS, once=True),
    "purge": Job(where="api.jobs.purge:purge", once=True),
    "weekly_draft": Job(where="api.jobs.weekly_draft:draft", once=True),
    "hourly": Job(where="api.jobs.hourly:hourly", once=True),
    "webhook_delivery": Job(where="api.jobs.webhook_delivery:deliver"),
    "learn": Job(where="api.jobs.learn:learn", once=True),
    "notice": Job(where="api.jobs.notices:tell"),
    "notice_confirm": Job(where="api.jobs.notices:ask"),
    "promises": Job(where="api.jobs.promises:settle_and_learn", once=True),
    "transfer_read": Job(where="api.jobs.transfer_read:read"),
}


def job(kind: str) -> Job:
    """The job of that name; KeyError where nobody has thought of it."""
    return JOBS[kind]
