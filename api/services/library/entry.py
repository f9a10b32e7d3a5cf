"""Who opens a library's page with the token in its address; whom the others are told to call."""

from dataclasses import dataclass

from sqlmodel import Session

from api.service import Service
from api.services import identification, links
from api.services.actor import Actor
from api.services.network_records import the_network
from models.errors import NotFound
from models.tables.people import LinkKind


@dataclass(frozen=True, kw_only=True, slots=True)
class Help:
    """Whom to call: the coordination of a network."""

    organisation: str
    name: str
    phone: str
    email: str


class LostLink(NotFound):
    """A personal link that opens nothing. `served` is False where it is its site that is served no more."""

    def __init__(self, *, served: bool = True) -> None:
        super().__init__("Ce lien n'ouvre rien.")
        self.served = served


def entered(service: Service, token: str, address: str) -> Actor:
    """The library whose page a token opens. LostLink where it opens none; TooOften for who tries too many.

    Only tries in vain are counted: a town hall whose old posters are still photographed must not keep its
    library out, and 100 signed bits are not guessed by asking.
    """
    actor = identification.by_link(service, token)
    if actor is not None:
        return actor
    identification.count_vain_link(service, address)
    raise LostLink(served=not _of_archived(service, token))


def help_of(session: Session) -> Help:
    """Whom to call."""
    head = the_network(session)
    return Help(
        organisation=head.organisation,
        name=head.coordinator_name,
        phone=head.coordinator_phone,
        email=head.coordinator_email,
    )


def _of_archived(service: Service, token: str) -> bool:
    """Whether a token still counts, but its library was put away."""
    with service.database.read() as session:
        try:
            return links.opened(session, service.keyring, token).kind is LinkKind.LIBRARY
        except NotFound:
            return False
