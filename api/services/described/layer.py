"""The sites as a layer of a map: RFC 7946, WGS 84, five decimals."""

from typing import Any

from sqlmodel import Session

from api.repositories.network import list_coded
from api.services.territory import Ground, Territories
from models.tables.network import SiteRecord
from models.values import Coordinates

_TOLD = (
    "name",
    "commune",
    "address",
    "postcode",
    "opening",
    "shuttle_hours",
    "access_note",
    "phone",
    "visits_per_week",
    "deliver",
    "collect",
    "assumed",
)


def site_layer(session: Session, territories: Territories) -> dict[str, Any]:
    """A FeatureCollection of the sites in use; each feature's id is the site's code."""
    ground = territories.ground(session)
    features = [_feature(record, ground) for record in list_coded(session, SiteRecord)]
    return {"type": "FeatureCollection", "features": features}


def _feature(record: SiteRecord, ground: Ground) -> dict[str, Any]:
    point = Coordinates(lon=record.lon, lat=record.lat)
    return {
        "type": "Feature",
        "id": record.code,
        "geometry": {"type": "Point", "coordinates": [round(record.lon, 5), round(record.lat, 5)]},
        "properties": {
            "code": record.code,
            "kind": record.kind.value,
            "access": record.access.value,
            **{name: getattr(record, name) for name in _TOLD},
            "travel_estimated": not ground.reaches(record.code, point),
        },
    }
