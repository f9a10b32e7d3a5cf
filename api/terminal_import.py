"""What an import would change, as a coordinator reads it on the terminal."""

from rich.console import Console

from api.services.exchange.difference import Difference
from api.services.exchange.sheaf import FieldChange, FileDifference, Thing
from maps.words import count
from models.errors import Finding

_MOST = 20  # lines of one kind: more are counted


def tell(console: Console, found: Difference) -> None:
    """Every file with what is new, changed and missing, then everything that should be known."""
    for file in found.files:
        _file(console, file, archive=found.archive_missing)
    if found.settings:
        console.print(f"network.toml : {count(len(found.settings), 'réglage modifié', 'réglages modifiés')}")
    for change in found.settings:
        console.print(f"  ~ {_cell(change)}", markup=False)
    for line in found.ground:
        console.print(line, markup=False)
    for finding in sorted(found.findings, key=lambda one: not one.serious):
        _finding(console, finding)


def _file(console: Console, file: FileDifference, *, archive: bool) -> None:
    gone = ("à archiver", "à archiver") if archive else ("absent du fichier (gardé)", "absents (gardés)")
    words = (
        (len(file.created), "nouveau", "nouveaux"),
        (len(file.changed), "modifié", "modifiés"),
        (len(file.missing), *gone),
        (file.unchanged, "inchangé", "inchangés"),
    )
    told = [count(number, one, several) for number, one, several in words if number]
    console.print(f"{file.file} : {', '.join(told) or 'rien'}", markup=False)
    _some(console, "  + ", file.created)
    _some(console, "  ~ ", file.changed)
    _some(console, "  − ", file.missing)


def _some(console: Console, mark: str, things: tuple[Thing, ...]) -> None:
    for one in things[:_MOST]:
        cells = " ; ".join(map(_cell, one.cells))
        line = f" (ligne {one.line})" if one.line else ""
        console.print(f"{mark}{one.code} · {one.name}{line}{' : ' if cells else ''}{cells}", markup=False)
    if len(things) > _MOST:
        console.print(f"{mark}… et {count(len(things) - _MOST, 'autre')}", markup=False)


def _cell(change: FieldChange) -> str:
    return f"{change.column} « {change.before} » → « {change.after} »"


def _finding(console: Console, finding: Finding) -> None:
    style, word = ("red", "Erreur") if finding.serious else ("yellow", "Remarque")
    console.print(f"{word} · {finding}", style=style, markup=False)
