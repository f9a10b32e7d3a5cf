"""What the page around the map says: legend, tables, what is missing, where it comes from. Plain texts."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from maps import marks, words
from maps.layers import left_out, style_of
from maps.palette import stroke
from models.network.values import Network, Site
from models.plan import Plan, Round, Visit
from models.service_day import PARIS


def page_data(plan: Plan, network: Network) -> dict[str, Any]:
    """The variables of `plan_map.html.j2`, but for the map, the scripts and the styles."""
    return {
        "title": f"Navette, {words.week(plan.week)}",
        "network": words.typeset(network.organisation or network.name),
        "totals": _totals(plan),
        "days": list(_days(plan)),
        "rounds": [_round(tour, f"r{k}", plan, network) for k, tour in enumerate(plan.rounds)],
        "sum": _sum(plan),
        "unplanned": [_unplanned(left.site, left.missing, left.reason, network) for left in plan.unplanned],
        "cost": [
            (marks.cost_term(name), words.euros(cents, exact=True)) for name, cents in plan.cost_cents.items()
        ],
        "total_cost": words.euros(plan.total_cents, exact=True),
        "holidays": [
            f"{words.capital(words.day(on))} : {name}" for on, name in sorted(plan.holidays.items())
        ],
        "assumed": _assumed(plan, network),
        "has_stand_in": any(network.site(v.site).stand_in for tour in plan.rounds for v in tour.visits),
        "has_other": bool({s.id for s in left_out(plan, network)} - {left.site for left in plan.unplanned}),
        "made": _made(plan),
    }


def _totals(plan: Plan) -> str:
    tours = plan.rounds
    return ", ".join(
        (
            words.count(len(tours), "tournée"),
            words.count(sum(len(tour.visits) for tour in tours), "passage"),
            words.distance(sum(tour.distance_m for tour in tours)),
            words.duration(sum(tour.duration_s for tour in tours)),
        )
    )


def _days(plan: Plan) -> Iterator[dict[str, Any]]:
    keyed = [(f"r{k}", tour) for k, tour in enumerate(plan.rounds)]
    for on, group in groupby(keyed, key=lambda pair: pair[1].date):
        tours = list(group)
        yield {
            "key": on.isoformat(),
            "name": words.capital(words.day(on)),
            "letter": marks.day_letter(on),
            "rounds": [_legend(key, tour) for key, tour in tours],
        }


def _legend(key: str, tour: Round) -> dict[str, Any]:
    drawn = stroke(int(key[1:]))
    return {
        "key": key,
        "name": words.capital(words.typeset(tour.label)),
        "told": f"{words.count(len(tour.visits), 'passage')}, {words.distance(tour.distance_m)}, "
        f"{words.duration(tour.duration_s)}",
        "stroke": drawn,
    }


def _round(tour: Round, key: str, plan: Plan, network: Network) -> dict[str, Any]:
    driver = network.driver(tour.driver)
    return {
        "key": key,
        "day": words.capital(words.day(tour.date)),
        "told": words.typeset(f"{words.capital(tour.label)} · {driver.name}"),
        "start": words.clock_full(tour.start_s),
        "end": words.clock_full(tour.end_s),
        "start_place": words.typeset(network.site(tour.start_site).name),
        "end_place": words.typeset(network.site(tour.end_site).name),
        "out": words.number(tour.load_start),
        "back": words.number(tour.load_end),
        "visits_count": words.number(len(tour.visits)),
        "distance": words.distance(tour.distance_m),
        "duration": words.duration(tour.duration_s),
        "leg_back": _leg(tour.leg_back_m, tour.leg_back_s),
        "notes": [words.typeset(note) for note in tour.notes],
        "style": style_of(stroke(int(key[1:]))),
        "lines": list(_lines(tour, key, plan, network)),
    }


def _lines(tour: Round, key: str, plan: Plan, network: Network) -> Iterator[dict[str, Any]]:
    if tour.pause and tour.pause.after == 0:
        yield _pause(tour)
    for visit in tour.visits:
        yield _visit(tour, visit, key, plan, network.site(visit.site))
        if tour.pause and tour.pause.after == visit.number:
            yield _pause(tour)


def _pause(tour: Round) -> dict[str, Any]:
    assert tour.pause is not None
    return {
        "pause": words.clock_full(tour.pause.begin_s),
        "told": f"Pause de {words.duration(tour.pause.length_s)}",
    }


def _visit(tour: Round, visit: Visit, key: str, plan: Plan, site: Site) -> dict[str, Any]:
    return {
        "pause": "",
        "pin": f"{key}-{visit.number}",
        "text": marks.pin(tour, visit),
        "stand_in": site.stand_in,
        "planned": words.clock_full(visit.begin_s),
        "name": words.typeset(site.name),
        "commune": words.typeset(site.commune),
        "announced": words.between(visit.announced),
        "remarks": marks.remarks(plan, site, visit),
        "leg": _leg(visit.leg_m, visit.leg_s),
        "deliver": words.number(visit.deliver),
        "collect": words.number(visit.collect),
    }


def _leg(metres: int, seconds: int) -> str:
    return f"{words.distance(metres)}, {words.duration(seconds)}"


def _sum(plan: Plan) -> dict[str, str]:
    tours = plan.rounds
    return {
        "visits": words.number(sum(len(tour.visits) for tour in tours)),
        "distance": words.distance(sum(tour.distance_m for tour in tours)),
        "duration": words.duration(sum(tour.duration_s for tour in tours)),
        "out": words.number(sum(tour.load_start for tour in tours)),
        "back": words.number(sum(tour.load_end for tour in tours)),
    }


def _unplanned(site_id: str, missing: int, reason: str, network: Network) -> dict[str, str]:
    return {
        "name": words.typeset(network.site(site_id).name),
        "missing": words.count(missing, "passage"),
        "reason": words.typeset(reason),
    }


def _assumed(plan: Plan, network: Network) -> list[str]:
    """One sentence per kind of assumption: how many of the libraries it touches."""
    said = []
    libraries = network.libraries
    hours = sum("horaires" in site.assumed for site in libraries)
    stand_ins = [site.commune for site in libraries if site.stand_in]
    if hours:
        said.append(
            f"Les horaires sont supposés pour {words.count(hours, 'bibliothèque')} sur {len(libraries)}."
        )
    if stand_ins:
        said.append(
            f"{words.count(len(stand_ins), 'site supposé', 'sites supposés')}, à la mairie, "
            f"faute de connaître l'adresse de la bibliothèque : {words.listing(stand_ins)}."
        )
    if plan.estimated_sites:
        estimated = words.listing(network.site(site).commune for site in plan.estimated_sites)
        said.append(f"Temps de route estimés, sans les routes réelles : {estimated}.")
    return [words.typeset(line) for line in said]


def _made(plan: Plan) -> str:
    made = plan.created_at.astimezone(PARIS)
    second = made.hour * 3600 + made.minute * 60
    cut = ", interrompu avant la fin" if plan.run.interrupted else ""
    return f"Planning calculé le {words.day_and_year(made.date())} à {words.clock(second)}{cut}."
