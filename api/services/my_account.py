"""What people change of their own account: password, second factor, browsers."""

import json
from dataclasses import dataclass
from uuid import UUID

from api.repositories import accounts
from api.security import totp
from api.security.passwords import hash_password, must_be_good
from api.service import Service
from api.services import audit
from api.services.identification import Signed
from api.services.signing_in import Browser, person, prove
from models.errors import Conflict, Finding, Forbidden, InputError, NotFound, NotSignedIn
from models.tables.people import AccountRecord

_PENDING, _PENDING_S = "new-second-factor", 900


@dataclass(frozen=True, kw_only=True, slots=True)
class SecondFactor:
    """A second factor about to be set up: `uri` is what its QR code says, `pending` comes back to confirm."""

    secret: str
    uri: str
    pending: str


def change_password(service: Service, me: Signed, current: str, new: str, browser: Browser) -> None:
    """Change a password and end the account's other sessions.

    Forbidden when the current one is wrong, InputError when the new one is no good.
    """
    account = _proven(service, me, current, browser)
    must_be_good(new, account.login, account.name, where="new")
    if new == current:
        raise InputError("C'est le mot de passe actuel. Choisissez-en un autre.")
    stored = hash_password(new)
    with service.database.write(person(account), browser.request) as session:
        accounts.get_account(session, account.id).password = stored
        accounts.end_sessions(session, account.id, but=me.id)


def start_second_factor(service: Service, me: Signed, password: str, browser: Browser) -> SecondFactor:
    """A secret for an application on a phone; nothing counts until a code of it has confirmed it.

    Conflict when there is a second factor already, Forbidden when the password is wrong.
    """
    account = _proven(service, me, password, browser)
    if account.totp:
        raise Conflict("Votre compte a déjà un second facteur. Arrêtez-le d'abord.")
    secret = totp.new_secret()
    return _offered(service, account, secret)


def offered_again(service: Service, me: Signed, pending: str) -> SecondFactor:
    """What was offered before, to be shown again after a wrong code."""
    with service.database.read() as session:
        account = accounts.get_account(session, me.account)
    return _offered(service, account, _secret_of(service, me, pending))


def confirm_second_factor(service: Service, me: Signed, pending: str, code: str, request: str = "") -> None:
    """From now on codes of that secret are asked for. InputError when this code is not one."""
    secret = _secret_of(service, me, pending)
    step = totp.step_of(secret, code, last=0)
    if step is None:
        finding = Finding(where="code", message="ce n'est pas le bon.", remedy="Attendez le suivant.")
        raise InputError("Ce code n'est pas le bon. Rien n'a été changé : essayez le suivant.", (finding,))
    with service.database.read() as session:
        account = accounts.get_account(session, me.account)
    with service.database.write(person(account), request) as session:
        account = accounts.get_account(session, me.account)
        if account.totp:
            raise Conflict("Votre compte a déjà un second facteur.")
        account.totp, account.totp_last = service.keyring.encrypt(secret), step
        accounts.end_sessions(session, account.id, but=me.id)


def stop_second_factor(service: Service, me: Signed, password: str, browser: Browser) -> None:
    """The password alone is asked for again. Forbidden when it is wrong."""
    account = _proven(service, me, password, browser)
    with service.database.write(person(account), browser.request) as session:
        stored = accounts.get_account(session, account.id)
        stored.totp, stored.totp_last = "", 0


def end_browser(service: Service, me: Signed, browser: UUID, request: str = "") -> None:
    """End one of one's own sessions; NotFound when it is none."""
    with service.database.read() as session:
        account = accounts.get_account(session, me.account)
    with service.database.write(person(account), request) as session:
        if not accounts.end_session(session, me.account, browser):
            raise NotFound("Cette session n'existe pas, ou est déjà terminée.")
        audit.note(session, "session_ended", "account", account.login)


def _offered(service: Service, account: AccountRecord, secret: str) -> SecondFactor:
    told = json.dumps({"account": str(account.id), "secret": secret})
    return SecondFactor(
        secret=secret,
        uri=totp.provisioning(secret, account.login),
        pending=service.keyring.encrypt(told, _PENDING),
    )


def _secret_of(service: Service, me: Signed, pending: str) -> str:
    told = json.loads(service.keyring.decrypt(pending, _PENDING, _PENDING_S))
    if told["account"] != str(me.account):
        raise Forbidden("Ce second facteur a été préparé pour un autre compte. Recommencez.")
    return str(told["secret"])


def _proven(service: Service, me: Signed, password: str, browser: Browser) -> AccountRecord:
    """Whoever sits at an unlocked screen does not take the account over."""
    try:
        return prove(service, me.login, password, browser)
    except NotSignedIn as error:
        raise Forbidden("Ce n'est pas votre mot de passe actuel. Rien n'a été changé.") from error
