"""A list of documents to carry, as any software saves it → transfers, and why the others were refused."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from models.errors import Finding, InputError
from models.network.sheet import Row, Sheet, plain, sheet_of, table_of
from models.transfers.columns import chosen_columns, dropped_columns
from models.transfers.moments import is_nothing, read_moment
from models.transfers.places import Places
from models.transfers.values import Field, ItemState, Transfer, TransfersRead, Vocabulary

_ABRIDGED = re.compile(r"\d([.,]\d+)?[eE]\+?\d+")
_STATES: Mapping[str, ItemState] = {
    **dict.fromkeys(
        ("waiting", "pending", "requested", "demande", "en_attente", "a_envoyer"), ItemState.WAITING
    ),
    **dict.fromkeys(("packed", "en_bac", "prepare", "pret"), ItemState.PACKED),
    **dict.fromkeys(
        ("travelling", "in_transit", "transit", "en_transit", "en_route", "envoye", "expedie", "sent"),
        ItemState.TRAVELLING,
    ),
    **dict.fromkeys(("arrived", "received", "arrive", "recu", "livre", "receptionne"), ItemState.ARRIVED),
    **dict.fromkeys(("cancelled", "canceled", "annule", "abandonne"), ItemState.CANCELLED),
}
_AHEAD = timedelta(days=2)  # clocks of other machines, and days written without an hour


@dataclass
class _Reader:
    """What is the same for every line, and what gathers on the way."""

    name: str
    columns: Mapping[Field, str]
    places: Places
    states: Mapping[str, ItemState]
    latest: datetime
    refused: list[Finding] = field(default_factory=list)
    unknown: dict[str, str] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)

    def text(self, row: Row, what: Field) -> str:
        cell = row.cells.get(self.columns.get(what, ""), "")
        return "" if is_nothing(cell) else " ".join(cell.split())

    def refuse(self, row: Row, message: str, remedy: str) -> None:
        self.refused.append(Finding(where=self.name, line=row.line, message=message, remedy=remedy))


def read_transfers(
    name: str, raw: bytes, vocabulary: Vocabulary, places: Places, now: datetime
) -> TransfersRead:
    """Read a CSV file of any form. Lines that cannot be taken are refused one by one, with their reason.

    InputError when the file as a whole cannot be read, or its columns are not understood.
    """
    table = table_of(name, raw, "Choisissez un fichier qui a des lignes.")
    sheet = table if isinstance(table, Sheet) else sheet_of(name, table)
    if not sheet.rows and any(one.serious for one in sheet.findings):
        raise InputError("Ce fichier ne peut pas être lu.", sheet.findings)
    dropped = dropped_columns(sheet.columns, sheet.rows)
    columns = chosen_columns(vocabulary.columns, sheet.columns, dropped)
    states = {**_STATES, **{plain(word): state for word, state in vocabulary.states.items()}}
    reader = _Reader(name, columns, places, states, now + _AHEAD)
    taken = [transfer for row in sheet.rows if (transfer := _transfer(reader, row))]
    badly_cut = [one for one in sheet.findings if one.serious]
    return TransfersRead(
        transfers=tuple(taken),
        refused=tuple(sorted([*badly_cut, *reader.refused], key=lambda one: one.line or 0)),
        remarks=(*(one for one in sheet.findings if not one.serious), *_about_readers(name, dropped)),
        columns=columns,
        dropped=dropped,
        unknown_sites=reader.unknown,
        form=sheet.form,
    )


def _about_readers(name: str, dropped: tuple[str, ...]) -> list[Finding]:
    if not dropped:
        return []
    titles = ", ".join(f"« {title} »" for title in dropped)
    message = f"colonnes écartées parce qu'elles décrivent des lecteurs : {titles}."
    return [Finding(where=name, message=message, remedy="Rien n'en est gardé.", serious=False)]


def _transfer(reader: _Reader, row: Row) -> Transfer | None:
    """One line; None after saying why not."""
    before = len(reader.refused)
    barcode = _barcode(reader, row)
    origin, destination = _site(reader, row, Field.FROM), _site(reader, row, Field.TO)
    moments = {what: _moment(reader, row, what) for what in _DATES}
    requested = moments[Field.REQUESTED] or moments[Field.SENT]
    state = _state(reader, row, moments)
    if len(reader.refused) > before:
        return None
    if requested is None:
        reader.refuse(row, "ni date de demande, ni date d'envoi.", "Complétez l'une des deux.")
        return None
    if origin == destination:
        reader.refuse(row, f"le départ et l'arrivée sont le même site ({origin}).", "Corrigez l'un des deux.")
        return None
    reference = reader.text(row, Field.REFERENCE) or _made(barcode, origin, destination, requested)
    if reference in reader.seen:
        first = reader.seen[reference]
        reader.refuse(row, f"ce transfert figure déjà à la ligne {first}.", "N'en gardez qu'un.")
        return None
    reader.seen[reference] = row.line
    return Transfer(
        reference=reference[:200],
        barcode=barcode,
        title=reader.text(row, Field.TITLE)[:300] or None,
        origin=origin,
        destination=destination,
        requested_at=requested,
        state=state,
        line=row.line,
    )


_DATES = (Field.REQUESTED, Field.SENT, Field.ARRIVED, Field.CANCELLED)


def _made(barcode: str, origin: str, destination: str, requested: datetime) -> str:
    """A name for a transfer that has none in its source."""
    return f"{barcode}/{origin}/{destination}/{requested.date().isoformat()}"


def _barcode(reader: _Reader, row: Row) -> str:
    text = reader.text(row, Field.BARCODE)
    if not text:
        reader.refuse(row, "le code-barres manque.", "Complétez-le.")
    elif _ABRIDGED.fullmatch(text):
        reader.refuse(
            row,
            f"le tableur a abrégé le code-barres (« {text} ») : ses chiffres sont perdus.",
            "Exportez à nouveau sans passer par un tableur, ou mettez la colonne au format texte.",
        )
    elif len(text) > 64 or not text.isprintable():
        reader.refuse(row, "le code-barres est trop long ou illisible.", "Vérifiez la colonne choisie.")
    return text.removesuffix(".0")


def _site(reader: _Reader, row: Row, what: Field) -> str:
    said = reader.text(row, what)
    word = "de départ" if what is Field.FROM else "d'arrivée"
    if not said:
        reader.refuse(row, f"le site {word} manque.", "Complétez-le.")
        return ""
    found = reader.places.find(said)
    if found is None:
        near = reader.unknown.setdefault(said, reader.places.nearest(said))
        remedy = f"Est-ce « {near} » ? " if near else ""
        reader.refuse(
            row, f"le site {word} « {said} » est inconnu.", f"{remedy}Ajoutez-le à la table des sites."
        )
    return found or ""


def _moment(reader: _Reader, row: Row, what: Field) -> datetime | None:
    text = reader.text(row, what)
    if not text:
        return None
    moment = read_moment(text)
    if moment is None:
        reader.refuse(row, f"« {text} » n'est pas une date.", "Écrivez par exemple 01/12/2026 09:30.")
    elif moment > reader.latest or moment.year < 1990:
        reader.refuse(row, f"la date « {text} » n'est pas vraisemblable.", "Vérifiez le jour et le mois.")
    return moment


def _state(reader: _Reader, row: Row, moments: Mapping[Field, datetime | None]) -> ItemState:
    word = reader.text(row, Field.STATE)
    if word and plain(word) not in reader.states:
        reader.refuse(
            row, f"l'état « {word} » est inconnu.", "Dites ce qu'il veut dire dans la table des états."
        )
    if word:
        return reader.states.get(plain(word), ItemState.WAITING)
    if moments[Field.CANCELLED]:
        return ItemState.CANCELLED
    if moments[Field.ARRIVED]:
        return ItemState.ARRIVED
    return ItemState.TRAVELLING if moments[Field.SENT] else ItemState.WAITING
