"""What was uploaded, sorted: tables for each file of the network, its settings, communes and roads."""

import json
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import PurePath

from api.services.exchange.geojson import is_of_outlines, parsed, read_points
from api.services.exchange.xlsx import read_workbook
from api.services.exchange.zips import opened, unreadable
from api.services.folder import TRAVEL
from models.errors import Finding, InputError, TooLarge
from models.network.annexes import ABSENCES, ANNEX_COLUMNS, CLOSURES, CONTACTS, SEASONS
from models.network.check import COMMUNES
from models.network.rows import COLUMNS, DRIVERS, LIBRARIES, VEHICLES
from models.network.settings import SETTINGS
from models.network.sheet import Sheet, Table, plain, table_of

_NAMES = {
    LIBRARIES: {"libraries", "bibliotheques", "sites", "lieux"},
    VEHICLES: {"vehicles", "vehicules"},
    DRIVERS: {"drivers", "chauffeurs", "conducteurs"},
    CONTACTS: {"contacts"},
    SEASONS: {"seasons", "saisons"},
    CLOSURES: {"closures", "fermetures"},
    ABSENCES: {"absences"},
}


# The titles that a file alone has, the first that fits being it.
_MARKS: tuple[tuple[str, set[str]], ...] = (
    (ABSENCES, {"du", "au", "chauffeur"}),
    (ABSENCES, {"du", "au", "vehicule"}),
    (SEASONS, {"lieu", "du", "au", "horaires"}),
    (CLOSURES, {"lieu", "du", "au"}),
    (CONTACTS, {"lieu", "nom"}),
    (DRIVERS, {"vehicule"}),
    (VEHICLES, {"depot"}),
    (LIBRARIES, {"commune"}),
    (LIBRARIES, {"lon"}),
)
_MOST_LINES, _MOST_TITLES = 20_001, 200


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent."""

    name: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """Tables by the name of the network's file that they stand for; `called` is how people named them."""

    tables: dict[str, Table] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    called: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def title(self) -> str:
        return ", ".join(dict.fromkeys(self.called.values()))


def sorted_out(uploads: Iterable[Upload], columns: Mapping[str, str]) -> Parcel:
    """Say what each file is. InputError when one cannot be read or used, or two are the same.

    `columns` maps titles of Navette to the titles that the files use instead.
    """
    parcel = Parcel()
    for upload in uploads:
        _take(parcel, upload)
    if not (parcel.tables or parcel.files or parcel.findings):
        raise InputError("Aucun fichier n'a été envoyé, ou tous sont vides.")
    _rename(parcel, columns)
    return parcel


def _take(parcel: Parcel, upload: Upload) -> None:
    name = PurePath(upload.name.replace("\\", "/")).name or "sans nom"
    suffix = PurePath(name).suffix.lower()
    if suffix not in _TAKERS:
        raise unreadable(name, "Navette lit les formats CSV, XLSX, GeoJSON, TOML (network.toml), NPZ et ZIP.")
    _TAKERS[suffix](parcel, name, upload.content)


def _take_csv(parcel: Parcel, name: str, content: bytes) -> None:
    _take_table(parcel, name, _home(name), table_of(name, content))


def _take_workbook(parcel: Parcel, name: str, content: bytes) -> None:
    sheets, findings = read_workbook(name, content)
    parcel.findings.extend(findings)
    for title, table in sheets.items():
        _take_table(parcel, f"{name} ({title})", _home(title), table)


def _take_geojson(parcel: Parcel, name: str, content: bytes) -> None:
    features = parsed(name, content)
    if is_of_outlines(features):
        _take_file(parcel, name, COMMUNES, content)
    else:
        _take_table(parcel, name, LIBRARIES, read_points(name, features))


def _take_settings(parcel: Parcel, name: str, content: bytes) -> None:
    _take_file(parcel, name, SETTINGS, content)


def _take_roads(parcel: Parcel, name: str, content: bytes) -> None:
    opened(name, content).close()
    _take_file(parcel, name, TRAVEL, content)


def _take_zip(parcel: Parcel, name: str, content: bytes) -> None:
    """Its files one by one; a zip in a zip, and what Navette does not read, are left aside."""
    with opened(name, content) as archive:
        for member in archive.infolist():
            suffix = PurePath(member.filename).suffix.lower()
            if suffix in _TAKERS and suffix != ".zip":
                _take(parcel, Upload(member.filename, _member(name, archive, member)))


