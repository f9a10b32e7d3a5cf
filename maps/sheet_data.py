"""A round as its paper sheet tells it: plain texts, already in French print, for the Typst template."""

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import segno

from maps import marks, words
from maps.printable import printable
from maps.sketch import sketch
from models.communes import Commune
from models.network.values import Access, Network, Site
from models.plan import Pause, Plan, Round, Visit
from routing.travel import LegShapes

WAIT_TOLD_S = 300  # a shorter wait for an opening is not worth a line
Codes = Mapping[tuple[str, int], tuple[str, ...]]


def keying_url(base_url: str, tour: Round) -> str:
    """Where a round is keyed in after it was driven: « {base_url}/saisie/{round.id} »."""
    return f"{base_url.rstrip('/')}/saisie/{quote(tour.id, safe='')}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """What every sheet of a week is written from.

    `base_url` is where rounds are keyed in, empty for none. `codes` are the barcodes of the crates to leave,
    by round id and visit number.
    """

    plan: Plan
    network: Network
    communes: tuple[Commune, ...]
    shapes: LegShapes
    base_url: str
    codes: Codes


def round_data(tour: Round, desk: Desk) -> dict[str, Any]:
    """Everything that the template sets for one round; no key is ever missing."""
    network = desk.network
    driver, vehicle = network.driver(tour.driver), network.vehicle(tour.vehicle)
    url = keying_url(desk.base_url, tour) if desk.base_url else ""
    drawing = sketch(tour, network, desk.communes, desk.shapes)
    labels = [label | {"text": printable(label["text"])} for label in drawing["labels"]]
    return {
        "label": printable(words.capital(tour.label)),
        "day": words.capital(words.day_and_year(tour.date)),
        "vehicle": printable(vehicle.name),
        "driver": printable(driver.name),
        "organisation": printable(network.organisation),
        "coordinator": printable(network.coordinator.name),
        "phone": words.phone(printable(network.coordinator.phone)),
        "totals": _totals(tour),
        "keys": printable(words.listing(_keys(tour, network))),
        "notes": [printable(note) for note in tour.notes],
        "start": _start(tour, network),
        "end": _end(tour, network),
        "halts": list(_halts(tour, desk)),
        "sketch": drawing | {"labels": labels},
        "sketch_alt": _sketch_alt(tour, network),
        "url": url,
        "qr": qr_svg(url) if url else "",
    }


def qr_svg(text: str) -> str:
    """A QR code, error correction M or better, four modules of quiet zone, one unit per module."""
    code = segno.make(text, error="m", micro=False)
    drawn = io.BytesIO()
    code.save(drawn, kind="svg", xmldecl=False, border=4, omitsize=True, svgclass=None, lineclass=None)
    return drawn.getvalue().decode()


def _totals(tour: Round) -> list[str]:
    return [
        words.count(len(tour.visits), "passage"),
        words.distance(tour.distance_m),
        words.duration(tour.duration_s),
        f"{words.crates(tour.load_start)} au départ",
        f"{words.crates(tour.load_end)} au retour",
    ]


def _keys(tour: Round, network: Network) -> list[str]:
    """Which keys to take: by commune, by the library's own name where a commune has several."""
    sites = [network.site(site) for site in dict.fromkeys(visit.site for visit in tour.visits)]
    keyed = [site for site in sites if site.access is Access.KEY]
    communes = [site.commune for site in keyed]
    return [site.commune if communes.count(site.commune) == 1 else site.name for site in keyed]


def _start(tour: Round, network: Network) -> dict[str, str]:
    return {
        "time": words.clock_full(tour.start_s),
        "place": _depot(network.site(tour.start_site)),
        "crates": f"Chargez {words.crates(tour.load_start)}." if tour.load_start else "Aucun bac à charger.",
    }


def _end(tour: Round, network: Network) -> dict[str, str]:
    return {
        "time": words.clock_full(tour.end_s),
        "place": _depot(network.site(tour.end_site)),
        "crates": f"Déchargez {words.crates(tour.load_end)}." if tour.load_end else "Aucun bac à décharger.",
        "leg": f"{words.distance(tour.leg_back_m)}, {words.duration(tour.leg_back_s)} de route",
    }


def _depot(site: Site) -> str:
    return printable(f"{site.name}, {site.commune}")


def _halts(tour: Round, desk: Desk) -> Iterable[dict[str, Any]]:
    if tour.pause and tour.pause.after == 0:
        yield _pause(tour.pause)
    for visit in tour.visits:
        yield _visit(visit, desk, desk.codes.get((tour.id, visit.number), ()))
        if tour.pause and tour.pause.after == visit.number:
            yield _pause(tour.pause)


def _pause(pause: Pause) -> dict[str, Any]:
    end_s = pause.begin_s + pause.length_s
    return {
        "kind": "pause",
        "text": f"Pause de {words.duration(pause.length_s)}, "
        f"de {words.clock(pause.begin_s)} à {words.clock(end_s)}",
    }


def _visit(visit: Visit, desk: Desk, codes: tuple[str, ...]) -> dict[str, Any]:
    site = desk.network.site(visit.site)
    return {
        "kind": "visit",
        "number": str(visit.number),
        "name": printable(site.name),
        "place": printable(", ".join(p for p in (words.capital(site.address), site.commune) if p)),
        "planned": words.clock_full(visit.begin_s),
        "window": words.capital(words.between(visit.announced)),
        "marks": words.listing(marks.assumed(site, "horaires", "accès")),
        "stand_in": site.stand_in,
        "leg": f"{words.distance(visit.leg_m)}, {words.duration(visit.leg_s)}",
        "access": marks.access_word(site) if site.access_note else marks.access(site),
        "access_note": printable(site.access_note),
        "phone": words.phone(printable(site.phone)),
        "deliver": words.number(visit.deliver),
        "collect": words.number(visit.collect),
        "codes": printable(", ".join(codes)),
        "remarks": _remarks(visit, desk.plan, site),
    }


def _remarks(visit: Visit, plan: Plan, site: Site) -> list[str]:
    said = []
    if visit.wait_s >= WAIT_TOLD_S:
        said.append(
            f"Arrivée vers {words.clock(visit.arrival_s)}, "
            f"attente de {words.duration(visit.wait_s)} avant l’ouverture."
        )
    if site.id in plan.estimated_sites:
        said.append("Temps de route estimé.")
    return said + [_sentence(note) for note in visit.notes]


def _sentence(note: str) -> str:
    shown = words.capital(printable(note))
    return shown if shown.endswith((".", "!", "?")) else shown + "."


def _sketch_alt(tour: Round, network: Network) -> str:
    stops = [f"{v.number} {network.site(v.site).commune}" for v in tour.visits]
    way = f"Croquis de la tournée : départ du dépôt, {', '.join(stops) or 'aucun passage'}, retour au dépôt."
    return printable(way)
