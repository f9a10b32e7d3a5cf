"""One-time links: to create an account, or to choose a new password. Shown once, stored as a hash."""

from dataclasses import dataclass, replace
from datetime import timedelta

from sqlmodel import Session

from api.repositories import accounts
from api.security.passwords import hash_password, must_be_good
from api.security.throttle import Throttle, address_bucket
from api.security.tokens import hashed, new_code
from api.service import Service
from api.services import audit
from api.services.actor import SYSTEM, Actor
from api.services.signing_in import Browser, Started, begin, login_of, person
from models.errors import Conflict, Finding, InputError, NotFound
from models.tables.base import now
from models.tables.people import AccountRecord, AccountRole, InvitationRecord

VALID = timedelta(days=3)
_LETTERS = 32  # 160 bits


@dataclass(frozen=True, kw_only=True, slots=True)
class Invited:
    """A link that was just made; `token` is told now and never again."""

    record: InvitationRecord
    token: str

    @property
    def path(self) -> str:
        first = self.record.account is None and not self.record.created_by
        return f"/{'premier-compte' if first else 'invitation'}/{self.token}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """What a link that still counts leads to: a new account, or a new password for `account`."""

    invitation: InvitationRecord
    account: AccountRecord | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Chosen:
    """What somebody who follows a link chooses; the name and the login count for new accounts only."""

    name: str
    login: str
    password: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", self.name.strip())
        object.__setattr__(self, "login", login_of(self.login))


def invite(
    session: Session,
    role: AccountRole,
    by: str,
    account: AccountRecord | None = None,
    valid: timedelta = VALID,
) -> Invited:
    """A new one-time link; `by` is who made it, empty for the very first account's."""
    token = new_code(_LETTERS)
    record = InvitationRecord(
        token=hashed(token),
        role=role,
        account=account.id if account else None,
        created_by=by,
        expires_at=now() + valid,
    )
    session.add(record)
    return Invited(record=record, token=token)


def open_invitation(service: Service, token: str, address: str) -> Opened:
    """What a link leads to. NotFound when it is over, was used or withdrawn, or never was."""
    throttle, buckets = Throttle(service.database, service.keyring), address_bucket("invitation", address)
    with service.database.read() as session:
        found = _opened(session, token)
    if found is None:
        throttle.take(buckets)
        raise NotFound("Ce lien a déjà servi, ou n'est plus valable. Demandez-en un nouveau.")
    return found


def accept(service: Service, token: str, chosen: Chosen, browser: Browser) -> Started:
    """Create the account, or change its password, and sign in.

    InputError with every finding; Conflict when the login is taken; NotFound as above.
    """
    opened = open_invitation(service, token, browser.address)
    owner = opened.account
    if owner is None:
        _must_be_named(chosen)
    else:
        chosen = replace(chosen, login=owner.login, name=owner.name)
    must_be_good(chosen.password, chosen.login, chosen.name)
    stored = hash_password(chosen.password)
    author = person(owner) if owner else Actor(role=SYSTEM.role, name=chosen.name)
    with service.database.write(author, browser.request) as session:
        if not accounts.use_invitation(session, opened.invitation.id, now()):
            raise NotFound("Ce lien vient de servir. Demandez-en un nouveau.")
        account = _renewed(session, opened, stored) or _created(session, opened, chosen, stored)
        session.flush()
        return begin(service, session, account, browser)


def withdraw(session: Session, invitation: InvitationRecord) -> None:
    """Have a link count no longer."""
    accounts.use_invitation(session, invitation.id, now())
    audit.note(session, "withdrawn", "invitation", str(invitation.id))


def _opened(session: Session, token: str) -> Opened | None:
    invitation = accounts.find_invitation(session, hashed(token), now())
    if invitation is None:
        return None
    account = accounts.get_account(session, invitation.account) if invitation.account else None
    if account is not None and account.closed_at is not None:
        return None
    return Opened(invitation=invitation, account=account)


def _must_be_named(chosen: Chosen) -> None:
    found, login = [], chosen.login
    if not chosen.name:
        found.append(Finding(where="name", message="il manque votre nom.", remedy="Prénom et nom suffisent."))
    if not 3 <= len(login) <= 80 or any(letter.isspace() for letter in login):
        found.append(
            Finding(
                where="login",
                message="l'identifiant doit avoir de 3 à 80 caractères, sans espace.",
                remedy="Par exemple prenom.nom, ou votre adresse électronique.",
            )
        )
    if found:
        raise InputError("Il reste à compléter : " + " ".join(one.message for one in found), tuple(found))


def _created(session: Session, opened: Opened, chosen: Chosen, stored: str) -> AccountRecord:
    login, name = chosen.login, chosen.name
    if accounts.find_account(session, login) is not None:
        raise Conflict(f"L'identifiant « {login} » est déjà pris. Choisissez-en un autre.")
    account = AccountRecord(login=login, name=name, role=opened.invitation.role, password=stored)
    session.add(account)
    if account.role is AccountRole.COORDINATOR:  # from now on somebody is there to invite others
        accounts.withdraw_first_invitations(session, now())
    return account


def _renewed(session: Session, opened: Opened, stored: str) -> AccountRecord | None:
    """A new password ends every session and takes away the second factor, which may be what was lost."""
    if opened.account is None:
        return None
    account = accounts.get_account(session, opened.account.id)
    account.password, account.totp, account.totp_last = stored, "", 0
    accounts.end_sessions(session, account.id)
    return account
