"""Calendars to subscribe to: their events keep their names, and what falls away is cancelled."""

import csv
import io
import itertools
import zipfile
from dataclasses import replace
from datetime import date

import pytest
from fastapi.testclient import TestClient
from icalendar import Calendar
from sqlmodel import select

from api.security.tokens import link_token
from api.service import Service
from api.services.actor import Role
from api.services.calendars import calendar_of
from models.errors import NotFound
from models.plan import Plan
from models.service_day import IsoWeek
from models.tables.base import now
from models.tables.people import LinkKind, LinkRecord
from models.values import TimeWindow
from tests.published import moved, publish
from tests.queries import count_queries
from tests.service_fixtures import ClientAs

TODAY = date(2026, 12, 1)


def read(service: Service, kind: LinkKind, subject: str, today: date = TODAY) -> bytes:
    with service.database.read() as session:
        return calendar_of(session, kind, subject, today)


def events(raw: bytes) -> dict[str, dict[str, object]]:
    """UID → what an event says."""
    found = {}
    for event in Calendar.from_ical(raw).walk("VEVENT"):
        found[str(event["UID"])] = {
            "status": str(event["STATUS"]),
            "sequence": int(event.decoded("SEQUENCE")),
            "start": event.decoded("DTSTART"),
            "end": event.decoded("DTEND"),
            "summary": str(event["SUMMARY"]),
            "alarms": len(event.walk("VALARM")),
        }
    return found


def test_a_library_reads_its_published_visits(service: Service, planned: Plan) -> None:
    publish(service, planned)
    raw = read(service, LinkKind.SITE_FEED, "hazebrouck")
    planned_visits = planned.visits_to("hazebrouck")
    assert planned_visits
    told = sorted(events(raw).values(), key=lambda one: str(one["start"]))
    assert [one["start"] for one in told] == [
        tour.day.at(visit.announced.early) for tour, visit in planned_visits
    ]
    assert {str(one["status"]) for one in told} == {"CONFIRMED"}
    assert {one["alarms"] for one in told} == {0}
    text = raw.decode()
    assert "DTSTART;TZID=Europe/Paris:2026" in text
    assert "BEGIN:VTIMEZONE" in text
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in text
    # RFC 5545 3.1: lines of at most 75 octets, ended by CRLF.
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert raw == read(service, LinkKind.SITE_FEED, "hazebrouck")


def test_events_keep_their_names_and_what_falls_away_is_cancelled(service: Service, planned: Plan) -> None:
    publish(service, planned)
    before = events(read(service, LinkKind.SITE_FEED, "hazebrouck"))
    (tour, _), *others = planned.visits_to("hazebrouck")
    fewer = tuple(
        replace(one, visits=tuple(visit for visit in one.visits if visit.site != "hazebrouck"))
        if one.id == tour.id
        else replace(
            one,
            visits=tuple(
                replace(visit, announced=TimeWindow(visit.announced.early + 600, visit.announced.late + 600))
                for visit in one.visits
            ),
        )
        for one in planned.rounds
    )
    publish(service, replace(planned, rounds=fewer))
    after = events(read(service, LinkKind.SITE_FEED, "hazebrouck"))
    assert set(after) == set(before)
    assert sum(one["status"] == "CANCELLED" for one in after.values()) == len(before) - len(others)
    assert all(int(str(after[uid]["sequence"])) > int(str(before[uid]["sequence"])) for uid in before)
    later = [uid for uid in before if after[uid]["status"] == "CONFIRMED"]
    assert all((after[uid]["start"] - before[uid]["start"]).seconds == 600 for uid in later)  # type: ignore[operator]
    publish(service, planned)
    again = events(read(service, LinkKind.SITE_FEED, "hazebrouck"))
    assert {uid: one["start"] for uid, one in again.items()} == {
        uid: one["start"] for uid, one in before.items()
    }
    assert {one["status"] for one in again.values()} == {"CONFIRMED"}


def test_two_weeks_back_and_everything_to_come(service: Service, planned: Plan) -> None:
    for week in range(46, 54):
        publish(service, moved(planned, IsoWeek(2026, week)))
    per_week = len(planned.visits_to("hazebrouck"))
    seen = events(read(service, LinkKind.SITE_FEED, "hazebrouck", date(2026, 11, 30)))
    # 30 November is the Monday of week 49: two weeks back is week 47. Weeks 47 to 53 are seven.
    assert len(seen) == 7 * per_week


