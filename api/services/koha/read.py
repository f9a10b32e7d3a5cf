"""A Koha's open transfers → transfers of ours, and why some were refused. No reader is ever asked for."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from api.services.koha.client import Koha, Missing
from api.services.koha.errors import KohaRefused
from api.services.koha.report import HOW_TO
from models.errors import Finding
from models.transfers.moments import read_moment
from models.transfers.places import Places
from models.transfers.values import ItemState, Transfer, TransfersRead

_OPEN = '{"arrived_date":null,"cancellation_date":null}'
_EMBED = "item.biblio"
_AHEAD = timedelta(days=2)


def read_libraries(koha: Koha) -> dict[str, str]:
    """Code → name of Koha's libraries."""
    rows = [row for page in koha.pages("/libraries", {}, "library_id") for row in page]
    return {str(row["library_id"]): str(row.get("name") or "") for row in rows if row.get("library_id")}


def read_koha(koha: Koha, places: Places, now: datetime) -> TransfersRead:
    """The transfers that have neither arrived nor been cancelled."""
    koha.sign_in()
    try:
        rows = [
            row
            for page in koha.pages("/transfers", {"q": _OPEN}, "transfer_id", embed=_EMBED)
            for row in page
        ]
    except Missing as error:
        raise _too_old(koha, error) from error
    reading = _Reading(places, now + _AHEAD)
    taken = [one for row in rows if (one := reading.transfer(row))]
    return TransfersRead(
        transfers=tuple(taken),
        refused=tuple(reading.refused),
        unknown_sites=reading.unknown,
        form="Koha",
    )


def _too_old(koha: Koha, error: Missing) -> KohaRefused:
    """Without transfers but with libraries it is an older Koha; without either it is none."""
    try:
        read_libraries(koha)
    except Missing:
        return error
    return KohaRefused(
        "Ce Koha ne donne pas encore ses transferts par son API (404). Enregistrez-y plutôt le rapport que "
        f"propose Navette (/api/v1/transfers/koha-report). {HOW_TO}"
    )


class _Reading:
    """What gathers while rows are read."""

    def __init__(self, places: Places, latest: datetime) -> None:
        self._places = places
        self._latest = latest
        self.refused: list[Finding] = []
        self.unknown: dict[str, str] = {}

    def transfer(self, row: Mapping[str, Any]) -> Transfer | None:
        """One row; None after saying why not."""
        where = f"transfert {row.get('transfer_id')}"
        item = row.get("item") if isinstance(row.get("item"), dict) else {}
        barcode = str((item or {}).get("external_id") or "").strip()
        requested = _moment(row.get("requested_date")) or _moment(row.get("sent_date"))
        origin, destination = (self._site(where, row.get(f"{end}_library_id")) for end in ("from", "to"))
        wrong = (
            (not isinstance(row.get("transfer_id"), int), "il n'a pas de numéro."),
            (not barcode or len(barcode) > 64, f"l'exemplaire {row.get('item_id')} n'a pas de code-barres."),
            (requested is None, "ses dates ne se lisent pas."),
            (requested is not None and requested > self._latest, "sa date n'est pas vraisemblable."),
            (bool(origin) and origin == destination, "il part d'où il arrive."),
        )
        for is_wrong, message in wrong:
            if is_wrong:
                self.refused.append(Finding(where=where, message=message, remedy="Corrigez-le dans Koha."))
                return None
        if not origin or not destination or requested is None:
            return None
        return Transfer(
            reference=str(row["transfer_id"]),
            barcode=barcode,
            title=_title(item),
            origin=origin,
            destination=destination,
            requested_at=requested,
            state=_state(row),
        )

    def _site(self, where: str, said: Any) -> str | None:
        code = str(said or "")
        found = self._places.find(code) if code else None
        if found is None:
            near = self.unknown.setdefault(code, self._places.nearest(code))
            remedy = (f"Est-ce « {near} » ? " if near else "") + "Ajoutez-le à la table des sites."
            self.refused.append(
                Finding(where=where, message=f"le site « {code} » est inconnu.", remedy=remedy)
            )
        return found


def _moment(said: Any) -> datetime | None:
    return read_moment(said) if isinstance(said, str) and said else None


def _title(item: Any) -> str | None:
    biblio = item.get("biblio") if isinstance(item, dict) else None
    title = biblio.get("title") if isinstance(biblio, dict) else None
    return " ".join(title.split())[:300] or None if isinstance(title, str) else None


def _state(row: Mapping[str, Any]) -> ItemState:
    if row.get("cancellation_date"):
        return ItemState.CANCELLED
    if row.get("arrived_date"):
        return ItemState.ARRIVED
    return ItemState.TRAVELLING if row.get("sent_date") else ItemState.WAITING
