"""What a file of contacts, seasons, closures or absences would change, line by line.

Nothing in such a file has a name of its own. A line that says just what is stored is the stored one; of the
others, one with the same key (see `AnnexKind`) is changed; the rest are new. Only the columns that the file
has are compared.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any, Generic

from api.services.exchange.annex_kinds import CLOSURE, SEASON, A, AnnexKind, Subject
from api.services.exchange.sheaf import FieldChange, FileDifference, Thing, cell_changes
from models.errors import Finding
from models.network.annexes import ANNEX_COLUMNS, ANNEX_TITLES, Fields
from models.network.cells import Cells
from models.network.sheet import Row, Table, sheet_of
from models.tables.network import ClosureStatus

Cellular = Mapping[str, str]
_CALLED = {"site": "le lieu", "driver": "le chauffeur", "vehicle": "le véhicule"}


@dataclass(frozen=True, kw_only=True)
class Line(Generic[A]):
    """One line: where it stands, the fields that it tells, the record that it is about (None: a new one)."""

    number: int
    fields: Fields
    stored: A | None = None
    cells: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Annex(Generic[A]):
    """What one file says; `missing` are stored and stand in no line of it."""

    kind: AnnexKind[A]
    given: bool
    lines: tuple[Line[A], ...] = ()
    missing: tuple[A, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def created(self) -> list[Line[A]]:
        return [one for one in self.lines if one.stored is None]

    @property
    def changed(self) -> list[Line[A]]:
        return [one for one in self.lines if one.stored is not None and one.cells]

    @property
    def unchanged(self) -> int:
        return len(self.lines) - len(self.created) - len(self.changed)

    def told(self) -> FileDifference:
        """What the file would change."""

        def thing(record: A, line: Line[A] | None = None) -> Thing:
            subject = self.kind.subject(record.model_dump())
            cells = line.cells if line else ()
            number = line.number if line else None
            return Thing(
                code=subject[1] if subject else "", name=self.kind.label(record), line=number, cells=cells
            )

        def line(one: Line[A]) -> Thing:
            return thing(one.stored or self.kind.record(**one.fields), one)

        return FileDifference(
            file=self.kind.file,
            created=tuple(map(line, self.created)),
            changed=tuple(map(line, self.changed)),
            missing=tuple(map(thing, self.missing)),
            unchanged=self.unchanged,
        )


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What is stored of one kind, and which sites, drivers and vehicles will be in use; whether what
    is missing from the file is to go."""

    stored: Sequence[Any] = ()
    known: Collection[Subject] = field(default_factory=frozenset)
    archive_missing: bool = False


def annex_of(kind: AnnexKind[A], table: Table | None, beside: Beside) -> Annex[A]:
    """Read the file of one kind, if it was given, and compare it with what is stored."""
    if table is None:
        return Annex(kind=kind, given=False)
    required, optional = (titles.split() for titles in ANNEX_COLUMNS[kind.file])
    sheet = sheet_of(kind.file, table, tuple(required), frozenset(required + optional))
    findings = list(sheet.findings)
    if any(one.serious for one in findings):
        return Annex(kind=kind, given=True, findings=tuple(findings))
    lines, left = _matched(kind, _read(kind, sheet.rows, findings), sheet.columns, beside.stored)
    findings += _strangers(kind, lines, beside.known)
    missing = [one for one in left if _in_use(kind, one, beside.known)]
    findings += _contradictions(kind, lines, [] if beside.archive_missing else missing)
    return Annex(kind=kind, given=True, lines=tuple(lines), missing=tuple(missing), findings=tuple(findings))


def _read(kind: AnnexKind[A], rows: Iterable[Row], findings: list[Finding]) -> list[Line[A]]:
    """The lines that can be read; what is wrong with the others is found."""
    read: list[Line[A]] = []
    for row in rows:
        found: list[Finding] = []
        fields = kind.read(Cells(kind.file, row, found))
        findings += found
        if not found:
            read.append(Line(number=row.line, fields=fields))
    return read


def _matched(
    kind: AnnexKind[A], lines: Sequence[Line[A]], columns: Collection[str], stored: Sequence[A]
) -> tuple[list[Line[A]], list[A]]:
    """Every line with the record that it is about, in file order, and the records left over."""
    titles = [title for title in ANNEX_TITLES[kind.file] if title in columns and title not in kind.first]
    left = _Left(kind, titles, stored)
    same = {one.number: left.take_same(kind.told(one.fields)) for one in lines}
    matched = []
    for line in lines:
        record = same[line.number] or left.take_alike(kind.told(line.fields))
        matched.append(line if record is None else _against(kind, line, record, titles))
    return matched, left.over


def _against(kind: AnnexKind[A], line: Line[A], record: A, titles: Sequence[str]) -> Line[A]:
    """A line about a stored record: what it tells of it, and what that changes."""
    told, stands = kind.told(line.fields), _flat(kind, record)
    cells = cell_changes({one: stands[one] for one in titles}, {one: told[one] for one in titles})
    fields = {name: line.fields[name] for name in (kind.names[one] for one in titles)}
    return replace(line, fields=fields, stored=record, cells=cells)


