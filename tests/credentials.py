"""Credentials made for real, the way people get theirs: invitations, sessions, phones, links, keys.

def test_something(real: Credentials) -> None:
    camille = real.coordinator()             # a client with a cookie, that sends its CSRF token along
    phone = real.device("C1")                # a client with a bearer token
"""

import itertools
from dataclasses import dataclass, field

from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.repositories.accounts import find_account, get_account
from api.security.cookies import cookie_name
from api.service import Service
from api.services import api_keys, devices, invitations, links
from api.services.signing_in import Browser, Started, begin
from models.tables.people import AccountRecord, AccountRole, LinkKind

PASSWORD = "quatre mots sans rapport"
HERE = Browser(address="192.0.2.7", user_agent="un navigateur d'essai")
_numbers = itertools.count(1)


@dataclass
class Credentials:
    """Who may come in, made when asked for. Each account is made once; sessions are new at every call."""

    app: FastAPI
    service: Service
    _accounts: dict[str, AccountRecord] = field(default_factory=dict)

    def coordinator(self, login: str = "camille") -> TestClient:
        return self.browser(self.account(login, AccountRole.COORDINATOR))

    def official(self, login: str = "odile") -> TestClient:
        return self.browser(self.account(login, AccountRole.OFFICIAL))

    def account(self, login: str, role: AccountRole) -> AccountRecord:
        """An account that has accepted an invitation with `PASSWORD`."""
        if login not in self._accounts:
            with self.service.database.write() as session:
                invited = invitations.invite(session, role, by="un essai")
            name = f"{login.capitalize()} Dupont"
            chosen = invitations.Chosen(name=name, login=login, password=PASSWORD)
            invitations.accept(self.service, invited.token, chosen, HERE)
            with self.service.database.read() as session:
                found = find_account(session, login)
            assert found is not None
            self._accounts[login] = found
        return self._accounts[login]

    def begin(self, account: AccountRecord) -> Started:
        """A session of an account, as signing in makes it."""
        with self.service.database.write() as session:
            return begin(self.service, session, get_account(session, account.id), HERE)

    def browser(self, account: AccountRecord) -> TestClient:
        """A browser that has signed in."""
        started = self.begin(account)
        client = self.nobody()
        client.cookies.set(cookie_name(self.service.settings), started.token)
        client.headers["x-csrf-token"] = started.csrf
        return client

    def device_token(self, driver: str | None = "C1") -> str:
        with self.service.database.write() as session:
            made = devices.start_enrolment(session, self.service.keyring, driver, "un essai")
        return devices.enrol(self.service, made.code, f"Téléphone {next(_numbers)}", "192.0.2.7").token

    def link_token(self, subject: str = "cassel", kind: LinkKind = LinkKind.LIBRARY) -> str:
        with self.service.database.write() as session:
            made = links.create(session, kind, subject, "", "un essai")
            return links.path_of(self.service.keyring, made).split("/")[-1].removesuffix(".ics")

    def key_token(self, *scopes: str) -> str:
        with self.service.database.write() as session:
            return api_keys.create(session, "Un logiciel", scopes, None, "un essai").whole

    def device(self, driver: str | None = "C1") -> TestClient:
        return self.bearer(self.device_token(driver))

    def library(self, site: str = "cassel") -> TestClient:
        return self.bearer(self.link_token(site))

    def integrator(self, *scopes: str) -> TestClient:
        return self.bearer(self.key_token(*scopes))

    def bearer(self, token: str) -> TestClient:
        client = self.nobody()
        client.headers["authorization"] = f"Bearer {token}"
        return client

    def nobody(self) -> TestClient:
        return TestClient(self.app, raise_server_exceptions=False, follow_redirects=False)
