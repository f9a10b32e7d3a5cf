"""Fill the empty cells of a libraries sheet with assumed values, and mark them."""

from collections.abc import Iterable, Mapping
from statistics import median

from models.errors import InputError
from models.network.assume.access import Facts, door
from models.network.assume.clock import opening_hours
from models.network.assume.hours import opening_week
from models.network.assume.volumes import volumes
from models.network.cells import ASSUMABLE
from models.network.values import SiteKind

Cells = dict[str, str]

# the fact that is assumed → the cells that tell it; the first one empty means that nobody has told it
TOLD_BY = {
    "horaires": ("horaires",),
    "accès": ("acces", "horaires_navette", "note_acces"),
    "fréquence": ("passages_par_semaine", "ecart_min_jours"),
    "bacs": ("bacs_deposes", "bacs_pris", "documents_par_semaine"),
}
_SMALL = 1000  # inhabitants: smaller villages are compared among themselves


def fill(rows: Iterable[Cells], inhabitants: Mapping[str, int]) -> list[Cells]:
    """The rows, their empty cells told; `inhabitants` by INSEE code. Filled cells stay as they are."""
    rows = list(rows)
    return [_filled(row, rows, inhabitants) if row["type"] == SiteKind.LIBRARY else row for row in rows]


def _filled(row: Cells, rows: list[Cells], inhabitants: Mapping[str, int]) -> Cells:
    facts = _facts(row, rows, inhabitants)
    proposed = _proposed(facts)
    filled, assumed = dict(row), set(row["suppose"].split())
    for fact, columns in TOLD_BY.items():
        if not row[columns[0]]:
            filled.update({column: proposed[column] for column in columns})
            assumed.add(fact)
    filled["suppose"] = " ".join(name for name in ASSUMABLE if name in assumed)
    return filled


def _proposed(facts: Facts) -> Cells:
    week = opening_week(facts.key, facts.minutes)
    entrance, flow = door(facts, week), volumes(facts)
    return {
        "horaires": opening_hours(week),
        "acces": entrance.access,
        "horaires_navette": entrance.hours,
        "note_acces": entrance.note,
        "passages_par_semaine": str(flow.visits),
        "ecart_min_jours": str(flow.gap_days),
        "bacs_deposes": str(flow.crates),
        "bacs_pris": str(flow.crates),
        "documents_par_semaine": str(flow.documents),
    }


def _facts(row: Cells, rows: list[Cells], inhabitants: Mapping[str, int]) -> Facts:
    """What is known; hours and stock that are not are the median of volunteer libraries of like villages."""
    small = inhabitants[row["insee"]] < _SMALL
    peers = [
        peer
        for peer in rows
        if peer["salaries"] == "0" and (inhabitants[peer["insee"]] < _SMALL) == small and peer["heures_hebdo"]
    ]
    hours = _number(row["heures_hebdo"]) if row["heures_hebdo"] else _median(peers, "heures_hebdo")
    stock = _number(row["livres"]) if row["livres"] else _median(peers, "livres")
    return Facts(
        key=row["identifiant"],
        address=row["adresse"],
        stand_in="site" in row["suppose"].split(),
        minutes=round(60 * hours) if row["heures_hebdo"] else 30 * round(2 * hours),
        inhabitants=inhabitants[row["insee"]],
        employees=int(_number(row["salaries"] or "0")),
        volunteers=int(_number(row["benevoles"] or "0")),
        floor_m2=int(_number(row["surface_m2"] or "0")),
        stock=int(stock),
    )


def _median(peers: list[Cells], column: str) -> float:
    known = [_number(peer[column]) for peer in peers if peer[column]]
    if not known:
        raise InputError(f"Aucune bibliothèque semblable ne donne « {column} » : remplissez-la.")
    return median(known)


def _number(text: str) -> float:
    """A number that the sheet's check has accepted: with a comma or a point."""
    return float(text.replace(",", "."))
