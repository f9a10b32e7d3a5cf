"""Any public file → an instance, its format told by its first words."""

from pathlib import Path

from bench.formats.cordeau import read_cordeau
from bench.formats.dethloff import read_dethloff
from bench.formats.lines import read_lines
from bench.formats.solomon import read_solomon
from bench.instance import Instance
from models.errors import InputError


def read_instance(path: Path) -> Instance:
    """InputError when the format is unknown, or its problem is not one that is planned here."""
    lines = read_lines(path)
    first = lines[0].words
    if first[0].upper().startswith("NAME"):
        return read_dethloff(path)
    if any(line.words[0].upper() == "VEHICLE" for line in lines[:3]):
        return read_solomon(path)
    if len(first) == 4:
        return read_cordeau(path)
    if len(first) == 3 and len(lines) > 1 and len(lines[1].words) == 9:
        raise InputError(
            f"{path.name} : des envois d'un client à l'autre (format de Li et Lim) ne sont pas planifiés "
            "ici, où tout vient du dépôt ou y retourne. Choisissez un fichier d'un autre format."
        )
    raise InputError(f"{path.name} : format inconnu. Sont lus : Cordeau, Solomon, Homberger et Dethloff.")
