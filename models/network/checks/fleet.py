"""Vehicles and drivers: can anybody drive at all, and without contradiction."""

from collections.abc import Iterator
from itertools import combinations

from models.errors import Finding
from models.network.checks.subject import Subject, meets
from models.network.rows import DRIVERS, LIBRARIES, VEHICLES
from models.network.values import Driver
from models.opening import open_windows
from models.values import TimeWindow


def fleet(subject: Subject) -> Iterator[Finding]:
    """Every finding about vehicles and drivers."""
    yield from _absent(subject)
    yield from _idle(subject)
    yield from _one_van_two_drivers(subject)
    for driver in subject.network.drivers:
        yield from _break(subject, driver)
        yield from _depot_closed(subject, driver)


def _absent(subject: Subject) -> Iterator[Finding]:
    network = subject.network
    if not network.depots:
        message = "aucun lieu de type « dépôt »."
        remedy = "Ajoutez le lieu d'où partent les tournées."
        yield Finding(where=LIBRARIES, message=message, remedy=remedy)
    if not network.vehicles:
        yield Finding(where=VEHICLES, message="aucun véhicule.", remedy="Ajoutez-en au moins un.")
    if not network.drivers:
        yield Finding(where=DRIVERS, message="aucun chauffeur.", remedy="Ajoutez-en au moins un.")


def _idle(subject: Subject) -> Iterator[Finding]:
    """Vehicles that nobody drives; drivers who never meet their vehicle: serious when nobody else drives."""
    network = subject.network
    driven = {driver.vehicle for driver in network.drivers}
    for vehicle in network.vehicles:
        if network.drivers and vehicle.id not in driven:
            message = "n'a pas de chauffeur : il ne sortira pas."
            yield subject.about(vehicle, message, "Ajoutez son chauffeur, ou retirez-le.", serious=False)
    nobody = not any(subject.all_spans(day) for day in subject.dates)
    for driver in network.drivers:
        if not any(subject.spans(driver, day) for day in subject.dates):
            message = f"n'a aucune heure commune avec son véhicule « {driver.vehicle} »."
            yield subject.about(driver, message, "Accordez leurs horaires.", serious=nobody)


def _one_van_two_drivers(subject: Subject) -> Iterator[Finding]:
    for first, second in combinations(subject.network.drivers, 2):
        if first.vehicle == second.vehicle and any(
            meets(subject.spans(first, day), subject.spans(second, day)) for day in subject.dates
        ):
            message = f"conduit « {first.vehicle} » aux mêmes heures que « {first.name} »."
            yield subject.about(second, message, "Séparez leurs horaires, ou donnez un autre véhicule.")


def _break(subject: Subject, driver: Driver) -> Iterator[Finding]:
    """The break fits its window, and some span of work holds that window."""
    window, minutes = driver.break_window, driver.break_s // 60
    if window is None:
        if minutes:
            message = f"a {minutes} min de pause, sans dire entre quelles heures."
            yield subject.about(driver, message, "Remplissez « pause_entre », par exemple 11:45-13:45.")
        return
    if not minutes:
        message = "a des heures de pause, sans durée."
        yield subject.about(driver, message, "Remplissez « pause_min ».", serious=False)
    elif driver.break_s > window.late - window.early:
        message = f"doit faire {minutes} min de pause dans {(window.late - window.early) // 60} min."
        yield subject.about(driver, message, "Raccourcissez « pause_min », ou élargissez « pause_entre ».")
    elif not any(_holds(span, window) for span in _all(subject, driver, window)):
        message = "a des heures de pause qui ne tombent dans aucune de ses plages de travail."
        yield subject.about(driver, message, "Corrigez « pause_entre », ou videz-la.", serious=False)


def _all(subject: Subject, driver: Driver, default: TimeWindow) -> list[TimeWindow]:
    """Every span of a driver's week; `default` alone for who never drives, which is told elsewhere."""
    return [span for day in subject.dates for span in subject.spans(driver, day)] or [default]


def _holds(span: TimeWindow, window: TimeWindow) -> bool:
    return span.early <= window.early and window.late <= span.late


def _depot_closed(subject: Subject, driver: Driver) -> Iterator[Finding]:
    """A round begins and ends at a depot that is open."""
    network = subject.network
    depot = network.site(network.vehicle(driver.vehicle).depot)
    for day in subject.dates:
        opening = open_windows(depot.shuttle_hours or depot.opening, day)
        if not all(any(_holds(window, span) for window in opening) for span in subject.spans(driver, day)):
            message = f"travaille à des heures où le dépôt « {depot.name} » est fermé."
            yield subject.about(driver, message, "Accordez leurs horaires.", serious=False)
            return
