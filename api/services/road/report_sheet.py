"""The activity report of a period, ready for the yearly report of a network: what was driven, done, moved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session

from api.repositories.outcomes import Period
from api.services.network_records import network_of
from api.services.road.report import report
from api.wire.reports import ReportOut, SiteReportOut, TotalsOut
from maps import paper
from maps.words import FIRM, count, day_and_year, distance, duration, euros, number
from models.network.values import Network

_MOST_MONTHS = 24
_WAYS = 12
_ENDS = 9  # of the worst and of the best served
_MONTHS = (
    "janv.", "févr.", "mars", "avril", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Month:
    """One calendar month of the period, as far as the period holds it."""

    first: date
    totals: TotalsOut


@dataclass(frozen=True, kw_only=True, slots=True)
class Activity:
    """A period in figures, month by month where there are at least two."""

    whole: ReportOut
    months: tuple[Month, ...]
    network: Network
    co2_g_per_km: int | None
    co2_source: str


def activity(
    session: Session, period: Period, today: date, co2_g_per_km: int | None, co2_source: str
) -> Activity:
    """What is to be printed of a period; the last two years of a longer one month by month."""
    spans = _months(period)[-_MOST_MONTHS:]
    months = [
        Month(first=span.first, totals=report(session, span, today).totals)
        for span in spans
        if span.first <= today
    ]
    return Activity(
        whole=report(session, period, today),
        months=tuple(months) if len(months) > 1 else (),
        network=network_of(session),
        co2_g_per_km=co2_g_per_km,
        co2_source=co2_source,
    )


def sheet_data(found: Activity, today: date) -> Mapping[str, Any]:
    """What is printed."""
    whole = found.whole
    return {
        "title": "La navette : rapport d'activité",
        "organisation": f"{found.network.name} · {found.network.organisation}",
        "lead": f"Du {day_and_year(whole.first)} au {day_and_year(whole.last)}.",
        "blocks": [
            paper.figures(_figures(whole.totals)),
            paper.text(_sentences(found)),
            *_over_time(found),
            *_equity(found),
            *_sites(found),
            *_ways(found),
        ],
        "running": f"Rapport d'activité imprimé le {day_and_year(today)}",
        "foot": _foot(found),
    }


def _figures(totals: TotalsOut) -> list[tuple[str, str]]:
    return [
        (number(totals.rounds_driven), _plural(totals.rounds_driven, "tournée faite", "tournées faites")),
        (distance(totals.metres_driven), "parcourus"),
        (number(totals.visits_done), _plural(totals.visits_done, "passage fait", "passages faits")),
        (_percent(totals.punctual_permille), "commencés dans le créneau annoncé"),
        (number(totals.crates_delivered), _plural(totals.crates_delivered, "bac déposé", "bacs déposés")),
        (
            number(totals.documents_arrived),
            _plural(totals.documents_arrived, "document arrivé", "documents arrivés"),
        ),
        (duration(totals.seconds_driven), "sur la route"),
        (euros(totals.cost_cents), "aux prix du réseau"),
    ]


def _sentences(found: Activity) -> list[str]:
    totals = found.whole.totals
    if not totals.visits_planned and not totals.rounds_driven:
        return ["Aucune tournée n'a été publiée ni pointée pendant cette période."]
    told = [
        f"{count(totals.visits_planned, 'passage était prévu', 'passages étaient prévus')} : "
        f"{count(totals.visits_done, 'fait')}, "
        f"{count(totals.visits_closed, 'porte close', 'portes closes')}, "
        f"{count(totals.visits_missed, 'manqué')}."
    ]
    if totals.visits_useless:
        told.append(
            f"À {count(totals.visits_useless, 'passage')}, rien n'a été échangé "
            f"({_percent(_share(totals.visits_useless, totals.visits_done))} des passages faits)."
        )
    if totals.rounds_driven:
        told.append(
            f"Une tournée parcourt en moyenne {distance(totals.metres_driven // totals.rounds_driven)} "
            f"et coûte {euros(totals.cost_cents // totals.rounds_driven)} ; un passage fait, "
            f"{euros(totals.cost_cents // max(1, totals.visits_done), exact=True)}."
        )
    if found.co2_g_per_km is not None:
        kilos = totals.metres_driven * found.co2_g_per_km // 1_000_000
        told.append(f"Émissions : {number(kilos)}{FIRM}kg CO₂e.")
    return told


def _over_time(found: Activity) -> list[paper.Block]:
    if not found.months:
        return []
    kilometres = [
        (_month(one.first), [one.totals.metres_driven], number(round(one.totals.metres_driven / 1000)))
        for one in found.months
    ]
    visits = [
        (
            _month(one.first),
            [one.totals.visits_done, one.totals.visits_closed, one.totals.visits_missed],
            number(one.totals.visits_planned),
        )
        for one in found.months
    ]
    crates = [
        (_month(one.first), [one.totals.crates_delivered], number(one.totals.crates_delivered))
        for one in found.months
    ]
    return [
        paper.columns(visits, key=("faits", "portes closes", "manqués"), title="Passages prévus, par mois"),
        paper.columns(kilometres, title="Kilomètres, par mois"),
        paper.columns(crates, title="Bacs déposés, par mois"),
    ]


def _equity(found: Activity) -> list[paper.Block]:
    """The longest and the shortest waits between two visits: who is served worst, who best."""
    known = [one for one in found.whole.sites if one.mean_wait_tenths is not None]
    if not known:
        return []
    ordered = sorted(known, key=lambda one: (-(one.mean_wait_tenths or 0), one.site))
    shown = ordered if len(ordered) <= 2 * _ENDS else [*ordered[:_ENDS], *ordered[-_ENDS:]]
    note = (
        f"Les {_ENDS} bibliothèques qui attendent le plus, puis les {_ENDS} qui attendent le moins ; toutes "
        "sont dans le tableau qui suit."
        if len(shown) < len(ordered)
        else ""
    )
    split = _ENDS if len(shown) < len(ordered) else len(shown)
    items = [
        (_name(found, one), float(one.mean_wait_tenths or 0), f"{_tenths(one.mean_wait_tenths)}{FIRM}j")
        for one in shown
    ]
    if len(shown) < len(ordered):
        items.insert(split, ("…", 0.0, ""))
    return [
        paper.bars(
            ("Bibliothèque", "Jours entre deux passages faits, en moyenne", ""),
            items,
            title="Équité entre les villages",
            note=note,
            fills=[0 if k < split else 2 for k in range(len(items))],
            label_width=38,
            tight=1.4,
        )
    ]


def _sites(found: Activity) -> list[paper.Block]:
    if not found.whole.sites:
        return []
    rows = [
        [
            _name(found, one),
            f"{number(one.done)} / {number(one.planned)}",
            _percent(one.punctual_permille),
            number(one.delivered),
            number(one.picked_up),
            number(one.balance),
            _tenths(one.mean_wait_tenths),
        ]
        for one in sorted(found.whole.sites, key=lambda one: _name(found, one))
    ]
    heads = ("Bibliothèque", "faits / prévus", "à l'heure", "déposés", "repris", "solde", "attente (j)")
    return [
        paper.table(
            heads, rows, [40, 17, 12, 11, 10, 9, 14], title="Bibliothèque par bibliothèque", strong=()
        )
    ]


def _ways(found: Activity) -> list[paper.Block]:
    ranked = sorted(found.whole.flows, key=lambda one: (-(one.documents + one.items), one.origin))
    some = [one for one in ranked if one.documents + one.items][:_WAYS]
    if not some:
        return []
    rows = [
        [
            f"{_site(found, one.origin)} → {_site(found, one.destination)}",
            number(one.documents),
            number(one.items),
        ]
        for one in some
    ]
    heads = ("De, vers", "annoncés", "demandés")
    return [
        paper.table(heads, rows, [70, 15, 15], title="Les trajets les plus chargés, en documents", strong=())
    ]


def _foot(found: Activity) -> str:
    told = (
        "Prévu : les tournées publiées jusqu'à aujourd'hui. Parcouru : celles qu'un pointage confirme, par "
        "la route du planning ; le temps va du premier au dernier pointage. À l'heure : passages dont le "
        "début est connu et tombe dans le créneau annoncé. Solde : bacs déposés moins bacs repris."
    )
    if found.co2_g_per_km is not None and found.co2_source:
        told += f" Émissions : {found.co2_g_per_km} g par kilomètre, {found.co2_source}."
    return told


def _months(period: Period) -> list[Period]:
    found, first = [], period.first
    while first <= period.last:
        after = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        found.append(Period(first=first, last=min(period.last, after - timedelta(days=1))))
        first = after
    return found


def _month(first: date) -> str:
    return _MONTHS[first.month - 1]


def _name(found: Activity, one: SiteReportOut) -> str:
    return _site(found, one.site) if _known(found, one.site) else one.commune


def _site(found: Activity, code: str) -> str:
    return found.network.site(code).name if _known(found, code) else code


def _known(found: Activity, code: str) -> bool:
    return any(one.id == code for one in found.network.sites)


def _percent(permille: int | None) -> str:
    if permille is None:
        return "—"
    return f"{permille // 10},{permille % 10}{FIRM}%"


def _share(some: int, of: int) -> int | None:
    return 1000 * some // of if of else None


def _tenths(tenths: int | None) -> str:
    return "—" if tenths is None else f"{tenths // 10},{tenths % 10}"


def _plural(how_many: int, one: str, many: str) -> str:
    return one if how_many < 2 else many