class _Left(Generic[A]):
    """The stored records that no line has taken yet."""

    def __init__(self, kind: AnnexKind[A], titles: Sequence[str], stored: Sequence[A]) -> None:
        self._titles, self._key = titles, kind.key
        self._over: dict[int, A] = dict(enumerate(stored))
        self._same: dict[tuple[str, ...], list[int]] = defaultdict(list)
        self._alike: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for rank, record in self._over.items():
            cells = _flat(kind, record)
            self._same[_values(cells, titles)].append(rank)
            self._alike[_values(cells, kind.key)].append(rank)

    @property
    def over(self) -> list[A]:
        return list(self._over.values())

    def take_same(self, told: Cellular) -> A | None:
        """A record that says just this."""
        return self._take(self._same[_values(told, self._titles)])

    def take_alike(self, told: Cellular) -> A | None:
        """A record of the same key."""
        return self._take(self._alike[_values(told, self._key)])

    def _take(self, ranks: list[int]) -> A | None:
        found = next((rank for rank in ranks if rank in self._over), None)
        return None if found is None else self._over.pop(found)


def _flat(kind: AnnexKind[A], record: A) -> dict[str, str]:
    """The cells of a record, its texts as reading them from a file gives them back."""
    return {title: " ".join(text.split()) for title, text in kind.cells(record).items()}


def _values(cells: Cellular, titles: Iterable[str]) -> tuple[str, ...]:
    return tuple(cells[title] for title in titles)


def _in_use(kind: AnnexKind[A], record: A, known: Collection[Subject]) -> bool:
    subject = kind.subject({name: getattr(record, name) for name in kind.names.values()})
    return subject is None or subject in known


def _strangers(kind: AnnexKind[A], lines: Iterable[Line[A]], known: Collection[Subject]) -> Iterable[Finding]:
    """Lines about what is not there, or is archived."""
    for line in lines:
        subject = kind.subject(line.fields)
        if subject is not None and subject not in known:
            message = f"{_CALLED[subject[0]]} « {subject[1]} » est inconnu, ou archivé."
            yield _about(kind, line, message, "Corrigez son identifiant, ou supprimez la ligne.")


def _contradictions(kind: AnnexKind[A], lines: Sequence[Line[A]], kept: Iterable[A]) -> Iterable[Finding]:
    """What lines say against one another, or against what stays as it is."""
    if kind.file == SEASON.file:
        staying: list[Line[A]] = [_as_line(kind, one) for one in kept]
        yield from _shared_days(kind, staying + list(lines))
    if kind.file == CLOSURE.file:
        yield from _twice(kind, lines)
        yield from _taken_back(kind, lines)


def _as_line(kind: AnnexKind[A], record: A) -> Line[A]:
    return Line(number=0, fields={name: getattr(record, name) for name in kind.names.values()}, stored=record)


def _taken_back(kind: AnnexKind[A], lines: Iterable[Line[A]]) -> Iterable[Finding]:
    for line in lines:
        decided = any(one.column == "etat" for one in line.cells)
        if decided and line.fields["status"] is ClosureStatus.PROPOSED:
            message = "cette fermeture est déjà acceptée : un fichier ne peut pas la rendre proposée."
            yield _about(kind, line, message, "Écrivez « acceptée », ou retirez-la à l'écran.")


def _twice(kind: AnnexKind[A], lines: Iterable[Line[A]]) -> Iterable[Finding]:
    first: dict[tuple[str, ...], int] = {}
    for line in lines:
        key = tuple(str(line.fields[kind.names[title]]) for title in kind.key)
        before = first.setdefault(key, line.number)
        if before != line.number:
            yield _about(kind, line, f"cette ligne répète la ligne {before}.", "N'en gardez qu'une.")


def _shared_days(kind: AnnexKind[A], lines: Iterable[Line[A]]) -> Iterable[Finding]:
    """Seasons of one site that share a day."""
    by_site: dict[str, list[Line[A]]] = defaultdict(list)
    for line in lines:
        by_site[line.fields["site"]].append(line)
    for group in by_site.values():
        ordered = sorted(group, key=lambda one: (one.fields["starts_on"], one.number))
        for earlier, later in combinations(ordered, 2):
            told, other = (later, earlier) if later.number else (earlier, later)
            if told.number and later.fields["starts_on"] <= earlier.fields["ends_on"]:
                where = f"celle de la ligne {other.number}" if other.number else "une saison enregistrée"
                message = f"cette saison a des jours en commun avec {where}."
                yield _about(kind, told, message, "Faites commencer l'une le lendemain de la fin de l'autre.")


def _about(kind: AnnexKind[A], line: Line[A], message: str, remedy: str) -> Finding:
    return Finding(where=kind.file, line=line.number, message=message, remedy=remedy)
