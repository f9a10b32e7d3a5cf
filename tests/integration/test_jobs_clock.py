"""What is done by the clock: when, how often, and what is left after it."""

from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from croniter import croniter
from sqlmodel import SQLModel, select

from api.jobs import schedules
from api.jobs.purge import purge
from api.jobs.weekly_draft import draft
from api.repositories import workers
from api.service import Service
from api.settings import Settings
from models.plan import RunStamp
from models.service_day import PARIS
from models.tables.people import AccountRole, EnrolmentRecord, InvitationRecord, ThrottleRecord
from models.tables.plans import PlanKind, PlanRecord, PlanRunRecord, PlanStatus
from models.tables.scans import PositionRecord
from models.tables.service import DeliveryRecord, DeliveryState, IdempotencyRecord, WebhookRecord
from tests.recorded_jobs import RecordedJobs, Submitted


def _nights(since: date) -> list[datetime]:
    clock = croniter(schedules.NIGHTLY, datetime(since.year, since.month, since.day, 12, tzinfo=PARIS))
    return [clock.get_next(datetime) for _ in range(3)]


@pytest.mark.parametrize("since", [date(2026, 10, 23), date(2027, 3, 26)])
def test_every_night_has_one_purge_also_when_clocks_change(since: date) -> None:
    """Clocks change in the night to 25 October 2026 and in the night to 28 March 2027."""
    nights = [at.astimezone(PARIS) for at in _nights(since)]
    assert [at.date() for at in nights] == [since + timedelta(days=k) for k in (1, 2, 3)]
    assert {(at.hour, at.minute) for at in nights} == {(3, 30)}


def test_the_weekly_draft_has_its_day_and_hour_in_paris() -> None:
    settings = Settings(draft_day="jeudi", draft_hour=6)
    cron = schedules.weekly_cron(settings)
    assert cron is not None
    # Thursdays around the change of clocks on Sunday 28 March 2027: 6 a.m. is 5 UTC, then 4 UTC.
    clock = croniter(cron, datetime(2027, 3, 24, tzinfo=PARIS))
    found = [clock.get_next(datetime).astimezone(UTC) for _ in range(2)]
    assert found == [datetime(2027, 3, 25, 5, tzinfo=UTC), datetime(2027, 4, 1, 4, tzinfo=UTC)]
    assert schedules.weekly_cron(Settings(draft_day="")) is None
    assert schedules.weekly_cron(Settings(draft_day="dimanche", draft_hour=0)) == "0 0 * * 0"


def test_an_hour_that_is_past_is_made_up_for() -> None:
    settings = Settings(draft_day="jeudi", draft_hour=6)
    thursday = datetime(2026, 12, 3, 5, 0, tzinfo=UTC)  # 6 a.m. in Paris
    assert not schedules.is_past(settings, thursday - timedelta(seconds=1))
    assert schedules.is_past(settings, thursday)
    assert not schedules.is_past(settings, datetime(2026, 12, 7, 12, tzinfo=UTC))  # the next Monday


def test_clock_and_start_lead_to_the_same_job(service: Service) -> None:
    assert isinstance(service.jobs, RecordedJobs)
    schedules.firing(service)(datetime(2026, 12, 1, 2, 30, tzinfo=UTC), "purge")
    schedules.submit(service, "purge", datetime(2026, 12, 1, 9, tzinfo=UTC))
    schedules.submit(service, "weekly_draft", datetime(2026, 12, 3, 23, 30, tzinfo=UTC))  # Friday in Paris
    assert service.jobs.waiting == [
        Submitted("purge", "2026-12-01", 0),
        Submitted("purge", "2026-12-01", 0),
        Submitted("weekly_draft", "2026-W49", 0),
    ]


def _kept(service: Service, kind: type[SQLModel]) -> int:
    with service.database.read() as session:
        return len(session.exec(select(kind)).all())


def test_the_purge_forgets_what_is_over_and_nothing_else(service: Service) -> None:
    moment = datetime.now(UTC)
    old, recent = moment - timedelta(days=31), moment - timedelta(days=29)
    with service.database.write() as session:
        for at in (old, recent):
            session.add(PositionRecord(round="r", at=at, received_at=at, lon=2.5, lat=50.8))
            session.add(EnrolmentRecord(code=str(uuid4()), expires_at=at))
            session.add(InvitationRecord(token=str(uuid4()), role=AccountRole.OFFICIAL, expires_at=at))
            session.add(ThrottleRecord(bucket=str(uuid4()), since=at, until=moment + timedelta(hours=1)))
        session.add(ThrottleRecord(bucket="old", since=old))
        session.add(IdempotencyRecord(author="a", key="k", request="", at=old))
        hook = WebhookRecord(url="https://example.org", secret="…", events=[])
        session.add(hook)
        session.flush()
        for days, state in ((61, DeliveryState.DONE), (61, DeliveryState.PENDING), (59, DeliveryState.DONE)):
            at = moment - timedelta(days=days)
            session.add(DeliveryRecord(webhook=hook.id, event="x", state=state, created_at=at))
    purge(service, "2026-12-01")
    purge(service, "2026-12-01")
    kept = {kind: _kept(service, kind) for kind in (PositionRecord, EnrolmentRecord, InvitationRecord)}
    assert set(kept.values()) == {1}
    assert _kept(service, DeliveryRecord) == 2  # what has not been delivered yet is kept
    assert _kept(service, ThrottleRecord) == 2  # whoever is still held back, stays so
    assert _kept(service, IdempotencyRecord) == 0


_STAMP = RunStamp(
    engine="insertion",
    version="0",
    seconds=None,
    iterations=1,
    seed=1,
    travel="",
    network="",
    spent_s=0.0,
)


def _template(service: Service, status: PlanStatus) -> None:
    with service.database.write() as session:
        session.add(
            PlanRecord(
                number=1,
                kind=PlanKind.TEMPLATE,
                week="2026-W47",
                status=status,
                network_code="escapade",
                stamp=asdict(_STAMP),
            )
        )


def _asked(service: Service) -> list[str]:
    with service.database.read() as session:
        return [one.week for one in session.exec(select(PlanRunRecord).order_by(PlanRunRecord.week))]


def test_no_draft_is_made_before_there_is_a_template(service: Service) -> None:
    draft(service, "2026-W49")
    _template(service, PlanStatus.DRAFT)
    draft(service, "2026-W49")
    assert _asked(service) == []


def test_the_draft_is_of_the_first_coming_week_without_a_plan_once(service: Service) -> None:
    _template(service, PlanStatus.PUBLISHED)
    draft(service, "2026-W52")
    assert _asked(service) == ["2026-W53"]  # 2026 has 53 weeks
    draft(service, "2026-W52")
    assert _asked(service) == ["2026-W53"]  # done twice, made once
    with service.database.write() as session:
        session.add(PlanRecord(number=50, week="2027-W01", network_code="escapade"))
    draft(service, "2026-W53")
    assert _asked(service) == ["2026-W53", "2027-W02"]  # the next one has its plan already


def test_signs_of_life_are_by_the_clock_of_the_database(service: Service) -> None:
    with service.database.write() as session:
        workers.beat(session, "a")
        first = workers.list_workers(session)[0].seen_at
    with service.database.write() as session:
        workers.beat(session, "a")
        workers.beat(session, "b")
    with service.database.read() as session:
        found = workers.list_workers(session)
        assert [one.name for one in found] == ["a", "b"]
        assert found[0].seen_at > first
        assert found[0].started_at <= first
    with service.database.write() as session:
        workers.forget(session, ["a"])
        assert [one.name for one in workers.list_workers(session)] == ["b"]