def test_vehicles_and_drivers_have_their_rounds(service: Service, planned: Plan) -> None:
    publish(service, planned)
    for kind, subject, mine in (
        (LinkKind.ROUND_FEED, "V2", [one for one in planned.rounds if one.vehicle == "V2"]),
        (LinkKind.DRIVER_FEED, "C1", [one for one in planned.rounds if one.driver == "C1"]),
    ):
        told = events(read(service, kind, subject))
        assert sorted(str(one["start"]) for one in told.values()) == sorted(
            str(one.day.at(one.start_s)) for one in mine
        )
    other = replace(planned, rounds=tuple(replace(one, driver="C2") for one in planned.rounds))
    publish(service, other)
    assert {one["status"] for one in events(read(service, LinkKind.DRIVER_FEED, "C1")).values()} == {
        "CANCELLED"
    }


def test_a_link_that_opens_something_else_opens_no_calendar(service: Service) -> None:
    for kind, subject in (
        (LinkKind.LIBRARY, "cassel"),
        (LinkKind.SITE_FEED, "none"),
        (LinkKind.DRIVER_FEED, "x"),
    ):
        with pytest.raises(NotFound):
            read(service, kind, subject)


@pytest.fixture
def link(service: Service, planned: Plan) -> LinkRecord:
    publish(service, planned)
    with service.database.write() as session:
        record = LinkRecord(kind=LinkKind.SITE_FEED, subject="hazebrouck")
        session.add(record)
    return record


def test_over_http_with_a_token_that_can_be_revoked(
    client_as: ClientAs, service: Service, link: LinkRecord
) -> None:
    client: TestClient = client_as(Role.PUBLIC)
    path = f"/calendrier/{link_token(service.keyring, link.id, 1)}.ics"
    answer = client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    again = client.get(path, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    for wrong in (path.replace(".ics", "x.ics"), "/calendrier/x.ics"):
        assert client.get(wrong).status_code == 404
    with service.database.write() as session:
        session.exec(select(LinkRecord)).one().generation = 2
    assert client.get(path).status_code == 404
    newer = f"/calendrier/{link_token(service.keyring, link.id, 2)}.ics"
    assert client.get(newer).status_code == 200
    with service.database.write() as session:
        session.exec(select(LinkRecord)).one().revoked_at = now()
    assert client.get(newer).status_code == 404


def test_a_calendar_takes_few_questions(service: Service, planned: Plan) -> None:
    counts = []
    for week in (49, 50, 51):
        publish(service, moved(planned, IsoWeek(2026, week)))
        with count_queries(service.database) as counted:
            read(service, LinkKind.SITE_FEED, "hazebrouck")
            read(service, LinkKind.ROUND_FEED, "V1")
        counts.append(len(counted))
    assert all(one == other for one, other in itertools.pairwise(counts))
    assert counts[0] <= 12


def test_published_rounds_as_gtfs(
    client_as: ClientAs, service: Service, planned: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.endpoints.published_feed.now", lambda: planned.rounds[0].day.at(0))
    publish(service, planned)
    publish(service, moved(planned, IsoWeek(2026, 48)))  # over
    answer = client_as(Role.COORDINATOR).get("/api/v1/plans/published/gtfs.zip")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        tables = {
            name: list(csv.DictReader(io.StringIO(archive.read(name).decode())))
            for name in archive.namelist()
        }
    assert {one["trip_id"] for one in tables["trips.txt"]} == {tour.id for tour in planned.rounds}
    first = planned.rounds[0]
    times = [one for one in tables["stop_times.txt"] if one["trip_id"] == first.id]
    assert [one["stop_id"] for one in times] == list(first.stops)
    # 8:15 from the depot: 29,700 s of the service day.
    assert first.start_s == 8 * 3600 + 15 * 60
    assert times[0]["departure_time"] == "08:15:00"
    stops = {one["stop_id"] for one in tables["stops.txt"]}
    assert {one["stop_id"] for one in tables["stop_times.txt"]} <= stops
    assert {one["service_id"] for one in tables["trips.txt"]} == {
        one["service_id"] for one in tables["calendar_dates.txt"]
    }
