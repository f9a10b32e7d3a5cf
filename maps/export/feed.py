"""A calendar that people subscribe to: RFC 5545, read again every hour, whose events keep their UIDs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid5

from icalendar import Calendar, Event

from maps.export.ics import SPACE, paris
from models.values import Coordinates

_AGAIN = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedEvent:
    """One visit or round. `sequence` grows whenever it is told anew, `stamp` is when that was (UTC).

    `cancelled`: it was told before, and is not planned any more.
    """

    uid: str
    sequence: int
    stamp: datetime
    start: datetime
    end: datetime
    summary: str
    location: str = ""
    point: Coordinates | None = None
    description: str = ""
    cancelled: bool = False


def feed_uid(network: str, ref: str) -> str:
    """The UID of a visit or a round, the same for ever, by the name that people know it by."""
    return f"{uuid5(SPACE, f'{network}/feed/{ref}')}@navette"


def feed_ics(name: str, events: Iterable[FeedEvent]) -> bytes:
    """The calendar, in Europe/Paris. The same events give the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", "-//Navette//Agenda//FR")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", _AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    calendar.add_component(paris())
    for event in events:
        calendar.add_component(_component(event))
    return bytes(calendar.to_ical())


def _component(told: FeedEvent) -> Event:
    event = Event()
    event.add("uid", told.uid)
    event.add("dtstamp", told.stamp)
    event.add("last-modified", told.stamp)
    event.add("sequence", told.sequence)
    event.add("dtstart", told.start)
    event.add("dtend", told.end)
    event.add("summary", told.summary)
    event.add("status", "CANCELLED" if told.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    if told.location:
        event.add("location", told.location)
    if told.point is not None:
        event.add("geo", (told.point.lat, told.point.lon))
    if told.description:
        event.add("description", told.description)
    return event
