"""One kind of thing as its file tells it, beside what is stored of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic

from api.services.described.kinds import Kind, R
from models.network.book import Book


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldChange:
    """One cell before and after."""

    column: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Thing:
    """Something that a file tells of, or does not: a site, somebody to call, a closure. `code` is its own, or
    that of the site, driver or vehicle that it is about; `cells` are what changes."""

    code: str
    name: str
    line: int | None
    cells: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class FileDifference:
    """What one file would change."""

    file: str
    created: tuple[Thing, ...]
    changed: tuple[Thing, ...]
    missing: tuple[Thing, ...]
    unchanged: int

    def counted(self) -> dict[str, int]:
        """How many of each."""
        return {
            "created": len(self.created),
            "changed": len(self.changed),
            "missing": len(self.missing),
            "unchanged": self.unchanged,
        }


@dataclass(frozen=True, kw_only=True)
class Sheaf(Generic[R]):
    """What one file says: `new` and `changed` records as read, by code; `missing` stand in no line of it."""

    kind: Kind[R]
    given: bool
    stored: Mapping[str, R]
    read: Mapping[str, R] = field(default_factory=dict)
    differences: Mapping[str, tuple[FieldChange, ...]] = field(default_factory=dict)

    @property
    def created(self) -> list[R]:
        return [one for code, one in self.read.items() if code not in self.stored]

    @property
    def changed(self) -> list[R]:
        return [one for code, one in self.read.items() if self.differences.get(code)]

    @property
    def unchanged(self) -> int:
        return len(self.read) - len(self.created) - len(self.changed)

    @property
    def missing(self) -> list[R]:
        stand = [one for one in self.stored.values() if one.archived_at is None] if self.given else []
        return [one for one in stand if one.code not in self.read]

    def told(self, lines: Mapping[tuple[str, str], int]) -> FileDifference:
        """What the file would change; `lines` say where each thing stands, by file and code."""

        def thing(record: R) -> Thing:
            line = lines.get((self.kind.file, record.code))
            cells = self.differences.get(record.code, ())
            return Thing(code=record.code, name=record.name, line=line, cells=cells)

        return FileDifference(
            file=self.kind.file,
            created=tuple(map(thing, self.created)),
            changed=tuple(map(thing, self.changed)),
            missing=tuple(map(thing, self.missing)),
            unchanged=self.unchanged,
        )

    def result(self, *, archive_missing: bool) -> list[R]:
        """Every record in use afterwards, in the order of lists; those read stand for those stored."""
        gone = {one.code for one in self.missing} if archive_missing else set()
        kept = [one for one in self.stored.values() if one.archived_at is None or one.code in self.read]
        return [self.read.get(one.code, one) for one in kept if one.code not in gone] + self.created


def sheaf_of(given: bool, book: Book, kind: Kind[R], stored: Mapping[str, R]) -> Sheaf[R]:
    """Read the table of one kind, if it was given, and compare it with what is stored."""
    if not given:
        return Sheaf(kind=kind, given=False, stored=stored)
    things = book.things(kind.file, lambda cells: _Read(kind.fresh(cells)))
    faulty = {one.line for one in book.findings if one.serious and one.where == kind.file}
    read: dict[str, R] = {}
    for thing in things:
        if book.lines[kind.file, thing.id] not in faulty:
            read.setdefault(thing.id, thing.record)
    differences = {code: _fields(kind, stored[code], one) for code, one in read.items() if code in stored}
    return Sheaf(kind=kind, given=True, stored=stored, read=read, differences=differences)


@dataclass(frozen=True, slots=True)
class _Read(Generic[R]):
    """A record made of one line, under the name that books know things by."""

    record: R

    @property
    def id(self) -> str:
        return self.record.code


def _fields(kind: Kind[R], before: R, after: R) -> tuple[FieldChange, ...]:
    archived = FieldChange(column="archivé", before="oui", after="non")
    cells: tuple[FieldChange, ...] = cell_changes(kind.cells(before), kind.cells(after))
    return cells if before.archived_at is None else (archived, *cells)


def cell_changes(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[FieldChange, ...]:
    """The cells that differ, in the order of titles."""
    titles = dict.fromkeys((*before, *after))
    return tuple(
        FieldChange(column=title, before=before.get(title, ""), after=after.get(title, ""))
        for title in titles
        if before.get(title, "") != after.get(title, "")
    )
