"""Every endpoint × every role × one's own and another's site, with credentials made for real.

What is expected is read from the endpoint itself (`Allow`), so that a new endpoint is walked without a word
here; one that asks nobody who they are must be named here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.endpoints import web_app
from api.services.actor import Role
from api.services.api_keys import SCOPES
from tests.credentials import Credentials
from tests.routes import UNSAFE, Endpoint, endpoints, other_routes

OWN, OTHER = "cassel", "bailleul"

# Nobody asks who calls.
OPEN = {"GET /healthz", "GET /readyz", "GET /metrics", "GET /docs", "GET /docs/oauth2-redirect"}
# Everybody may call: to become somebody, or with a token in the address.
PUBLIC = {
    "POST /api/v1/login",
    "POST /api/v1/login/code",
    "POST /api/v1/devices/enrol",
    "GET /connexion",
    "POST /connexion",
    "POST /connexion/code",
    "GET /deconnexion",
    "GET /premier-compte/{token}",
    "POST /premier-compte/{token}",
    "GET /invitation/{token}",
    "POST /invitation/{token}",
    "GET /api/v1/positions/osmand",  # trackers bring the phone's token where their protocol has it
    "POST /api/v1/positions/osmand",
    "POST /api/v1/positions/owntracks",
    "GET /calendrier/{token}.ics",
    # A library's page: its token in the address is looked at by the page itself.
    "GET /b/{token}",
    "GET /b/{token}/suivi",
    "POST /b/{token}/prets",
    "POST /b/{token}/prets/annuler",
    "POST /b/{token}/recu",
    "GET /b/{token}/messages",
    "POST /b/{token}/messages",
    "GET /b/{token}/agenda",
    "POST /b/{token}/agenda",
    "GET /b/{token}/{name}.pdf",
    "GET /b/{token}/fermeture",
    "POST /b/{token}/fermeture",
    "POST /b/{token}/fermeture/{key}/retirer",
    "GET /b/{token}/probleme",
    "POST /b/{token}/probleme",
    "GET /b/{token}/avis",
    "POST /b/{token}/avis",
    "POST /b/{token}/avis/{key}/arreter",
    "POST /b/{token}/avis/appareil",
    "GET /b/ouvrier.js",
    "GET /b/{token}/livre",
    "GET /",
    "GET /bureau",
    "GET /bureau/{path:path}",
    "GET /tournee",
    "GET /tournee/{path:path}",
    "GET /service-worker.js",
    "GET /tournee.webmanifest",
    "GET /_app/{path:path}",
    "GET /c/{code}",  # what the label of a crate leads to
    "GET /appareil",
    "GET /quand",
    "GET /quand/cadre",
    "GET /quand/navette.js",
    "GET /static/pages/{stamp}/{name}",
    "GET /api/v1/plans/published/gtfs.zip",  # what is announced anyway
    "GET /api/v1/live/gtfs-rt.json",
    "GET /api/v1/live/gtfs-rt.pb",
    "GET /api/v1/promises",  # when the shuttle goes is no secret
    "GET /api/v1/public/items/{code}",  # answers only where the installation says so
    "GET /avis/{token}",  # what the links in mails to libraries carry
    "POST /avis/{token}/confirmer",
    "POST /avis/{token}/arreter",
}
# These only ask, although they bring a body.
QUESTIONS = {"POST /api/v1/closures/effect", "POST /api/v1/promises"}
# Whose thing it is, is looked at once the body has been understood.
BODIES: dict[str, dict[str, object]] = {
    "POST /api/v1/sites/{code}/closures": {"starts_on": "2027-08-02", "ends_on": "2027-08-13"},
}
# These also answer 401 or 403 to a wrong password or code, whoever asks.
ASK_A_SECRET = {
    "POST /connexion",
    "POST /connexion/code",
    "POST /mon-compte/mot-de-passe",
    "POST /mon-compte/second-facteur",
    "POST /mon-compte/second-facteur/confirmer",
    "POST /mon-compte/second-facteur/arreter",
    "POST /api/v1/positions/osmand",
    "POST /api/v1/positions/owntracks",
}
SCREENS = ("/bureau", "/tournee")  # they say 503 where nobody has built them, as in a checkout without Node
OTHER_ROUTES = {"/openapi.json", "/static-offline-docs"}


@dataclass(frozen=True, kw_only=True)
class Walker:
    """Somebody who tries every endpoint; `client` makes a new session, or shows the same token again."""

    role: Role
    client: Callable[[], TestClient]
    site: str = OWN
    scopes: frozenset[str] = frozenset()

    def may(self, endpoint: Endpoint) -> bool:
        if Role.PUBLIC in endpoint.roles:
            return True
        return self.role in endpoint.roles and (
            self.role is not Role.INTEGRATOR or endpoint.scopes <= self.scopes
        )

    def fault(self, endpoint: Endpoint) -> str | None:
        """What is wrong with an answer, if anything."""
        may = self.may(endpoint)
        if may and endpoint.streams:
            return None  # would not end
        told = _call(self.client(), endpoint, self.site)
        wanted = self._wanted(endpoint, may, told)
        return None if wanted is True else f"{endpoint} as {self.role}: {told}, {wanted}"

    def _wanted(self, endpoint: Endpoint, may: bool, told: int) -> bool | str:
        if told >= 500:
            return "a fault of ours"
        if not may:
            right = 401 if self.role is Role.PUBLIC else 403
            return told == right or f"{right} expected"
        if self.role is Role.LIBRARY and endpoint.site_part and self.site != OWN:
            return told in {403, 404} or "another's site must not be shown"
        return told not in {401, 403} or str(endpoint) in ASK_A_SECRET or "should pass"


def _call(client: TestClient, endpoint: Endpoint, site: str) -> int:
    changes = endpoint.method in UNSAFE
    return client.request(
        endpoint.method,
        endpoint.url(site),
        headers={"if-match": '"v1"'} if changes else {},
        json=BODIES.get(str(endpoint), {}) if changes else None,
    ).status_code


def _walk(walker: Walker, app: FastAPI) -> None:
    walked = [one for one in endpoints(app) if web_app.built() or not one.path.startswith(SCREENS)]
    assert len(walked) > 40
    assert [fault for one in walked if (fault := walker.fault(one))] == []


def test_every_endpoint_says_who_may_call_it(app: FastAPI) -> None:
    silent = {str(one) for one in endpoints(app) if not one.allows}
    assert silent <= OPEN, silent - OPEN
    public = {str(one) for one in endpoints(app) if one.allows and Role.PUBLIC in one.roles}
    assert public <= PUBLIC, public - PUBLIC
    assert other_routes(app) <= OTHER_ROUTES


def test_officials_change_nothing_but_their_own_account(app: FastAPI) -> None:
    own = ("/api/v1/me/", "/api/v1/logout", "/mon-compte/", "/deconnexion")
    changing = [one for one in endpoints(app) if one.method in UNSAFE and Role.OFFICIAL in one.roles]
    others = {str(one) for one in changing if not one.path.startswith(own)}
    assert others <= QUESTIONS, others - QUESTIONS


def test_what_opens_doors_is_for_coordinators_alone(app: FastAPI) -> None:
    """Said here and not only by the endpoints themselves."""
    doors = ("accounts", "devices", "links", "api-keys", "audit")
    others = {"GET /api/v1/devices/mine", "PUT /api/v1/devices/mine/driver", "POST /api/v1/devices/enrol"}
    found = [one for one in endpoints(app) if one.path.startswith(tuple(f"/api/v1/{door}" for door in doors))]
    assert len(found) > 20
    assert {str(one) for one in found if one.roles != {Role.COORDINATOR}} == others


def test_integrators_read_with_reading_scopes_only(app: FastAPI) -> None:
    for one in endpoints(app):
        assert one.scopes <= set(SCOPES), f"{one}: a scope that no key can have"
        if one.method in UNSAFE and str(one) not in QUESTIONS:
            assert not any(scope.endswith(":read") for scope in one.scopes), str(one)


def test_the_description_of_the_api_says_who_may(app: FastAPI) -> None:
    paths = app.openapi()["paths"]
    assert paths["/api/v1/login"]["post"]["security"] == []
    links = paths["/api/v1/links"]["get"]
    assert (links["security"], links["description"]) == ([{"session": []}], "Pour la coordination.")
    network = paths["/api/v1/network"]["get"]
    assert network["security"] == [{"session": []}, {"jeton": ["network:read"]}]
    assert network["description"].endswith(
        "Pour la coordination ; les élus ; les clés de portée `network:read`."
    )
    silent = [path for path, methods in paths.items() for one in methods.values() if "security" not in one]
    assert silent == []


def test_nobody(app: FastAPI, real: Credentials) -> None:
    _walk(Walker(role=Role.PUBLIC, client=real.nobody), app)


def test_a_coordinator(app: FastAPI, real: Credentials) -> None:
    _walk(Walker(role=Role.COORDINATOR, client=real.coordinator), app)


def test_an_official(app: FastAPI, real: Credentials) -> None:
    _walk(Walker(role=Role.OFFICIAL, client=real.official), app)


@pytest.mark.parametrize("driver", ["C1", None])
def test_a_driver(driver: str | None, app: FastAPI, real: Credentials) -> None:
    phone = real.device(driver)
    _walk(Walker(role=Role.DRIVER, client=lambda: phone), app)


@pytest.mark.parametrize("site", [OWN, OTHER])
def test_a_library(site: str, app: FastAPI, real: Credentials) -> None:
    library = real.library(OWN)
    _walk(Walker(role=Role.LIBRARY, client=lambda: library, site=site), app)


def test_an_integrator_with_every_scope(app: FastAPI, real: Credentials) -> None:
    key = real.integrator(*SCOPES)
    _walk(Walker(role=Role.INTEGRATOR, client=lambda: key, scopes=frozenset(SCOPES)), app)


def test_an_integrator_without_the_scope(app: FastAPI, real: Credentials) -> None:
    """Each endpoint is asked with a key that has every scope but its own."""
    keys: dict[frozenset[str], TestClient] = {}
    faults = []
    for one in endpoints(app):
        if one.scopes:
            others = frozenset(SCOPES) - one.scopes
            client = keys.setdefault(others, real.integrator(*others))
            walker = Walker(role=Role.INTEGRATOR, client=lambda client=client: client, scopes=others)  # type: ignore[misc]
            faults.append(walker.fault(one))
    assert faults
    assert [fault for fault in faults if fault] == []


def test_a_browser_without_the_token_of_its_session_changes_nothing(app: FastAPI, real: Credentials) -> None:
    client = real.coordinator()
    del client.headers["x-csrf-token"]
    answers = {str(one): _call(client, one, OWN) for one in _unsafe(app) if Role.COORDINATOR in one.roles}
    assert len(answers) > 15
    assert {name: status for name, status in answers.items() if status not in {401, 403}} == {}
    assert client.get("/api/v1/me").status_code == 200  # /logout among them: the session still stands


def _unsafe(app: FastAPI) -> Iterator[Endpoint]:
    return (one for one in endpoints(app) if one.method in UNSAFE)
