"""Which calendar a link opens."""

from sqlmodel import Session

from api.repositories.credentials import find_link
from api.security import tokens
from api.security.keyring import Keyring
from models.errors import NotFound
from models.tables.people import LinkRecord


def opened(session: Session, keyring: Keyring, token: str) -> LinkRecord:
    """NotFound when it was revoked, renewed, or never was ours."""
    named = tokens.link_named(token)
    found = find_link(session, named) if named else None
    if found is None or not tokens.link_opens(keyring, token, found.id, found.generation):
        raise NotFound("Ce lien n'est plus valable. Demandez le nouveau à la coordination.")
    return found
