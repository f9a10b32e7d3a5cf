"""Rows of the network's three sheets → sites, vehicles, drivers. The column titles are named here alone."""

from models.network.cells import Cells
from models.network.values import Access, Driver, Site, SiteKind, Vehicle
from models.values import Coordinates

LIBRARIES, VEHICLES, DRIVERS = "libraries.csv", "vehicles.csv", "drivers.csv"

SITE_REQUIRED = (
    "identifiant nom type commune insee adresse code_postal lon lat horaires acces "
    "passages_par_semaine bacs_deposes bacs_pris"
)
SITE_OPTIONAL = (
    "horaires_navette note_acces telephone ecart_min_jours documents_par_semaine heures_hebdo surface_m2 "
    "livres salaries benevoles suppose source"
)
FACTS = ("surface_m2", "livres", "salaries", "benevoles", "source")  # told of a library, used by no plan
VEHICLE_REQUIRED = "identifiant nom depot capacite_bacs horaires"
VEHICLE_OPTIONAL = "vitesse_pct cout_tournee_eur cout_km_eur suppose"
DRIVER_REQUIRED = "identifiant nom vehicule horaires"
DRIVER_OPTIONAL = "telephone cout_heure_eur pause_min pause_entre suppose"

COLUMNS = {
    LIBRARIES: (SITE_REQUIRED, SITE_OPTIONAL),
    VEHICLES: (VEHICLE_REQUIRED, VEHICLE_OPTIONAL),
    DRIVERS: (DRIVER_REQUIRED, DRIVER_OPTIONAL),
}


def site(cells: Cells) -> Site:
    """A row of libraries.csv."""
    return Site(
        id=cells.identifier(),
        name=cells.needed("nom"),
        kind=cells.word("type", SiteKind, SiteKind.LIBRARY),
        commune=cells.needed("commune"),
        insee=_code(cells, "insee"),
        address=cells.text("adresse"),
        postcode=_code(cells, "code_postal"),
        point=_point(cells),
        opening=cells.hours("horaires"),
        shuttle_hours=cells.hours("horaires_navette"),
        access=cells.word("acces", Access, Access.OPENING),
        access_note=cells.text("note_acces"),
        phone=cells.phone(),
        visits_per_week=cells.whole("passages_par_semaine", 0, high=7),
        min_gap_days=cells.whole("ecart_min_jours", 1, low=1, high=7),
        deliver=cells.whole("bacs_deposes", 0, high=1000),
        collect=cells.whole("bacs_pris", 0, high=1000),
        weekly_documents=cells.whole("documents_par_semaine", 0),
        assumed=cells.assumed(),
    )


def declared_minutes(cells: Cells) -> int | None:
    """The weekly total that a library declares, in minutes; None where it declares none."""
    hours = cells.number("heures_hebdo", -1, 0, 168)
    return round(60 * hours) if hours >= 0 else None


def vehicle(cells: Cells) -> Vehicle:
    """A row of vehicles.csv."""
    return Vehicle(
        id=cells.identifier(),
        name=cells.needed("nom"),
        depot=cells.needed("depot"),
        capacity=cells.whole("capacite_bacs", 1, low=1, high=10_000),
        hours=cells.hours("horaires"),
        speed_percent=cells.whole("vitesse_pct", 100, low=20, high=200),
        run_cents=cells.cents("cout_tournee_eur"),
        km_cents=cells.cents("cout_km_eur"),
        assumed=cells.yes("suppose", default=False),
    )


def driver(cells: Cells) -> Driver:
    """A row of drivers.csv."""
    return Driver(
        id=cells.identifier(),
        name=cells.needed("nom"),
        vehicle=cells.needed("vehicule"),
        hours=cells.hours("horaires"),
        phone=cells.phone(),
        hour_cents=cells.cents("cout_heure_eur"),
        break_s=60 * cells.whole("pause_min", 0, high=240),
        break_window=cells.between("pause_entre"),
        assumed=cells.yes("suppose", default=False),
    )


def _code(cells: Cells, column: str) -> str:
    """An INSEE code or a postcode: five characters, the leading zero that spreadsheets drop put back."""
    text = cells.needed(column)
    code = f"0{text}" if len(text) == 4 and text.isdigit() else text
    if text and not (len(code) == 5 and code.isalnum()):
        cells.complain(f"« {column} » vaut « {text} ».", "Donnez les cinq caractères du code.")
    return code


def _point(cells: Cells) -> Coordinates:
    """The position, in degrees to 7 decimals, a centimetre: as many as any form of a network keeps.

    Swapped coordinates of mainland France are recognised as such.
    """
    lon, lat = cells.number("lon", 0, -180, 180), cells.number("lat", 0, -180, 180)
    for column in ("lon", "lat"):
        if column in cells.row.cells:
            cells.needed(column)
    if 41 <= lon <= 52 and -6 <= lat <= 10:
        cells.complain("la longitude et la latitude sont inversées.", "Échangez « lon » et « lat ».")
        lon, lat = lat, lon
    if abs(lat) > 90:
        cells.complain(f"« lat » vaut {lat:g}.", "Donnez une latitude en degrés, entre -90 et 90.")
        lat = 0.0
    return Coordinates(lon=round(lon, 7), lat=round(lat, 7))
