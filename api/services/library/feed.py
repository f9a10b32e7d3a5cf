"""The calendar of a library's visits: its link is made when somebody first asks for it."""

from sqlmodel import Session

from api.repositories import library
from api.service import Service
from api.services import links
from api.services.actor import Actor
from models.tables.people import LinkKind

_LABEL = "Agenda, demandé par la bibliothèque"


def address(session: Session, service: Service, site: str) -> str:
    """Where the calendar is; empty while nobody has asked for it."""
    found = library.feed_link(session, site, _LABEL)
    return service.settings.public_url + links.path_of(service.keyring, found) if found else ""


def make(session: Session, actor: Actor) -> None:
    """Make the link, unless it is there."""
    assert actor.site is not None
    if library.feed_link(session, actor.site, _LABEL) is None:
        links.create(session, LinkKind.SITE_FEED, actor.site, _LABEL, actor.name)
