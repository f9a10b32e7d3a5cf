"""A comparison of plans as one page for the council: what each costs, how long readers wait, and where."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from api.services.plans.compare import Comparison, Measured, Village
from maps import paper
from maps.delay_map import days_and_hours
from maps.words import FIRM, capital, count, day_and_year, distance, duration, euros, number, quoted, week
from models.network.values import Network
from models.tables.plans import PlanKind, PlanStatus

_DRIVING = ("rounds", "hours", "distance")
_NAMED = 9
_TITLE, _NAME = 70, 60  # letters: all must stay on one page
_STATUS = {
    PlanStatus.DRAFT: "brouillon",
    PlanStatus.PUBLISHED: "publié",
    PlanStatus.SUPERSEDED: "remplacé",
    PlanStatus.DISCARDED: "écarté",
}


def sheet_data(found: Comparison, network: Network, co2_source: str, today: date) -> Mapping[str, Any]:
    """What is printed."""
    plans = found.plans
    names = [f"n°{FIRM}{one.record.number}" for one in plans]
    return {
        "title": "Comparaison de plannings de la navette",
        "organisation": f"{network.name} · {network.organisation}",
        "lead": _lead(plans),
        "blocks": [
            paper.table(["", *names], _rows(found), [52, *(22 for _ in plans)]),
            paper.pair(
                _bars("Coût de la route, par semaine", names, [_driving(one) for one in plans], euros),
                _bars("Kilomètres, par semaine", names, [one.distance_m for one in plans], distance),
            ),
            paper.pair(
                _bars(
                    "Attente moyenne de la navette",
                    names,
                    [round(100 * one.waiting_by_flow) for one in plans],
                    lambda hundredths: f"{_decimal(hundredths / 100)}{FIRM}j",
                ),
                _bars(
                    "Neuf demandes sur dix servies en",
                    names,
                    [hours or 0 for hours in found.delays.ninety_h],
                    lambda hours: days_and_hours(hours or None),
                ),
            ),
            *_villages(found, network),
        ],
        "running": f"Comparaison imprimée le {day_and_year(today)}",
        "foot": _foot(co2_source, plans),
    }


def _lead(plans: Sequence[Measured]) -> str:
    """Which plans, and of which week: said once where it is the same."""
    weeks = [_week(one) for one in plans]
    if len(set(weeks)) == 1:
        return f"{capital(weeks[0])} : {' ; '.join(_named(one) for one in plans)}."
    told = [f"{_named(one)}, {when}" for one, when in zip(plans, weeks, strict=True)]
    return f"{' ; '.join(told)}."


def _week(one: Measured) -> str:
    return "semaine type" if one.record.kind is PlanKind.TEMPLATE else week(one.plan.week)


def _named(one: Measured) -> str:
    record = one.record
    title = f" {quoted(_short(record.title, _TITLE))}" if record.title else ""
    return f"n°{FIRM}{record.number}{title} ({_STATUS[record.status]})"


def _rows(found: Comparison) -> list[list[str]]:
    plans = found.plans
    rows = [
        ["Tournées", *(number(len(one.plan.rounds)) for one in plans)],
        ["Passages", *(number(one.visits) for one in plans)],
        ["Passages dus et non planifiés", *(number(one.missing) for one in plans)],
        ["Kilomètres", *(distance(one.distance_m) for one in plans)],
        ["Heures de tournée", *(duration(one.duration_s) for one in plans)],
        ["Coût de la route", *(euros(_driving(one)) for one in plans)],
        ["Attente moyenne de la navette", *(f"{_decimal(one.waiting_by_flow)}{FIRM}j" for one in plans)],
        ["Une demande sur deux servie en", *(days_and_hours(one) for one in found.delays.median_h)],
        ["Neuf demandes sur dix servies en", *(days_and_hours(one) for one in found.delays.ninety_h)],
    ]
    if any(one.co2_g is not None for one in plans):
        rows.insert(
            6, ["Émissions", *(f"{number(round((one.co2_g or 0) / 1000))}{FIRM}kg CO₂e" for one in plans)]
        )
    return rows


def _driving(one: Measured) -> int:
    return sum(one.plan.cost_cents.get(term, 0) for term in _DRIVING)


def _bars(title: str, names: list[str], amounts: list[int], words: Any) -> paper.Block:
    return paper.bars(
        ("Planning", title, ""),
        [(name, amount, words(amount)) for name, amount in zip(names, amounts, strict=True)],
        fills=list(range(len(names))),
        label_width=20,
        tight=3.5,
    )


def _villages(found: Comparison, network: Network) -> list[paper.Block]:
    """Where readers wait longer, and where less, under the last plan than under the first."""
    last, first = found.plans[-1].record.number, found.plans[0].record.number
    worse = [one for one in found.villages if one.change_days > 0]
    better = [one for one in reversed(found.villages) if one.change_days < 0]
    title = f"avec le n°{FIRM}{last} qu'avec le n°{FIRM}{first}"
    return [
        paper.pair(
            _list(f"On attend plus {title}", worse, network, "Nulle part."),
            _list(f"On attend moins {title}", better, network, "Nulle part."),
        )
    ]


def _list(title: str, found: Sequence[Village], network: Network, none: str) -> paper.Block:
    if not found:
        return paper.text([none], title=title)
    known = {site.id: site.name for site in network.sites}
    rows = [
        [
            _short(known.get(one.site, one.site), _NAME),
            f"{_decimal(one.waiting_days[0])}{FIRM}j → {_decimal(one.waiting_days[-1])}{FIRM}j",
        ]
        for one in found[:_NAMED]
    ]
    more = len(found) - len(rows)
    note = f"Et {count(more, 'autre')}." if more else ""
    return paper.table(["Bibliothèque", "attente moyenne"], rows, [60, 40], title=title, note=note, strong=())


def _foot(co2_source: str, plans: Sequence[Measured]) -> str:
    told = (
        "Coût de la route : tournées, heures et kilomètres aux prix du réseau. Attente moyenne de la "
        "navette : "
        "du moment où l'on demande au prochain passage, n'importe quand dans la semaine, chaque "
        "bibliothèque comptant selon les documents qu'elle échange. Délais : de chaque bibliothèque à "
        "chaque autre, à toute heure de la semaine."
    )
    source = f" Émissions : {co2_source}." if co2_source and plans[0].co2_g is not None else ""
    return told + source


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _decimal(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")
