"""The week's visits for a calendar: RFC 5545."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vRecur

from maps import marks, words
from models.network.values import Network, Site
from models.plan import Plan, Round, Visit
from models.service_day import IsoWeek

SPACE = UUID("6a6e4f3e-3b7e-5f58-9a9c-6d0f6f1c2b7d")  # ours alone, drawn once, so that UIDs never change


def plan_ics(plan: Plan, network: Network) -> bytes:
    """`passages.ics`: one event per visit, over its announced window, in Europe/Paris.

    A visit keeps its UID when the week is planned again: it is known by the network, the week, the site
    and its rank among the site's visits of that week.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Navette//Passages//FR")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", f"Navette, {words.week(plan.week)}")
    calendar.add("x-wr-calname", f"Navette, {words.week(plan.week)}")
    calendar.add_component(paris())
    for event in _events(plan, network):
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def visit_uid(network: str, week: IsoWeek, site: str, rank: int) -> str:
    """The UID of a site's `rank`-th visit of a week (1-based), the same for ever."""
    return f"{uuid5(SPACE, f'{network}/{week}/{site}/{rank}')}@navette"


def _events(plan: Plan, network: Network) -> Iterator[Event]:
    ranks: dict[str, int] = {}
    calls = [(tour, visit) for tour in plan.rounds for visit in tour.visits]
    for tour, visit in sorted(calls, key=lambda call: call[0].day.at(call[1].begin_s)):
        ranks[visit.site] = rank = ranks.get(visit.site, 0) + 1
        uid = visit_uid(plan.network, plan.week, visit.site, rank)
        yield _event(tour, visit, uid, plan, network.site(visit.site))


def _event(tour: Round, visit: Visit, uid: str, plan: Plan, site: Site) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", plan.created_at)
    event.add("last-modified", plan.created_at)
    event.add("sequence", int(plan.created_at.timestamp()) // 60)  # a later plan takes the place of this one
    event.add("dtstart", tour.day.at(visit.announced.early))
    event.add("dtend", tour.day.at(max(visit.announced.late, visit.announced.early + 60)))
    event.add("summary", f"Navette à {site.commune}")
    town = f"{site.postcode} {site.commune}".strip()
    event.add("location", ", ".join(part for part in (site.name, site.address, town) if part))
    event.add("geo", (site.point.lat, site.point.lon))
    event.add("description", _description(visit, plan, site))
    event.add("transp", "TRANSPARENT")
    return event


def _description(visit: Visit, plan: Plan, site: Site) -> str:
    lines = [
        f"Prévu à {words.clock(visit.begin_s)}, annoncé {words.between(visit.announced)}.",
        f"La navette dépose {words.crates(visit.deliver)} et prend {words.crates(visit.collect)}.",
        *(f"{words.capital(said)}." for said in marks.remarks(plan, site, visit)),
    ]
    return "\n".join(lines)


def paris() -> Timezone:
    """Europe/Paris as it has been since 1996: summer time from the last Sunday of March to October's."""
    zone = Timezone()
    zone.add("tzid", "Europe/Paris")
    winter, summer = timedelta(hours=1), timedelta(hours=2)
    for part, name, month, hour, before, after in (
        (TimezoneDaylight(), "CEST", 3, 2, winter, summer),
        (TimezoneStandard(), "CET", 10, 3, summer, winter),
    ):
        part.add("tzname", name)
        part.add("dtstart", datetime(1996, month, 31 if month == 3 else 27, hour))  # noqa: DTZ001  # local time
        part.add("rrule", vRecur(freq="YEARLY", bymonth=month, byday="-1SU"))
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        zone.add_component(part)
    return zone
