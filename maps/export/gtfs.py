"""Published rounds as a GTFS feed, for trip planners and maps that read it: https://gtfs.org/schedule/.

Times are seconds of a service day, which is how GTFS counts too. Nobody may board: a shuttle carries crates.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from models.network.values import Network
from models.plan import Plan, Round

_BUS, _NOBODY, _ADDED = 3, 1, 1
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same plans give the same bytes
_Rows = Iterable[Sequence[object]]


def plans_gtfs(plans: Sequence[Plan], network: Network, url: str) -> bytes:
    """A ZIP of text tables. `url` is where the service is found, which GTFS wants of every agency."""
    rounds = [tour for plan in plans for tour in plan.rounds]
    tables: Mapping[str, tuple[str, _Rows]] = {
        "agency.txt": (
            "agency_id,agency_name,agency_url,agency_timezone,agency_lang",
            [(network.id, network.organisation or network.name, url, "Europe/Paris", "fr")],
        ),
        "stops.txt": ("stop_id,stop_name,stop_lat,stop_lon", _stops(rounds, network)),
        "routes.txt": ("route_id,agency_id,route_short_name,route_type", _routes(rounds, network)),
        "trips.txt": (
            "route_id,service_id,trip_id,trip_headsign",
            [(tour.vehicle, tour.date.isoformat(), tour.id, tour.label) for tour in rounds],
        ),
        "stop_times.txt": (
            "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type",
            [row for tour in rounds for row in _times(tour)],
        ),
        "calendar_dates.txt": (
            "service_id,date,exception_type",
            [(day.isoformat(), _day(day), _ADDED) for day in sorted({tour.date for tour in rounds})],
        ),
        "feed_info.txt": (
            "feed_publisher_name,feed_publisher_url,feed_lang,feed_start_date,feed_end_date",
            _info(plans, network, url),
        ),
    }
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, (titles, rows) in tables.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), _table(titles, rows), zipfile.ZIP_DEFLATED)
    return written.getvalue()


def _stops(rounds: Iterable[Round], network: Network) -> _Rows:
    called_at = sorted({stop for tour in rounds for stop in tour.stops})
    sites = [network.site(code) for code in called_at]
    return [(site.id, site.name, f"{site.point.lat:.6f}", f"{site.point.lon:.6f}") for site in sites]


def _routes(rounds: Iterable[Round], network: Network) -> _Rows:
    names = {vehicle.id: vehicle.name for vehicle in network.vehicles}
    used = sorted({tour.vehicle for tour in rounds})
    return [(code, network.id, names.get(code, code), _BUS) for code in used]


def _times(tour: Round) -> _Rows:
    """From the depot over every visit back to the depot."""
    yield _time(tour, 0, tour.start_site, tour.start_s, tour.start_s)
    for visit in tour.visits:
        yield _time(tour, visit.number, visit.site, visit.arrival_s, visit.end_s)
    yield _time(tour, len(tour.visits) + 1, tour.end_site, tour.end_s, tour.end_s)


def _time(tour: Round, number: int, site: str, arrival_s: int, departure_s: int) -> Sequence[object]:
    return tour.id, _clock(arrival_s), _clock(departure_s), site, number, _NOBODY, _NOBODY


def _info(plans: Sequence[Plan], network: Network, url: str) -> _Rows:
    if not plans:
        return []
    days = [day.date for plan in plans for day in plan.week.days]
    return [(network.name, url, "fr", _day(min(days)), _day(max(days)))]


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
