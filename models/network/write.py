"""Sites, vehicles and drivers → the cells that `read` makes them from again, and whole files of them."""

import csv
import io
import json
from collections.abc import Iterable, Mapping

from models.network.annexes import ANNEX_TITLES
from models.network.cells import ASSUMABLE
from models.network.rows import DRIVERS, LIBRARIES, VEHICLES
from models.network.settings import RULES
from models.network.sheet import guarded
from models.network.values import Driver, Network, Site, Vehicle

_SITE = (
    "identifiant nom type commune insee adresse code_postal lon lat horaires horaires_navette acces "
    "note_acces telephone passages_par_semaine ecart_min_jours bacs_deposes bacs_pris documents_par_semaine "
    "heures_hebdo surface_m2 livres salaries benevoles suppose source"
)
_VEHICLE = "identifiant nom depot capacite_bacs horaires vitesse_pct cout_tournee_eur cout_km_eur suppose"
_DRIVER = "identifiant nom vehicule horaires telephone cout_heure_eur pause_min pause_entre suppose"
_NUMBERS = (
    "lon lat passages_par_semaine ecart_min_jours bacs_deposes bacs_pris documents_par_semaine heures_hebdo "
    "capacite_bacs vitesse_pct cout_tournee_eur cout_km_eur cout_heure_eur pause_min"
)
# The titles of each file, in the order in which they are written.
TITLES: Mapping[str, tuple[str, ...]] = {
    LIBRARIES: tuple(_SITE.split()),
    VEHICLES: tuple(_VEHICLE.split()),
    DRIVERS: tuple(_DRIVER.split()),
}
_WRITTEN = {**TITLES, **ANNEX_TITLES}
# The cells that are numbers: all others are texts, also where they look like numbers (codes, telephones).
NUMBERS = frozenset(_NUMBERS.split())


def site_cells(
    site: Site, declared_minutes: int | None = None, facts: Mapping[str, str] | None = None
) -> dict[str, str]:
    """A row of libraries.csv."""
    return {
        "identifiant": site.id,
        "nom": site.name,
        "type": site.kind,
        "commune": site.commune,
        "insee": site.insee,
        "adresse": site.address,
        "code_postal": site.postcode,
        "lon": repr(site.point.lon),
        "lat": repr(site.point.lat),
        "horaires": site.opening,
        "horaires_navette": site.shuttle_hours,
        "acces": site.access,
        "note_acces": site.access_note,
        "telephone": site.phone,
        "passages_par_semaine": str(site.visits_per_week),
        "ecart_min_jours": str(site.min_gap_days),
        "bacs_deposes": str(site.deliver),
        "bacs_pris": str(site.collect),
        "documents_par_semaine": str(site.weekly_documents),
        "heures_hebdo": "" if declared_minutes is None else f"{declared_minutes / 60:g}",
        **dict.fromkeys(("surface_m2", "livres", "salaries", "benevoles"), ""),
        "suppose": assumed_cell(site.assumed),
        "source": "",
        **(facts or {}),
    }


def vehicle_cells(vehicle: Vehicle) -> dict[str, str]:
    """A row of vehicles.csv."""
    return {
        "identifiant": vehicle.id,
        "nom": vehicle.name,
        "depot": vehicle.depot,
        "capacite_bacs": str(vehicle.capacity),
        "horaires": vehicle.hours,
        "vitesse_pct": str(vehicle.speed_percent),
        "cout_tournee_eur": euros_cell(vehicle.run_cents),
        "cout_km_eur": euros_cell(vehicle.km_cents),
        "suppose": yes_cell(vehicle.assumed),
    }


def driver_cells(driver: Driver) -> dict[str, str]:
    """A row of drivers.csv. Pauses are told in whole minutes."""
    window = driver.break_window
    return {
        "identifiant": driver.id,
        "nom": driver.name,
        "vehicule": driver.vehicle,
        "horaires": driver.hours,
        "telephone": driver.phone,
        "cout_heure_eur": euros_cell(driver.hour_cents),
        "pause_min": str(driver.break_s // 60),
        "pause_entre": f"{_clock(window.early)}-{_clock(window.late)}" if window else "",
        "suppose": yes_cell(driver.assumed),
    }


def assumed_cell(assumed: Iterable[str]) -> str:
    """The words of the column `suppose` of a site, in their usual order."""
    kept = set(assumed)
    return " ".join(word for word in ASSUMABLE if word in kept)


def euros_cell(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def yes_cell(value: bool) -> str:
    return "oui" if value else "non"


def _clock(second: int) -> str:
    return f"{second // 3600:02d}:{second // 60 % 60:02d}"


def titles_of(name: str) -> tuple[str, ...]:
    """The titles of a file of the network, or of one that hangs on it, as they are written."""
    return _WRITTEN[name]


def sheet_csv(name: str, rows: Iterable[Mapping[str, str]]) -> str:
    """A whole CSV file; texts that look like formulas are guarded."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    titles = titles_of(name)
    writer.writerow(titles)
    for row in rows:
        writer.writerow(
            [row.get(title, "") if title in NUMBERS else guarded(row.get(title, "")) for title in titles]
        )
    return stream.getvalue()


def settings_toml(network: Network) -> str:
    """network.toml."""
    rules = network.rules
    lines = [
        f"identifiant = {_toml(network.id)}",
        f"nom = {_toml(network.name)}",
        f"organisation = {_toml(network.organisation)}",
        "",
        "[coordination]",
        f"nom = {_toml(network.coordinator.name)}",
        f"telephone = {_toml(network.coordinator.phone)}",
        f"courriel = {_toml(network.coordinator.email)}",
        "",
        "[regles]",
    ]
    for key, (field, factor) in RULES.items():
        value = getattr(rules, field)
        lines.append(f"{key} = {value // factor if value % factor == 0 else value / factor}")
    return "\n".join(lines) + "\n"


def _toml(text: str) -> str:
    """A basic string: JSON's escapes are TOML's, but for what JSON leaves as it is and TOML does not."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
