"""Personal links: a library's page, a calendar. Signed, not stored, so that they can be printed again."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from api.repositories import access, credentials
from api.security import tokens
from api.security.keyring import Keyring
from api.services import audit
from api.services.actor import PUBLIC, Actor, Role
from models.errors import Conflict, NotFound
from models.tables.base import now
from models.tables.people import LinkKind, LinkRecord


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """What a token that counts opens: `subject` is the code of a site, of a vehicle (ROUND_FEED) or of a
    driver."""

    id: UUID
    kind: LinkKind
    subject: str
    label: str


def create(session: Session, kind: LinkKind, subject: str, label: str, by: str) -> LinkRecord:
    """A new link. NotFound when there is no such site, vehicle or driver."""
    access.get_subject_name(session, kind, subject)
    record = LinkRecord(kind=kind, subject=subject, label=label.strip(), created_by=by)
    session.add(record)
    session.flush()
    return record


def renew(session: Session, link: UUID) -> LinkRecord:
    """The same link with a new token; what was printed or sent before counts no longer."""
    found = access.get_link(session, link)
    if found.revoked_at is not None:
        raise Conflict("Ce lien est révoqué. Créez-en un autre.")
    found.generation += 1
    session.flush()
    return found


def revoke(session: Session, link: UUID) -> LinkRecord:
    """A link that opens nothing any more, from this moment on."""
    found = access.get_link(session, link)
    found.revoked_at = found.revoked_at or now()
    session.flush()
    return found


def path_of(keyring: Keyring, link: LinkRecord) -> str:
    """Where a link leads, its token included."""
    token = tokens.link_token(keyring, link.id, link.generation)
    return f"/b/{token}" if link.kind is LinkKind.LIBRARY else f"/calendrier/{token}.ics"


def shown(session: Session, keyring: Keyring, link: UUID) -> tuple[LinkRecord, str]:
    """A link that counts, with its path, to be printed again; Conflict when it was revoked.

    To be called in a writing transaction: who has looked at a secret stands in the log of changes.
    """
    found = access.get_link(session, link)
    if found.revoked_at is not None:
        raise Conflict("Ce lien est révoqué. Créez-en un autre.")
    audit.note(session, "shown", "link", str(found.id), opens=found.subject)
    return found, path_of(keyring, found)


def opened(session: Session, keyring: Keyring, token: str) -> Opened:
    """What a token opens, of whatever kind. NotFound when it was revoked, renewed, or never was ours."""
    named = tokens.link_named(token)
    found = credentials.find_link(session, named) if named else None
    if found is None or not tokens.link_opens(keyring, token, found.id, found.generation):
        raise NotFound("Ce lien n'est plus valable. Demandez le nouveau à la coordination.")
    return Opened(id=found.id, kind=found.kind, subject=found.subject, label=found.label)


def actor_for(session: Session, keyring: Keyring, token: str) -> Actor:
    """Who a token makes its bearer: a library for its own link, somebody who reads one calendar for the
    others (PUBLIC, but named; `site` and `driver` say whose calendar). NotFound as for `opened`."""
    found = opened(session, keyring, token)
    if found.kind is LinkKind.LIBRARY:
        return Actor(role=Role.LIBRARY, name=found.label or found.subject, id=found.id, site=found.subject)
    return Actor(
        role=PUBLIC.role,
        name=f"agenda {found.subject}",
        id=found.id,
        site=found.subject if found.kind is LinkKind.SITE_FEED else None,
        driver=found.subject if found.kind is LinkKind.DRIVER_FEED else None,
    )
