"""Sites as points of a GeoJSON file (RFC 7946), in and out: properties are the columns of libraries.csv."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from api.services.exchange.zips import unreadable
from models.network.sheet import Table, guarded
from models.network.write import NUMBERS

_PLACE = ("lon", "lat")


def parsed(name: str, content: bytes) -> list[Any]:
    """The features of a GeoJSON file, unlooked at. InputError when it is none."""
    try:
        features = json.loads(content.decode("utf-8-sig"))["features"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise unreadable(name, "ce n'est pas une « FeatureCollection » GeoJSON en UTF-8.") from error
    if not isinstance(features, list) or not features:
        raise unreadable(name, "il ne contient rien.")
    return features


def is_of_outlines(features: list[Any]) -> bool:
    """Whether the features are outlines (communes), not points (sites)."""
    geometry = features[0].get("geometry") if isinstance(features[0], dict) else None
    return isinstance(geometry, dict) and geometry.get("type") in {"Polygon", "MultiPolygon"}


def read_points(name: str, features: list[Any]) -> Table:
    """Points as lines of a table: the n-th feature is line n. InputError when one is no point."""
    rows = [_row(name, rank, feature) for rank, feature in enumerate(features, start=1)]
    told = dict.fromkeys(title for row in rows for title in row if title not in _PLACE)
    titles = [*told, *_PLACE]
    lines = [(rank, [row.get(title, "") for title in titles]) for rank, row in enumerate(rows, start=1)]
    return Table(lines=((0, titles), *lines), form="GeoJSON")


def _row(name: str, rank: int, feature: Any) -> dict[str, str]:
    try:
        geometry, properties = feature["geometry"], feature["properties"]
        lon, lat = (float(one) for one in geometry["coordinates"][:2])
        point = geometry["type"] == "Point"
        told = {str(key): _text(value) for key, value in properties.items()}
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise unreadable(name, f"l'élément n° {rank} n'est pas un point avec des propriétés.") from error
    if not point:
        raise unreadable(name, f"l'élément n° {rank} n'est pas un point.")
    # An export of Navette's own names its features by their code.
    if "identifiant" not in told and isinstance(feature.get("id"), str):
        told["identifiant"] = feature["id"]
    return {**told, "lon": repr(lon), "lat": repr(lat)}


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "oui" if value else "non"
        case list():
            return " ".join(str(one) for one in value)
        case _:
            return guarded(" ".join(str(value).split()))


def write_points(rows: Iterable[Mapping[str, str]]) -> bytes:
    """Rows of libraries.csv as a FeatureCollection; numbers as numbers, empty cells as null."""
    features = [
        {
            "type": "Feature",
            "id": row["identifiant"],
            "geometry": {"type": "Point", "coordinates": [float(row["lon"]), float(row["lat"])]},
            "properties": {title: _value(title, text) for title, text in row.items() if title not in _PLACE},
        }
        for row in rows
    ]
    told = {"type": "FeatureCollection", "features": features}
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def _value(title: str, text: str) -> str | float | int | None:
    if not text:
        return None
    if title in NUMBERS:
        return float(text) if "." in text else int(text)
    return text
