"""Places: told twice, or not where they are said to be."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations, islice
from math import cos, hypot, radians

from shapely.affinity import scale
from shapely.geometry import Point

from models.communes import Commune
from models.errors import Finding
from models.network.checks.subject import Subject
from models.network.sheet import plain
from models.network.values import Site, SiteKind
from models.values import Coordinates

SAME_PLACE_M = 20
OUTLINE_M = 100  # the outlines are simplified: one town hall stands 34 m outside its own commune
LOST_M = 2000
_DEGREE_M = 111_195  # a degree of latitude on a sphere of 6,371 km


def places(subject: Subject) -> Iterator[Finding]:
    """Every finding about where sites are."""
    yield from _twice(subject)
    for site in subject.network.sites:
        commune = subject.communes.get(site.insee)
        if commune is None:
            yield from _unknown_commune(subject, site)
        else:
            yield from _names(subject, site, commune)
            yield from _outside(subject, site, commune)


def metres_between(a: Coordinates, b: Coordinates) -> float:
    """Distance on a plane that touches the sphere between the two: right to 0.1 % over a few kilometres."""
    shrink = cos(radians((a.lat + b.lat) / 2))
    return _DEGREE_M * hypot((a.lon - b.lon) * shrink, a.lat - b.lat)


def metres_outside(point: Coordinates, commune: Commune) -> float:
    """How far a point is from a commune, 0 inside."""
    centre = (point.lon, point.lat)
    # Degrees of longitude shortened around the point: distances are then even in all directions.
    outline = scale(commune.polygon, xfact=cos(radians(point.lat)), yfact=1, origin=(*centre, 0))
    return float(outline.distance(Point(centre))) * _DEGREE_M


def _twice(subject: Subject) -> Iterator[Finding]:
    sites = subject.network.sites
    names = [(plain(site.name), site.insee) for site in sites]
    for k, j in sorted({*_alike(names), *_near(sites)}):
        first, second = sites[k], sites[j]
        line = subject.line(first)
        where = f"à la ligne {line}" if line else f"sous l'identifiant {first.id}"
        if names[k] == names[j]:
            message = f"figure déjà {where}, dans la même commune."
            yield subject.about(second, message, "Supprimez l'une des deux lignes, ou changez son nom.")
        else:
            apart = round(metres_between(first.point, second.point))
            message = f"est à {apart} m de « {first.name} » ({where})."
            remedy = "Vérifiez qu'il s'agit bien de deux lieux, et leurs positions."
            yield subject.about(second, message, remedy, serious=False)


def _alike(names: list[tuple[str, str]]) -> Iterator[tuple[int, int]]:
    """Pairs of sites of one name in one commune."""
    ranks = defaultdict(list)
    for rank, name in enumerate(names):
        ranks[name].append(rank)
    for same in ranks.values():
        yield from combinations(same, 2)


def _near(sites: tuple[Site, ...]) -> Iterator[tuple[int, int]]:
    """Pairs of sites in the same place, looked for from south to north: few are ever compared."""
    northwards = sorted(range(len(sites)), key=lambda rank: sites[rank].point.lat)
    for place, k in enumerate(northwards):
        for j in islice(northwards, place + 1, None):
            if (sites[j].point.lat - sites[k].point.lat) * _DEGREE_M >= SAME_PLACE_M:
                break
            if metres_between(sites[k].point, sites[j].point) < SAME_PLACE_M:
                yield min(k, j), max(k, j)


def _unknown_commune(subject: Subject, site: Site) -> Iterator[Finding]:
    if site.kind is not SiteKind.PARTNER:
        message = f"porte le code INSEE {site.insee}, absent de communes.geojson."
        yield subject.about(site, message, "Corrigez le code, ou ajoutez la commune.", serious=False)


def _names(subject: Subject, site: Site, commune: Commune) -> Iterator[Finding]:
    if plain(site.commune) != plain(commune.name):
        message = f"est à « {site.commune} », mais le code INSEE {site.insee} est celui de {commune.name}."
        yield subject.about(site, message, "Accordez la commune et le code.", serious=False)
    if site.postcode not in commune.postcodes:
        codes = " ou ".join(commune.postcodes)
        message = f"a le code postal {site.postcode}, celui de {commune.name} est {codes}."
        yield subject.about(site, message, "Corrigez le code postal.", serious=False)


def _outside(subject: Subject, site: Site, commune: Commune) -> Iterator[Finding]:
    outside = metres_outside(site.point, commune)
    if outside > OUTLINE_M:
        yield subject.about(
            site,
            f"est à {_far(outside)} hors de {commune.name}{_found_in(subject, site.point)}.",
            "Corrigez « lon » et « lat », ou la commune.",
            serious=outside > LOST_M,
        )


def _far(metres: float) -> str:
    return f"{metres:.0f} m" if metres < 1000 else f"{metres / 1000:.1f} km".replace(".", ",")


def _found_in(subject: Subject, point: Coordinates) -> str:
    where = Point(point.lon, point.lat)
    found = [commune.name for commune in subject.communes.values() if commune.polygon.contains(where)]
    return f", dans {found[0]}" if found else ", et dans aucune commune du réseau"
