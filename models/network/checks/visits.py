"""Visits: can each site be served as often, and with as many crates, as it is said to be."""

from collections.abc import Iterator
from itertools import combinations

from models.errors import Finding
from models.network.checks.subject import Subject
from models.network.values import Access, Site, SiteKind
from models.opening import open_windows

_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


def visits(subject: Subject) -> Iterator[Finding]:
    """Every finding about hours, days and crates, site by site."""
    for site in subject.network.sites:
        if site.kind is SiteKind.LIBRARY and not site.visits_per_week:
            message = "n'a aucun passage par semaine : la navette l'ignore."
            yield subject.about(site, message, "Remplissez « passages_par_semaine ».", serious=False)
        if site.visits_per_week:
            yield from _days(subject, site)
            yield from _crates(subject, site)
            if site.opening:
                yield from _access(subject, site)
        yield from _declared(subject, site)


def days_apart(days: tuple[int, ...], gap: int) -> bool:
    """Whether days of a week that repeats are at least `gap` days apart."""
    return all(min((b - a) % 7, (a - b) % 7) >= gap for a, b in combinations(days, 2))


def _days(subject: Subject, site: Site) -> Iterator[Finding]:
    if not (site.shuttle_hours or site.opening):
        yield subject.about(site, "n'a pas d'horaires.", "Remplissez « horaires » ou « horaires_navette ».")
        return
    days = tuple(k for k in range(7) if _reachable(subject, site, k))
    if not days and any(subject.all_spans(day) for day in subject.dates):
        yield subject.about(
            site,
            "n'ouvre jamais pendant les heures d'un chauffeur.",
            "Élargissez « horaires_navette » (clé, boîte, mairie…), ou les horaires d'un chauffeur.",
        )
    wanted = site.visits_per_week
    if days and not any(days_apart(choice, site.min_gap_days) for choice in combinations(days, wanted)):
        apart = f", espacés de {site.min_gap_days} jours" if site.min_gap_days > 1 and wanted > 1 else ""
        reachable = ", ".join(_DAYS[k] for k in days)
        yield subject.about(
            site,
            f"veut {wanted} passages par semaine{apart}, mais n'est accessible que : {reachable}.",
            "Réduisez « passages_par_semaine » ou « ecart_min_jours », ou élargissez ses horaires.",
            serious=False,
        )


def _reachable(subject: Subject, site: Site, weekday: int) -> bool:
    """Whether service may begin on that day before some driver's span ends, the closing margin taken off.

    An opening shorter than the margin leaves its first instant.
    """
    day, margin = subject.dates[weekday], subject.network.rules.closing_margin_s
    return any(
        window.early < span.late and span.early <= max(window.early, window.late - margin)
        for window in site.shuttle_windows(day)
        for span in subject.all_spans(day)
    )


def _crates(subject: Subject, site: Site) -> Iterator[Finding]:
    largest = max((vehicle.capacity for vehicle in subject.network.vehicles), default=None)
    crates = max(site.deliver, site.collect)
    if largest is not None and crates > largest:
        message = f"reçoit ou donne {crates} bacs par passage, le plus grand véhicule en porte {largest}."
        yield subject.about(site, message, "Réduisez les bacs, ou ajoutez des passages.")


def _access(subject: Subject, site: Site) -> Iterator[Finding]:
    """The access and its hours agree: only « ouverture » keeps to the public hours."""
    if site.access is not Access.OPENING:
        if not site.shuttle_hours:
            message = (
                f"a l'accès « {site.access} » sans « horaires_navette » : les heures d'ouverture servent."
            )
            remedy = "Remplissez-les, ou choisissez l'accès « ouverture »."
            yield subject.about(site, message, remedy, serious=False)
    elif site.shuttle_hours and not _within_opening(subject, site):
        message = "a l'accès « ouverture » et des heures de navette hors de son ouverture."
        yield subject.about(site, message, "Choisissez un autre accès, ou accordez-les.", serious=False)


def _within_opening(subject: Subject, site: Site) -> bool:
    return all(
        any(
            public.early <= window.early and window.late <= public.late for public in site.public_windows(day)
        )
        for day in subject.dates
        for window in site.shuttle_windows(day)
    )


def _declared(subject: Subject, site: Site) -> Iterator[Finding]:
    """The hours told add up to the weekly total told."""
    declared = subject.declared.get(site.id)
    told = sum(
        window.late - window.early for day in subject.dates for window in open_windows(site.opening, day)
    )
    if declared is not None and site.opening and told != 60 * declared:
        message = (
            f"ouvre {_hours(told)} par semaine selon « horaires », "
            f"{_hours(60 * declared)} selon « heures_hebdo »."
        )
        yield subject.about(site, message, "Accordez les deux.", serious=False)


def _hours(seconds: int) -> str:
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours} h {minutes:02d}" if minutes else f"{hours} h"
