"""A CSV file of documents to carry: read, compared, and stored unless it is only a trial."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from api.repositories import items as stored_items
from api.services.items.difference import Difference, apply, difference
from api.services.items.sources import (
    CSV,
    SourceSettings,
    check,
    create,
    remember_mapping,
    settings_of,
    written,
)
from api.services.network_records import site_of
from models.errors import Finding
from models.tables.demand import TransferSourceRecord
from models.transfers.places import Places
from models.transfers.read import read_transfers
from models.transfers.values import TransfersRead, Vocabulary


@dataclass(frozen=True, kw_only=True, slots=True)
class FileSent:
    """A file as it came. `asked` overrides what is remembered of the source, field by field."""

    name: str
    raw: bytes
    source: str
    asked: Vocabulary


@dataclass(frozen=True, kw_only=True, slots=True)
class Imported:
    """What a file says, and what it changes."""

    read: TransfersRead
    found: Difference
    remarks: tuple[Finding, ...]


def places_of(session: Session, settings: SourceSettings, asked: Vocabulary) -> Places:
    """The sites as a source calls them."""
    sites = [site_of(one) for one in stored_items.list_sites(session)]
    return Places(sites, {**settings.sites, **asked.sites})


def examine(session: Session, sent: FileSent, at: datetime) -> Imported:
    """Read and compare. InputError when the file as a whole cannot be read."""
    check(
        session,
        SourceSettings(
            sites=sent.asked.sites, columns={str(name): title for name, title in sent.asked.columns.items()}
        ),
    )
    record = stored_items.find_source_named(session, sent.source)
    settings = settings_of(record) if record else SourceSettings()
    known = settings.vocabulary
    vocabulary = Vocabulary(
        columns={**known.columns, **sent.asked.columns}, states={**known.states, **sent.asked.states}
    )
    read = read_transfers(sent.name, sent.raw, vocabulary, places_of(session, settings, sent.asked), at)
    found = difference(session, sent.source, read)
    return Imported(read=read, found=found, remarks=(*read.remarks, *_doubts(sent.name, found)))


def carry_out(session: Session, sent: FileSent, at: datetime) -> Imported:
    """The same, stored; the source is made when it is new, and its columns are remembered."""
    record = stored_items.find_source_named(session, sent.source) or create(
        session, sent.source, CSV, SourceSettings()
    )
    _learn(record, sent.asked)
    imported = examine(session, sent, at)
    apply(session, record, imported.read, imported.found, settings_of(record).gone)
    remember_mapping(record, imported.read.columns)
    return imported


def _learn(record: TransferSourceRecord, asked: Vocabulary) -> None:
    settings = settings_of(record)
    learned = replace(
        settings,
        sites={**settings.sites, **asked.sites},
        states={**settings.states, **{word: str(state) for word, state in asked.states.items()}},
    )
    if learned != settings:
        record.settings = written(learned)


def _doubts(name: str, found: Difference) -> list[Finding]:
    if not found.suspicious:
        return []
    message = f"{len(found.gone)} documents connus n'y figurent plus, soit plus de la moitié."
    remedy = "Vérifiez que la liste est entière avant de l'importer."
    return [Finding(where=name, message=message, remedy=remedy, serious=False)]
