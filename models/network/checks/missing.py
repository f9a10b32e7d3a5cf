"""What nobody has told or confirmed yet: never a fault, one line for each kind."""

from collections.abc import Iterator

from models.errors import Finding
from models.network.cells import ASSUMABLE
from models.network.checks.subject import Subject
from models.network.rows import DRIVERS, LIBRARIES, VEHICLES
from models.network.settings import SETTINGS
from models.network.values import SiteKind

_CONFIRM = "Complétez, puis retirez le mot de la colonne « suppose »."


def missing(subject: Subject) -> Iterator[Finding]:
    """Warnings about what is assumed, absent or left to complete."""
    network = subject.network
    yield from _assumed(subject)
    served = [site for site in network.sites if site.kind is SiteKind.LIBRARY]
    silent = sum(not site.phone for site in served)
    if silent:
        message = f"téléphones connus : {len(served) - silent} sur {len(served)} bibliothèques."
        yield _remark(LIBRARIES, message, "Complétez les autres : le chauffeur peut avoir à appeler.")
    yield from _communes_without(subject)
    for where, noun, things in (
        (VEHICLES, "véhicule", network.vehicles),
        (DRIVERS, "chauffeur", network.drivers),
    ):
        count = sum(thing.assumed for thing in things)
        if count:
            plural = "s" if count > 1 else ""
            message = f"{count} {noun}{plural} supposé{plural} sur {len(things)}."
            yield _remark(where, message, "Confirmez, puis videz la colonne « suppose ».")
    if "compléter" in network.coordinator.phone:
        message = "le téléphone de la coordination est à compléter."
        yield _remark(SETTINGS, message, "C'est le numéro que le chauffeur appelle.")


def _assumed(subject: Subject) -> Iterator[Finding]:
    sites = subject.network.sites
    counts = {name: sum(name in site.assumed for site in sites) for name in ASSUMABLE}
    told = ", ".join(f"{name} {count}" for name, count in counts.items() if count)
    if told:
        yield _remark(LIBRARIES, f"faits supposés, sur {len(sites)} lieux : {told}.", _CONFIRM)


def _communes_without(subject: Subject) -> Iterator[Finding]:
    served = {site.insee for site in subject.network.libraries}
    names = [commune.name for insee, commune in subject.communes.items() if insee not in served]
    if names:
        message = f"communes sans bibliothèque, {len(names)} : {', '.join(sorted(names))}."
        yield _remark(LIBRARIES, message, "Rien à faire si c'est exact.")


def _remark(where: str, message: str, remedy: str) -> Finding:
    return Finding(where=where, message=message, remedy=remedy, serious=False)
