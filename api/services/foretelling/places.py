"""Where sites lie and how roads lead from one to the next: what makes use of positions."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlmodel import Session

from api.repositories import sites
from api.services.territory import Territories
from models.errors import NavetteError
from models.values import Coordinates
from routing.eta.place import distance_m
from routing.travel import LegShapes

_MOVED_M = 50.0  # as far as road figures hold for a place


@dataclass(frozen=True, kw_only=True, slots=True)
class Places:
    """Points by code of site, and the drawn roads, where there are any. Nothing at all: of no place is known
    where it is."""

    points: Mapping[str, Coordinates] = field(default_factory=dict)
    shapes: LegShapes | None = None

    def way(self, origin: str, destination: str) -> tuple[Coordinates, ...]:
        """The road from one to the other; empty where none is drawn, or a place has been moved since."""
        line = self.shapes.lines.get((origin, destination)) if self.shapes else None
        if self.shapes is None or line is None or not self._still(origin) or not self._still(destination):
            return ()
        return tuple(Coordinates(lon=lon, lat=lat) for lon, lat in line.tolist())

    def _still(self, code: str) -> bool:
        """Whether a place lies where the roads were drawn to."""
        drawn, known = self.shapes.points.get(code) if self.shapes else None, self.points.get(code)
        return drawn is not None and known is not None and distance_m(drawn, known) <= _MOVED_M


NOWHERE = Places()


def places(session: Session, territories: Territories | None) -> Places:
    """As they are now. Roads that cannot be read are no hindrance: ways are then taken as the crow flies."""
    points = sites.points(session)
    try:
        roads = territories.ground(session).roads if territories else None
    except NavetteError:
        roads = None
    return Places(points=points, shapes=roads[1] if roads else None)
