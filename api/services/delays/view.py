"""What the page and the sheet of delays show: tables already put in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from api.services.delays.compare import compared
from api.wire.delays import WEIGHTING, DelaysOut, VillageDelays
from maps import words
from maps.delay_map import days_and_hours, delay_map, legend, shade
from models.communes import Commune
from models.network.values import Network
from models.service_day import IsoWeek

_ON_SHEET = 11


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """One plan, and the one before it where two are compared."""

    table: DelaysOut
    before: DelaysOut | None
    communes: tuple[Commune, ...] | None
    network: Network

    @property
    def plan_words(self) -> str:
        """« planning n° 12, semaine 49, du 30 novembre au 6 décembre 2026 »."""
        return _plan_words(self.table)

    @property
    def before_words(self) -> str:
        return _plan_words(self.before) if self.before else ""

    @property
    def figures(self) -> list[dict[str, str]]:
        """What stands above all else."""
        badly = sum(one.badly_served for one in self.table.villages)
        was = self.before or self.table
        told = [
            ("pour servir une demande sur deux", self.table.median_h, was.median_h),
            ("pour en servir neuf sur dix", self.table.ninety_h, was.ninety_h),
        ]
        found = [{"words": said, "value": self._moved(now, then)} for said, now, then in told]
        return [
            *found,
            {
                "words": f"mal {'desservie' if badly < 2 else 'desservies'} : {self.table.badly_means}",
                "value": words.count(badly, "bibliothèque"),
            },
        ]

    def _moved(self, now: int | None, was: int | None) -> str:
        if self.before is None:
            return days_and_hours(now)
        return f"{days_and_hours(was)} → {days_and_hours(now)}"

    @property
    def villages(self) -> list[VillageDelays]:
        """The worst off as receivers first."""
        return sorted(
            self.table.villages, key=lambda one: (-_rank(one.receiving.median_h), one.commune, one.site)
        )

    @property
    def badly(self) -> list[VillageDelays]:
        return [one for one in self.villages if one.badly_served]

    @property
    def moved(self) -> dict[str, str]:
        """Site → « 9 j → 7 j, mieux », where two plans are compared."""
        if self.before is None:
            return {}
        found = compared([self.before, self.table])
        worse, better = ({one.site for one in some} for some in (found.worse, found.better))
        return {
            one.site: f"{days_and_hours(one.median_h[0])} → {days_and_hours(one.median_h[-1])}, "
            + (
                "moins bien"
                if one.site in worse
                else "mieux"
                if one.site in better
                else "sans changement sensible"
            )
            for one in found.villages
        }

    @property
    def changed(self) -> list[VillageDelays]:
        """Who loses, then who gains."""
        if self.before is None:
            return []
        found = compared([self.before, self.table])
        by_site = {one.site: one for one in self.table.villages}
        return [by_site[one.site] for one in (*found.worse, *found.better)]

    @property
    def verdict(self) -> str:
        """How many villages gain and lose."""
        if self.before is None:
            return ""
        found = compared([self.before, self.table])
        gained, lost = len(found.better), len(found.worse)
        return (
            f"{_many(gained, 'y gagne', 'y gagnent')}, {_many(lost, 'y perd', 'y perdent')} ({found.felt})."
        )

    @property
    def map_svg(self) -> str:
        """The map; empty where no communes are known."""
        if not self.communes:
            return ""
        worst: dict[str, int | None] = {}
        for one in self.table.villages:
            h = one.receiving.median_h
            if one.insee not in worst or _rank(h) > _rank(worst[one.insee]):
                worst[one.insee] = h
        return delay_map(self.communes, worst, "Délai médian d’arrivée, en jours, par commune")

    @property
    def legend(self) -> list[dict[str, str]]:
        return [{"colour": colour, "words": said} for colour, said in legend()]


def cells(hours: Iterable[int | None]) -> list[tuple[int, str, str]]:
    """(shade, « 7,2 », « 7 j 4 h ») of each delay."""
    return [
        (shade(one), "–" if one is None else f"{one / 24:.1f}".replace(".", ","), days_and_hours(one))
        for one in hours
    ]


def sheet_data(shown: Shown) -> dict[str, Any]:
    """What the page for the council says."""
    moved = shown.moved
    compare = bool(moved)
    badly = shown.changed if compare else shown.badly
    rows = [
        [
            _named(one, shown.table),
            moved[one.site] if compare and one.site in moved else days_and_hours(one.receiving.median_h),
            days_and_hours(one.receiving.ninety_h),
            words.capital(one.reason) + ".",
        ]
        for one in badly[:_ON_SHEET]
    ]
    left = len(badly) - len(rows)
    title = "Délais entre les bibliothèques" + (", avant et après" if compare else "")
    return {
        "title": title,
        "organisation": shown.network.organisation or shown.network.name,
        "lead": f"{words.capital(shown.plan_words)}."
        + (f" Avant : {shown.before_words}. {shown.verdict}" if compare else ""),
        "figures": shown.figures,
        "map_title": "Combien de jours un document met à arriver, une fois sur deux",
        "map": shown.map_svg,
        "map_alt": "Carte des communes selon le délai médian d'arrivée ; voir aussi le tableau.",
        "legend": [*shown.legend, {"colour": "#FBFAF7", "words": "pas de bibliothèque"}],
        "table_title": f"Bibliothèques mal desservies : {shown.table.badly_means}"
        if not compare
        else "Bibliothèques qui y gagnent ou y perdent",
        "none": "Aucune.",
        "widths": [3, 3 if compare else 2, 2, 6],
        "columns": ["Bibliothèque", "Avant → après" if compare else "Médiane", "Neuf sur dix", "Pourquoi"],
        "rows": rows,
        "more": f"Et {words.count(left, 'autre')}, sur la page des délais." if left > 0 else "",
        "foot": f"{WEIGHTING} {basis(shown.table)}",
    }


def basis(table: DelaysOut) -> str:
    """Where the chances are from."""
    if table.learnt_visits:
        return f"Chances apprises de {words.count(table.learnt_visits, 'passage')}."
    return "Les chances d'un passage manqué sont supposées, tant que rien n'a été enregistré."


def _named(one: VillageDelays, table: DelaysOut) -> str:
    same = sum(other.commune == one.commune for other in table.villages)
    return one.commune if same < 2 else f"{one.commune} ({one.name})"


def named(table: DelaysOut) -> list[str]:
    """What each library is called: its commune, with its name where a commune has several."""
    return [_named(one, table) for one in table.villages]


def _many(how_many: int, one: str, more: str) -> str:
    """« aucune bibliothèque n'y perd », « 3 bibliothèques y perdent »."""
    if not how_many:
        return f"aucune bibliothèque n'{one}"
    return f"{words.count(how_many, 'bibliothèque')} {one if how_many == 1 else more}"


def _plan_words(table: DelaysOut) -> str:
    draft = ", brouillon" if table.draft else ""
    return f"planning n° {table.number}{draft}, {words.week(IsoWeek.parse(table.week))}"


def _rank(hours: int | None) -> int:
    return 10**6 if hours is None else hours
