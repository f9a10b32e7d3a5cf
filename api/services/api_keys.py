"""Keys for other software: shown once, with exactly the scopes they were made for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from api.repositories import access
from api.security.tokens import hashed, new_api_key
from models.errors import Finding, InputError
from models.tables.base import now
from models.tables.people import ApiKeyRecord

SCOPES = {
    "network:read": "lire le réseau",
    "network:write": "changer le réseau",
    "plans:read": "lire les plannings",
    "plans:write": "changer les plannings",
    "scans:read": "lire les pointages",
    "scans:write": "pointer",
    "transfers:read": "lire les documents en transit",
    "transfers:write": "déclarer les documents en transit",
    "reports:read": "lire les rapports",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """A key that was just made; `whole` is told now and never again."""

    record: ApiKeyRecord
    whole: str


def create(session: Session, name: str, scopes: Sequence[str], expires_at: datetime | None, by: str) -> Made:
    """A new key. InputError when a scope does not exist, or the key would be over already."""
    unknown = [scope for scope in scopes if scope not in SCOPES]
    if unknown:
        raise InputError("Une portée n'existe pas.", tuple(_unknown(scope) for scope in unknown))
    if expires_at is not None and expires_at <= now():
        raise InputError("Cette clé serait déjà périmée : donnez une date à venir, ou aucune.")
    parts = new_api_key()
    record = ApiKeyRecord(
        name=name.strip(),
        prefix=parts.prefix,
        secret=hashed(parts.whole),
        scopes=sorted(set(scopes)),
        expires_at=expires_at,
        created_by=by,
    )
    session.add(record)
    session.flush()
    return Made(record=record, whole=parts.whole)


def revoke(session: Session, key: UUID) -> ApiKeyRecord:
    """A key that opens nothing any more, from this moment on."""
    found = access.get_api_key(session, key)
    found.revoked_at = found.revoked_at or now()
    session.flush()
    return found


def _unknown(scope: str) -> Finding:
    return Finding(
        where="scopes",
        message=f"« {scope} » n'existe pas.",
        remedy="Portées possibles : " + ", ".join(SCOPES) + ".",
    )