_TAKERS: Mapping[str, Callable[[Parcel, str, bytes], None]] = {
    ".csv": _take_csv,
    ".tsv": _take_csv,
    ".txt": _take_csv,
    ".xlsx": _take_workbook,
    ".xlsm": _take_workbook,
    ".geojson": _take_geojson,
    ".json": _take_geojson,
    ".toml": _take_settings,
    ".npz": _take_roads,
    ".zip": _take_zip,
}


def _member(name: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    try:
        return archive.read(member)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise unreadable(name, f"« {member.filename} » est abîmé.") from error


def _home(title: str) -> str | None:
    """The network's file that a name stands for."""
    stem = plain(PurePath(title).stem)
    return next((home for home, names in _NAMES.items() if stem in names), None)


def _take_table(parcel: Parcel, name: str, home: str | None, found: Table | Sheet) -> None:
    if isinstance(found, Sheet):
        parcel.findings.extend(found.findings)
        return
    if len(found.lines) > _MOST_LINES or len(found.lines[0][1]) > _MOST_TITLES:
        limits = f"{_MOST_LINES - 1} lignes et {_MOST_TITLES} colonnes"
        raise TooLarge(f"Le fichier « {name} » est refusé : Navette lit au plus {limits}.")
    home = home or _by_titles(found)
    if home is None:
        message = "Navette ne reconnaît ni son nom ni ses colonnes : il est laissé de côté."
        remedy = "Nommez-le libraries, vehicles, drivers, contacts, seasons, closures ou absences."
        parcel.findings.append(Finding(where=name, message=message, remedy=remedy, serious=False))
        return
    if home in parcel.tables:
        raise unreadable(name, f"« {parcel.called[home]} » dit déjà la même chose.")
    parcel.tables[home], parcel.called[home] = found, name


def _by_titles(table: Table) -> str | None:
    """The file whose titles a table has."""
    titles = {plain(title) for title in table.lines[0][1]}
    return next((home for home, marks in _MARKS if marks <= titles), None)


def _take_file(parcel: Parcel, name: str, home: str, content: bytes) -> None:
    if home in parcel.files:
        raise unreadable(name, f"« {parcel.called[home]} » dit déjà la même chose.")
    parcel.files[home], parcel.called[home] = content, name


def read_columns(text: str) -> dict[str, str]:
    """`{"identifiant": "code bib"}` as it came in a form. InputError says what it should look like."""
    try:
        found = json.loads(text) if text.strip() else {}
    except (ValueError, RecursionError) as error:
        raise InputError("« columns » n'est pas du JSON.", (_shape(),)) from error
    if not isinstance(found, dict) or not all(isinstance(one, str) for one in found.values()):
        raise InputError("« columns » doit faire correspondre des titres à des titres.", (_shape(),))
    known = {
        title
        for pair in (*COLUMNS.values(), *ANNEX_COLUMNS.values())
        for titles in pair
        for title in titles.split()
    }
    strange = [title for title in found if plain(title) not in known]
    if strange:
        findings = tuple(_unknown(title, known) for title in strange)
        raise InputError("« columns » nomme des colonnes que Navette ne connaît pas.", findings)
    return {plain(title): plain(theirs) for title, theirs in found.items()}


def _shape() -> Finding:
    return Finding(where="columns", message='Par exemple : {"identifiant": "code bib"}.', remedy="")


def _unknown(title: str, known: set[str]) -> Finding:
    near = get_close_matches(plain(title), known, n=1, cutoff=0.5)
    remedy = f"Vouliez-vous dire « {near[0]} » ?" if near else "Voyez les colonnes d'un export."
    return Finding(where="columns", message=f"« {title} » est inconnue.", remedy=remedy)


def _rename(parcel: Parcel, columns: Mapping[str, str]) -> None:
    """Give the columns of the files the titles that Navette knows."""
    ours = {theirs: title for title, theirs in columns.items()}
    met: set[str] = set()
    for home, table in parcel.tables.items():
        (line, titles), *rest = table.lines
        found = [plain(title) for title in titles]
        met |= ours.keys() & set(found)
        taken = {ours[title] for title in found if title in ours}
        renamed = [ours.get(title, f"{title} (d'origine)" if title in taken else title) for title in found]
        parcel.tables[home] = replace(table, lines=((line, renamed), *rest))
    for theirs in ours.keys() - met:
        message = f"la colonne « {theirs} », annoncée pour « {ours[theirs]} », n'est dans aucun fichier."
        parcel.findings.append(Finding(where="columns", message=message, remedy="Vérifiez son titre."))
