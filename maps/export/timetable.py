"""The week's visits for a spreadsheet."""

import csv
import io

from maps import words
from models.network.sheet import guarded
from models.network.values import Network, Site
from models.plan import Plan, Round, Visit

COLUMNS = (
    "date", "jour", "tournée", "numéro", "bibliothèque", "commune", "adresse", "code postal", "arrivée",
    "début", "fin", "annoncé de", "annoncé à", "bacs déposés", "bacs pris", "bacs à bord", "trajet km",
    "trajet min", "véhicule", "conduite", "horaires supposés", "site supposé", "remarques", "identifiant",
)  # fmt: skip


def plan_csv(plan: Plan, network: Network) -> str:
    """`horaires.csv`: one line per visit, in time order within each round.

    Written as French LibreOffice and Excel read it by a double click: byte order mark, semicolons, comma
    decimals, CRLF. Times are hh:mm, dates ISO. No text cell can start a formula: one that would is
    preceded by an apostrophe.
    """
    written = io.StringIO(newline="")
    written.write("\ufeff")
    rows = csv.writer(written, delimiter=";", lineterminator="\r\n", quoting=csv.QUOTE_MINIMAL)
    rows.writerow(COLUMNS)
    for tour in plan.rounds:
        for visit in tour.visits:
            rows.writerow(_row(tour, visit, network))
    return written.getvalue()


def _row(tour: Round, visit: Visit, network: Network) -> list[str]:
    site = network.site(visit.site)
    return [
        tour.date.isoformat(),
        words.WEEKDAYS[tour.date.weekday()],
        safe(tour.label),
        str(visit.number),
        *_place(site),
        *(_hh_mm(second) for second in (visit.arrival_s, visit.begin_s, visit.end_s)),
        _hh_mm(visit.announced.early),
        _hh_mm(visit.announced.late),
        str(visit.deliver),
        str(visit.collect),
        str(visit.load_after),
        f"{visit.leg_m / 1000:.1f}".replace(".", ","),
        str(round(visit.leg_s / 60)),
        safe(network.vehicle(tour.vehicle).name),
        safe(network.driver(tour.driver).name),
        _yes("horaires" in site.assumed),
        _yes(site.stand_in),
        safe(" ".join(visit.notes)),
        safe(site.id),
    ]


def _place(site: Site) -> list[str]:
    return [safe(text) for text in (site.name, site.commune, site.address, site.postcode)]


def safe(text: str) -> str:
    """A text cell that no spreadsheet runs; line breaks become spaces."""
    flat = " ".join(text.split("\n")).replace("\r", " ")
    return guarded(flat)


def _hh_mm(second: int) -> str:
    return f"{second // 3600 % 24:02d}:{second // 60 % 60:02d}"


def _yes(true: bool) -> str:
    return "oui" if true else "non"
