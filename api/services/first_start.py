"""Nobody has a password at first: whoever starts Navette gets a link to create the first account."""

from datetime import timedelta

from api.repositories import accounts
from api.service import Service
from api.services.invitations import invite
from api.services.signing_in import login_of
from models.errors import NotFound
from models.tables.base import now
from models.tables.people import AccountRole

VALID = timedelta(hours=24)


def first_link(service: Service) -> str | None:
    """The URL of a new one-time link while there is no open coordinator's account, else None.

    Earlier ones count no longer: of several starts only what was printed last does.
    """
    with service.database.write() as session:
        if accounts.has_open_coordinator(session):
            return None
        accounts.withdraw_first_invitations(session, now())
        made = invite(session, AccountRole.COORDINATOR, by="", valid=VALID)
    return service.settings.public_url + made.path


def rescue_link(service: Service, login: str | None = None) -> str:
    """The URL of a one-time link for whoever is at the machine itself: a new coordinator's account, or a new
    password for an account. NotFound when no open account has that login."""
    with service.database.write() as session:
        account = accounts.find_account(session, login_of(login)) if login else None
        if login and (account is None or account.closed_at is not None):
            raise NotFound(f"Aucun compte ouvert n'a l'identifiant « {login} ».")
        role = account.role if account else AccountRole.COORDINATOR
        made = invite(session, role, by="navette compte", account=account, valid=VALID)
    return service.settings.public_url + made.path
