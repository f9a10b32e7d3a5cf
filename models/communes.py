"""The communes of a network, read from a GeoJSON file (RFC 7946, WGS 84)."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shapely.errors import GEOSException
from shapely.geometry import MultiPolygon, Polygon, shape

from models.errors import Finding, InputError

_REMEDY = "Reprenez le fichier livré avec Navette, ou corrigez cette commune."


@dataclass(frozen=True, kw_only=True, slots=True)
class Commune:
    """A municipality: INSEE code, inhabitants, postcodes, outline in WGS 84 degrees (lon, lat)."""

    insee: str
    name: str
    population: int
    postcodes: tuple[str, ...]
    polygon: Polygon | MultiPolygon


def read_communes(path: Path) -> tuple[Commune, ...]:
    """The communes of a GeoJSON file, in file order.

    Properties wanted of each feature: `insee`, `nom`, `population`, `codes_postaux` (a list of texts).
    InputError carries every finding at once; a feature is known by its rank, its name where it has one.
    """
    communes: list[Commune] = []
    findings: list[Finding] = []
    for rank, feature in enumerate(_features(path), start=1):
        try:
            communes.append(_commune(feature))
        except (KeyError, TypeError, ValueError, AttributeError, GEOSException) as error:
            findings.append(_finding(path.name, rank, feature, error))
    findings += _repeated(path.name, communes)
    if findings:
        raise InputError(f"Les communes de « {path} » ne peuvent pas être lues.", tuple(findings))
    return tuple(communes)


def _features(path: Path) -> list[Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
        features = content["features"]
    except OSError as error:
        raise _unusable(path, "le fichier manque ou ne s'ouvre pas.") from error
    except json.JSONDecodeError as error:
        raise _unusable(path, "ce n'est pas du JSON bien formé.", error.lineno) from error
    except UnicodeDecodeError as error:
        raise _unusable(path, "ce n'est pas du texte en UTF-8.") from error
    except (KeyError, TypeError) as error:
        raise _unusable(path, "ce n'est pas une « FeatureCollection » GeoJSON.") from error
    if not isinstance(features, list) or not features:
        raise _unusable(path, "il ne contient aucune commune.")
    return features


def _commune(feature: Any) -> Commune:
    properties = feature["properties"]
    polygon = shape(feature["geometry"])
    if not isinstance(polygon, Polygon | MultiPolygon) or polygon.is_empty or not polygon.is_valid:
        raise ValueError("le contour n'est pas un polygone valide")
    population = properties["population"]
    if not isinstance(population, int) or population < 0:
        raise ValueError("« population » n'est pas un nombre entier positif")
    return Commune(
        insee=str(properties["insee"]),
        name=str(properties["nom"]),
        population=population,
        postcodes=tuple(str(code) for code in properties["codes_postaux"]),
        polygon=polygon,
    )


def _finding(where: str, rank: int, feature: Any, error: Exception) -> Finding:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    name = properties.get("nom", "") if isinstance(properties, dict) else ""
    which = f"la commune n° {rank}{f' ({name})' if name else ''}"
    reason = f"il manque {error}" if isinstance(error, KeyError) else str(error)
    return Finding(where=where, message=f"{which} est illisible ({reason}).", remedy=_REMEDY)


def _repeated(where: str, communes: list[Commune]) -> list[Finding]:
    seen: set[str] = set()
    findings = []
    for commune in communes:
        if commune.insee in seen:
            message = f"le code INSEE {commune.insee} ({commune.name}) est donné deux fois."
            findings.append(Finding(where=where, message=message, remedy=_REMEDY))
        seen.add(commune.insee)
    return findings


def _unusable(path: Path, message: str, line: int | None = None) -> InputError:
    finding = Finding(where=path.name, message=message, remedy=_REMEDY, line=line)
    return InputError(f"Les communes de « {path} » ne peuvent pas être lues.", (finding,))
