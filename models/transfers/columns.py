"""Which column says what, and which describe a reader and are not looked at."""

import re
from collections.abc import Iterable, Mapping

from models.errors import Finding, InputError
from models.network.sheet import Row, plain
from models.transfers.values import Field

# Titles that are understood without being told, as `plain` writes them.
USUAL: Mapping[Field, tuple[str, ...]] = {
    Field.BARCODE: ("barcode", "code_barres", "code_barre", "codebarres", "codebarre", "cab", "item_barcode"),
    Field.TITLE: ("title", "titre", "titre_du_document", "document"),
    Field.FROM: ("from", "frombranch", "de", "depuis", "origine", "origin", "site_origine", "depart"),
    Field.TO: ("to", "tobranch", "vers", "pour", "destination", "site_destination", "arrivee", "retrait"),
    Field.REQUESTED: (
        *("requested_at", "daterequested", "date_requested", "date_demande", "date_de_demande"),
        *("demande_le", "date_reservation", "date"),
    ),
    Field.SENT: ("sent_at", "datesent", "date_sent", "date_envoi", "date_d'envoi", "envoye_le", "expedie_le"),
    Field.ARRIVED: (
        "arrived_at",
        "datearrived",
        "date_arrived",
        "date_arrivee",
        "date_d'arrivee",
        "arrive_le",
    ),
    Field.CANCELLED: ("cancelled_at", "datecancelled", "date_annulation", "annule_le"),
    Field.STATE: ("state", "status", "statut", "etat"),
    Field.REFERENCE: (
        *("reference", "ref", "branchtransfer_id", "transfer_id", "identifiant", "numero_transfert", "id"),
    ),
}
_READER = re.compile(
    r"(^|_|\.)(lecteurs?|lectrice|usagers?|adherente?s?|emprunteur|abonnee?s?|patron|borrower\w*|reader|member"
    r"|cardnumber|card|carte|surname|firstname|lastname|prenom|nom|login|userid|e?_?mail|courriel|telephone"
    r"|phone|mobile|portable|naissance|birth\w*|dateofbirth|adresse|address)($|_|\.|\d)"
)
_MAIL = re.compile(r"[^\s@;,]+@[^\s@;,]+\.[a-z]{2,}", re.IGNORECASE)


def describes_a_reader(title: str) -> bool:
    """True for a column title that looks like a reader's name, card, e-mail, phone or address."""
    return bool(_READER.search(plain(title)))


def holds_a_mail(text: str) -> bool:
    """True for a cell that holds an e-mail address."""
    return bool(_MAIL.search(text))


def dropped_columns(columns: Iterable[str], rows: Iterable[Row]) -> tuple[str, ...]:
    """The columns that describe readers by their title, or whose cells hold e-mail addresses."""
    found = {column for column in columns if column and describes_a_reader(column)}
    for row in rows:
        found |= {column for column, cell in row.cells.items() if "@" in cell and holds_a_mail(cell)}
    return tuple(column for column in columns if column in found)


def chosen_columns(
    asked: Mapping[Field, str], columns: tuple[str, ...], dropped: tuple[str, ...]
) -> dict[Field, str]:
    """Field → column, as asked, and guessed where nothing was asked.

    InputError with every finding: a column that is not there or describes readers, and fields that cannot
    be done without.
    """
    findings = [one for field, title in asked.items() if (one := _wrong(field, title, columns, dropped))]
    found = {field: plain(title) for field, title in asked.items()}
    for field, titles in USUAL.items():
        if field not in found:
            free = [title for title in titles if title in columns and title not in dropped]
            found.update({field: free[0]} if free and free[0] not in found.values() else {})
    findings += [
        _missing(field, columns) for field in (Field.BARCODE, Field.FROM, Field.TO) if field not in found
    ]
    if not {Field.REQUESTED, Field.SENT} & set(found):
        findings.append(_missing(Field.REQUESTED, columns))
    if findings:
        raise InputError("Les colonnes de ce fichier ne sont pas toutes comprises.", tuple(findings))
    return found


def _wrong(field: Field, title: str, columns: tuple[str, ...], dropped: tuple[str, ...]) -> Finding | None:
    if plain(title) in dropped or describes_a_reader(title):
        message = f"la colonne « {title} » décrit un lecteur : Navette n'en garde rien."
        return Finding(where=f"mapping.{field}", message=message, remedy="Choisissez une autre colonne.")
    if plain(title) not in columns:
        return Finding(
            where=f"mapping.{field}",
            message=f"le fichier n'a pas de colonne « {title} ».",
            remedy=f"Colonnes du fichier : {', '.join(columns)}.",
        )
    return None


def _missing(field: Field, columns: tuple[str, ...]) -> Finding:
    return Finding(
        where=f"mapping.{field}",
        message="aucune colonne n'a été reconnue pour ce champ.",
        remedy=f"Dites laquelle dans mapping. Colonnes du fichier : {', '.join(columns)}.",
    )
