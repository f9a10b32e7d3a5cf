"""What is done by the clock, exactly once however many processes look at it.

A machine that was off at the hour makes up for it when it starts: both ways lead to the same job, which bears
the name of its hour, day or week.
"""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any, TypeAlias

from dbos import DBOS, ScheduleInput

from api.service import Service
from api.settings import WEEKDAYS, Settings
from models.service_day import PARIS, IsoWeek
from models.tables.base import now

WORKFLOW = "firing"
PURGE, DRAFT, HOURLY, LEARN = "purge", "weekly_draft", "hourly", "learn"
EVERY_HOUR = "7 * * * *"
NIGHTLY = "30 3 * * *"  # an hour that both days of the change of clocks have, once
LEARNING = "45 3 * * *"

Firing: TypeAlias = Callable[[datetime, Any], None]


def firing(service: Service) -> Firing:
    """What the clock starts: it hands the job on under the name of its day or week."""

    def fire(at: datetime, kind: Any) -> None:
        submit(service, str(kind), at)

    return fire


def apply(service: Service, fire: Firing) -> None:
    """Set the clock, and make up for what was missed while no process ran."""
    wanted = {PURGE: NIGHTLY, LEARN: LEARNING, HOURLY: EVERY_HOUR}
    weekly = weekly_cron(service.settings)
    if weekly:
        wanted[DRAFT] = weekly
    DBOS.apply_schedules([_entry(kind, cron, fire) for kind, cron in wanted.items()])
    if DRAFT not in wanted and DBOS.get_schedule(DRAFT):
        DBOS.delete_schedule(DRAFT)
    moment = now()
    submit(service, PURGE, moment)
    submit(service, LEARN, moment)
    submit(service, HOURLY, moment)
    if weekly and is_past(service.settings, moment):
        submit(service, DRAFT, moment)


def _entry(kind: str, cron: str, fire: Firing) -> ScheduleInput:
    return {
        "schedule_name": kind,
        "workflow_fn": fire,
        "schedule": cron,
        "context": kind,
        "cron_timezone": PARIS.key,
    }


def submit(service: Service, kind: str, at: datetime) -> None:
    """Hand on the job of this moment; nothing happens where that has been done."""
    with service.database.write() as session:
        service.jobs.submit(session, kind, _ref(kind, at))


def _ref(kind: str, at: datetime) -> str:
    """The name of the week, of the hour, or of the day that a job is for."""
    local = at.astimezone(PARIS)
    if kind == HOURLY:
        return at.astimezone(UTC).isoformat(timespec="hours")
    return str(IsoWeek.of(local.date())) if kind == DRAFT else local.date().isoformat()


def weekly_cron(settings: Settings) -> str | None:
    """When the weekly draft is made, as cron says it (Sunday is 0); None where it is not wanted."""
    if not settings.draft_day:
        return None
    return f"0 {settings.draft_hour} * * {(WEEKDAYS.index(settings.draft_day) + 1) % 7}"


def is_past(settings: Settings, moment: datetime) -> bool:
    """Whether the hour of this week's draft has come."""
    local = moment.astimezone(PARIS)
    day = IsoWeek.of(local.date()).monday + timedelta(days=WEEKDAYS.index(settings.draft_day))
    return local >= datetime.combine(day, time(settings.draft_hour), PARIS)
