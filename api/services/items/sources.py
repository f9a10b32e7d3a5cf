"""Where lists of documents come from, and how each source names its columns, sites and states."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from sqlmodel import Session

from api.repositories import items as stored_items
from api.services.items.difference import Gone
from api.services.versions import must_match
from models.errors import Conflict, Finding, InputError
from models.network.sheet import plain
from models.tables.demand import TransferSourceRecord
from models.transfers.columns import describes_a_reader
from models.transfers.values import Field, ItemState, Vocabulary

CSV, KOHA = "csv", "koha"


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceSettings:
    """What `transfer_source.settings` holds. `address`, `login` and `how` (basic or oauth) are Koha's."""

    columns: Mapping[str, str] = field(default_factory=dict)
    sites: Mapping[str, str] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
    gone: Gone = Gone.ARRIVED
    address: str = ""
    login: str = ""
    how: str = "oauth"

    @property
    def vocabulary(self) -> Vocabulary:
        return Vocabulary(
            columns={Field(name): title for name, title in self.columns.items()},
            sites=dict(self.sites),
            states={word: ItemState(state) for word, state in self.states.items()},
        )


def settings_of(record: TransferSourceRecord) -> SourceSettings:
    """The settings that a record holds."""
    held: dict[str, Any] = json.loads(record.settings)
    if "gone" in held:
        held["gone"] = Gone(held["gone"])
    return SourceSettings(**held)


def create(
    session: Session, name: str, kind: str, settings: SourceSettings, secret: str = ""
) -> TransferSourceRecord:
    """A new source. `secret` is already encrypted. Conflict when the name is taken."""
    if stored_items.find_source_named(session, name) is not None:
        raise Conflict(f"Il y a déjà une source « {name} ».")
    check(session, settings)
    record = TransferSourceRecord(name=name, kind=kind, settings=written(settings), secret=secret)
    session.add(record)
    session.flush()
    return record


def seen_source(session: Session, source: UUID, seen: int, told: Any) -> TransferSourceRecord:
    """A source as whoever changes it has seen it; StaleVersion when it is another by now."""
    record = stored_items.get_source(session, source)
    must_match(record, seen, told(record))
    return record


def change(
    session: Session, record: TransferSourceRecord, settings: SourceSettings, secret: str | None
) -> TransferSourceRecord:
    """Other settings; `secret` (encrypted) only where another is given."""
    check(session, settings)
    record.settings = written(settings)
    record.secret = record.secret if secret is None else secret
    session.add(record)
    session.flush()
    return record


def to_be_read(session: Session, source: UUID) -> TransferSourceRecord:
    """A source that can be read by itself. Conflict when it cannot: files are imported by people."""
    record = stored_items.get_source(session, source)
    if record.kind != KOHA or not settings_of(record).address:
        raise Conflict("Cette source n'a pas d'adresse de Koha : importez ses fichiers.")
    return record


def remember_mapping(record: TransferSourceRecord, columns: Mapping[Field, str]) -> None:
    """Next time the same columns mean the same."""
    settings = settings_of(record)
    kept = {**asdict(settings), "columns": {str(name): title for name, title in columns.items()}}
    record.settings = json.dumps(kept, ensure_ascii=False)


def check(session: Session, settings: SourceSettings) -> None:
    """InputError with every finding: sites that do not exist, columns that describe readers."""
    ours = stored_items.site_codes(session)
    findings = [
        Finding(where=f"sites.{theirs}", message=f"le site « {code} » n'existe pas.", remedy="Corrigez-le.")
        for theirs, code in settings.sites.items()
        if code not in ours
    ]
    findings += [
        Finding(
            where=f"columns.{name}",
            message=f"la colonne « {title} » décrit un lecteur : Navette n'en garde rien.",
            remedy="Choisissez une autre colonne.",
        )
        for name, title in settings.columns.items()
        if describes_a_reader(title)
    ]
    twice = {plain(title) for title in settings.columns.values()}
    if len(twice) < len(settings.columns):
        message = "une même colonne est utilisée deux fois."
        findings.append(Finding(where="columns", message=message, remedy="Gardez-en une."))
    if findings:
        raise InputError("Les réglages de cette source ne conviennent pas.", tuple(findings))


def written(settings: SourceSettings) -> str:
    """Settings as a record holds them."""
    return json.dumps(asdict(settings), ensure_ascii=False)
