"""Signing in with a browser: a password, then the six digits of a second factor where there is one.

Hashing takes long, so it happens outside every transaction.
"""

import json
import logging
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlmodel import Session

from api.repositories import accounts
from api.security import totp
from api.security.keyring import Keyring
from api.security.passwords import check_password
from api.security.throttle import Bucket, Throttle, sign_in_buckets
from api.security.tokens import hashed, new_token
from api.service import Service
from api.services import audit
from api.services.actor import Actor, Role
from api.services.identification import csrf_of
from models.errors import NotSignedIn
from models.tables.base import now
from models.tables.people import AccountRecord, SessionRecord

PENDING_S = 300
_PENDING = "second-factor"
_log = logging.getLogger("navette.security")


@dataclass(frozen=True, kw_only=True, slots=True)
class Browser:
    """Where somebody signs in from; `token` is that of the session which the browser had before, if any."""

    address: str
    user_agent: str = ""
    token: str | None = None
    request: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Started:
    """A session has begun: `token` goes into the cookie, `csrf` into forms and scripts."""

    token: str
    csrf: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CodeAsked:
    """The password was right; `pending` comes back with the code, within five minutes."""

    pending: str


def login_of(typed: str) -> str:
    """A login as it is stored, however it was typed."""
    return typed.strip().lower()


def person(account: AccountRecord) -> Actor:
    """Who an account is."""
    return Actor(role=Role(account.role.value), name=account.name, id=account.id)


def sign_in(service: Service, login: str, password: str, browser: Browser) -> Started | CodeAsked:
    """Begin a session, or ask for the second factor.

    NotSignedIn when the login or the password is wrong, never telling which; TooOften after too many tries.
    """
    login = login_of(login)
    account = prove(service, login, password, browser)
    if account.totp:
        return CodeAsked(pending=_pending(service.keyring, account))
    with service.database.write(person(account), browser.request) as session:
        return begin(service, session, account, browser)


def give_code(service: Service, pending: str, code: str, browser: Browser) -> Started:
    """Begin a session after the second factor. NotSignedIn when the code is wrong, or was used before."""
    with service.database.read() as session:
        account = _awaited(service.keyring, session, pending)
    must_know_code(service, account, code)
    with service.database.write(person(account), browser.request) as session:
        return begin(service, session, account, browser)


def prove(service: Service, login: str, password: str, browser: Browser) -> AccountRecord:
    """The open account of a login and its password; NotSignedIn, TooOften."""
    throttle, buckets = Throttle(service.database, service.keyring), sign_in_buckets(login, browser.address)
    throttle.take(buckets)
    with service.database.read() as session:
        found = accounts.find_account(session, login)
    account = found if found and found.closed_at is None else None
    right, better = check_password(password, account.password if account else None)
    if account is None or not right:
        _refused(service, found, browser)
        raise NotSignedIn("Identifiant ou mot de passe incorrect. Vérifiez les deux, puis réessayez.")
    throttle.forget(buckets[:2])  # the address keeps its count: one account of its own is no way round
    if better:
        with service.database.write() as session:
            accounts.store_hash(session, account.id, better)
    return account


def must_know_code(service: Service, account: AccountRecord, code: str) -> None:
    """NotSignedIn unless a code is that of an account's second factor, right now, and for the first time."""
    buckets = (Bucket(name=f"code:{account.id}", free=5, longest_s=900),)
    throttle = Throttle(service.database, service.keyring)
    throttle.take(buckets)
    step = totp.step_of(service.keyring.decrypt(account.totp), code, account.totp_last)
    with service.database.write() as session:
        if step is None or not accounts.take_step(session, account.id, step):
            raise NotSignedIn("Ce code n'est pas le bon, ou a déjà servi. Attendez le suivant.")
    throttle.forget(buckets)


def begin(service: Service, session: Session, account: AccountRecord, browser: Browser) -> Started:
    """A new session; the one that this browser had before ends, so that none is ever handed on."""
    token, moment = new_token(), now()
    if browser.token:
        accounts.end_session_of_token(session, hashed(browser.token))
    session.add(
        SessionRecord(
            account=account.id,
            token=hashed(token),
            user_agent=browser.user_agent[:200],
            created_at=moment,
            seen_at=moment,
            expires_at=moment + timedelta(days=service.settings.session_days),
        )
    )
    audit.note(session, "signed_in", "account", account.login, address=browser.address)
    return Started(token=token, csrf=csrf_of(service.keyring, token))


def _pending(keyring: Keyring, account: AccountRecord) -> str:
    """Encrypted: whose password was right, and which password that was."""
    told = {"account": str(account.id), "password": keyring.sign(_PENDING, account.password)}
    return keyring.encrypt(json.dumps(told), _PENDING)


def _awaited(keyring: Keyring, session: Session, pending: str) -> AccountRecord:
    told = json.loads(keyring.decrypt(pending, _PENDING, PENDING_S))
    account = accounts.get_account(session, UUID(told["account"]))
    same = keyring.verify(_PENDING, account.password, told["password"])
    if account.closed_at is not None or not account.totp or not same:
        raise NotSignedIn("Votre compte a changé entre-temps. Identifiez-vous de nouveau.")
    return account


def _refused(service: Service, account: AccountRecord | None, browser: Browser) -> None:
    """Logged by name only where there is such an account: people type passwords into the wrong field."""
    _log.warning("sign-in refused", extra={"address": browser.address, "known": account is not None})
    if account is not None:
        with service.database.write(request=browser.request) as session:
            audit.note(session, "sign_in_refused", "account", account.login, address=browser.address)
