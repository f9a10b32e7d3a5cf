"""Published rounds as a GTFS feed, for trip planners and maps that read it: https://gtfs.org/schedule/.

Times are seconds of a service day, which is how GTFS counts too. A trip is a round, under the round's own
code; a route is what comes back every week under the same name, « mar-matin-V1 »: ids stay when a week is
published again. Nobody may board: a shuttle carries crates. For those who ask how documents travel,
`documents` opens the doors; a depot, where crates change vans, is then a stop like any other.
Whether a wheelchair gets in is not known of any place, and so not said.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from maps import words
from maps.export.gtfs_shapes import TripShape, trip_shape
from maps.palette import day_hue
from models.network.values import Network, Site
from models.plan import Plan, Round
from routing.travel import LegShapes

_BUS, _ADDED = 3, 1
_OPEN, _CLOSED = 0, 1
_ABOUT, _EXACT = 0, 1
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same plans give the same bytes
_WEEK = re.compile(r"\d{4}-W\d{2}-")
_PHONE = re.compile(r"\+?[\d .]{8,20}")
_Rows = Iterable[Sequence[object]]


@dataclass(frozen=True, kw_only=True)
class Feed:
    """What a feed is made of. `url` is where the service is found, which GTFS wants of every agency;
    `version` changes whenever the feed does; without `shapes` no way is drawn; `roads` says whom the ways are
    from, and where they are found (name, address)."""

    plans: Sequence[Plan]
    network: Network
    url: str
    version: str
    shapes: LegShapes | None = None
    roads: tuple[str, str] | None = None
    documents: bool = False
    rounds: tuple[Round, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "rounds", tuple(tour for plan in self.plans for tour in plan.rounds))


def line_of(code: str) -> str:
    """What a round is called every week: « 2026-W49-mar-matin-V1 » → « mar-matin-V1 »."""
    return _WEEK.sub("", code, count=1) or code


def gtfs(feed: Feed) -> bytes:
    """A ZIP of text tables; the same feed gives the same bytes."""
    drawn = {tour.id: trip_shape(tour, feed.shapes) for tour in feed.rounds} if feed.shapes else {}
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, (titles, rows) in _tables(feed, drawn).items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), _table(titles, rows), zipfile.ZIP_DEFLATED)
    return written.getvalue()


def _tables(feed: Feed, drawn: Mapping[str, TripShape]) -> dict[str, tuple[str, _Rows]]:
    days = sorted({tour.date for tour in feed.rounds})
    found: dict[str, tuple[str, _Rows]] = {
        "agency.txt": (
            "agency_id,agency_name,agency_url,agency_timezone,agency_lang,agency_phone,agency_email",
            [_agency(feed)],
        ),
        "stops.txt": ("stop_id,stop_name,stop_desc,stop_lat,stop_lon,location_type", _stops(feed)),
        "routes.txt": (
            "route_id,agency_id,route_long_name,route_type,route_color,route_text_color",
            _routes(feed),
        ),
        "trips.txt": (
            "route_id,service_id,trip_id,trip_headsign,shape_id",
            [_trip(tour, drawn.get(tour.id)) for tour in feed.rounds],
        ),
        "stop_times.txt": (
            "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type,"
            "shape_dist_traveled,timepoint",
            [row for tour in feed.rounds for row in _times(tour, drawn.get(tour.id), opened=feed.documents)],
        ),
        "calendar_dates.txt": (
            "service_id,date,exception_type",
            [(day.isoformat(), _day(day), _ADDED) for day in days],
        ),
        "feed_info.txt": (
            "feed_publisher_name,feed_publisher_url,feed_lang,default_lang,feed_start_date,feed_end_date,"
            "feed_version,feed_contact_email,feed_contact_url",
            _info(feed),
        ),
        "attributions.txt": (
            "attribution_id,organization_name,is_producer,is_operator,is_authority,attribution_url",
            _attributions(feed, drawn=bool(drawn)),
        ),
    }
    if drawn:
        titles = "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence,shape_dist_traveled"
        found["shapes.txt"] = (titles, _shapes(drawn))
    return found


def _publisher(network: Network) -> str:
    return network.organisation or network.name


def _agency(feed: Feed) -> Sequence[object]:
    network, contact = feed.network, feed.network.coordinator
    phone = contact.phone if _PHONE.fullmatch(contact.phone) else ""
    return network.id, _publisher(network), feed.url, "Europe/Paris", "fr", phone, _mail(network)


def _mail(network: Network) -> str:
    mail = network.coordinator.email
    return mail if "@" in mail else ""


def _stops(feed: Feed) -> _Rows:
    called_at = sorted({stop for tour in feed.rounds for stop in tour.stops})
    sites = [feed.network.site(code) for code in called_at]
    return [
        (site.id, site.name, _place(site), f"{site.point.lat:.6f}", f"{site.point.lon:.6f}", 0)
        for site in sites
    ]


def _place(site: Site) -> str:
    town = f"{site.postcode} {site.commune}".strip()
    told = ", ".join(part for part in (site.address, town) if part)
    return told if told != site.name else ""


def _routes(feed: Feed) -> _Rows:
    lines = {line_of(tour.id): tour for tour in feed.rounds}
    for line, tour in sorted(lines.items()):
        hue, on_hue = day_hue(tour.date)
        long = words.capital(f"{words.WEEKDAYS[tour.date.weekday()]} {tour.label}")
        yield line, feed.network.id, long, _BUS, hue.removeprefix("#"), on_hue.removeprefix("#")


def _trip(tour: Round, shape: TripShape | None) -> Sequence[object]:
    return line_of(tour.id), tour.date.isoformat(), tour.id, tour.label, shape.id if shape else ""


def _times(tour: Round, shape: TripShape | None, *, opened: bool) -> _Rows:
    """From the depot over every visit back to the depot. Nothing is taken home to be taken out again."""
    at = shape.halts_m if shape else ("",) * len(tour.stops)
    take = _OPEN if opened else _CLOSED
    last = len(tour.visits) + 1
    yield _time(tour, 0, (tour.start_s, tour.start_s), (take, _CLOSED), at[0], _EXACT)
    for visit in tour.visits:
        clock = (visit.arrival_s, visit.end_s)
        yield _time(tour, visit.number, clock, (take, take), at[visit.number], _ABOUT)
    yield _time(tour, last, (tour.end_s, tour.end_s), (_CLOSED, take), at[last], _ABOUT)


def _time(  # noqa: PLR0913, PLR0917  # the columns of a line
    tour: Round, number: int, clock: tuple[int, int], doors: tuple[int, int], at: object, timepoint: int
) -> Sequence[object]:
    arrival_s, departure_s = clock
    return tour.id, _clock(arrival_s), _clock(departure_s), tour.stops[number], number, *doors, at, timepoint


def _shapes(drawn: Mapping[str, TripShape]) -> _Rows:
    once = {shape.id: shape for shape in drawn.values()}
    for key in sorted(once):
        for number, (lon, lat, at_m) in enumerate(once[key].points):
            yield key, f"{lat:.6f}", f"{lon:.6f}", number, at_m


def _info(feed: Feed) -> _Rows:
    days = [day.date for plan in feed.plans for day in plan.week.days]
    first, last = (_day(min(days)), _day(max(days))) if days else ("", "")
    mail = _mail(feed.network)
    return [(_publisher(feed.network), feed.url, "fr", "fr", first, last, feed.version, mail, feed.url)]


def _attributions(feed: Feed, *, drawn: bool) -> _Rows:
    yield "exploitant", _publisher(feed.network), 1, 1, 1, feed.url
    if drawn and feed.roads:
        name, url = feed.roads
        yield "routes", name, 1, 0, 0, url


def _clock(second: int) -> str:
    return f"{second // 3600:02d}:{second % 3600 // 60:02d}:{second % 60:02d}"


def _day(on: date) -> str:
    return on.strftime("%Y%m%d")


def _table(titles: str, rows: _Rows) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(titles.split(","))
    writer.writerows(rows)
    return text.getvalue()
