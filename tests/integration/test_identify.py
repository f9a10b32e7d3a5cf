"""A request → who sends it: browsers, phones, links, keys, and everything that no longer counts."""

from datetime import timedelta
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, col, select, update

from api.security import tokens
from api.security.cookies import cookie_name
from api.security.keyring import Keyring
from api.service import Service
from api.services.actor import Actor, Role
from api.services.identification import by_link
from models.tables.base import now
from models.tables.network import DriverRecord, SiteRecord
from models.tables.people import (
    AccountRecord,
    AccountRole,
    ApiKeyRecord,
    DeviceRecord,
    LinkKind,
    LinkRecord,
    SessionRecord,
)
from tests.credentials import Credentials

ME = "/api/v1/me"


def _status(client: TestClient) -> int:
    return client.get(ME).status_code


def test_each_is_known_by_what_they_show(real: Credentials) -> None:
    camille = real.coordinator().get(ME).json()
    assert (camille["role"], camille["name"]) == ("coordinator", "Camille Dupont")
    assert camille["account"]["login"] == "camille"
    assert camille["may"] == ["read", "change", "administer"]
    assert real.official().get(ME).json()["may"] == ["read"]
    phone = real.device("C1").get(ME).json()
    assert (phone["role"], phone["driver"], phone["csrf"]) == ("driver", "C1", None)
    library = real.library("cassel").get(ME).json()
    assert (library["role"], library["site"]) == ("library", "cassel")
    key = real.integrator("scans:write", "network:read").get(ME).json()
    assert (key["role"], key["scopes"]) == ("integrator", ["network:read", "scans:write"])
    assert _status(real.nobody()) == 401


def test_a_link_may_also_come_in_a_header_of_its_own_but_never_in_an_address(real: Credentials) -> None:
    token = real.link_token("cassel")
    assert real.nobody().get(ME, headers={"x-navette-link": token}).json()["site"] == "cassel"
    assert real.nobody().get(ME, headers={"x-navette-link": token.upper()}).json()["site"] == "cassel"
    assert real.nobody().get(f"{ME}?lien={token}").status_code == 401


def test_links_of_calendars_open_nothing_but_calendars(real: Credentials) -> None:
    for kind, subject in ((LinkKind.SITE_FEED, "cassel"), (LinkKind.DRIVER_FEED, "C1")):
        assert _status(real.bearer(real.link_token(subject, kind))) == 401


@pytest.mark.parametrize(
    "forged",
    [
        "",
        "x",
        "nvd_",
        "nvk_00000000_short",
        "nvk_00000000_" + "A" * 43,
        "nvd_" + "A" * 43,
        "0" * 46,
        "é" * 46,
        "🚐" * 46,
        "0" * 5000,
    ],
)
def test_what_looks_like_a_token_is_nobody(forged: str, real: Credentials) -> None:
    client = real.nobody()
    answer = client.get(ME, headers=[(b"authorization", f"Bearer {forged}".encode())])
    assert (answer.status_code, answer.json()["type"]) == (401, "urn:navette:non-identifie")
    client.cookies.set(cookie_name(real.service.settings), "A" * 43)
    answer = client.get(ME)
    assert (answer.status_code, answer.json()["detail"][:10]) == (401, "Votre sess")


def test_a_bad_token_is_not_made_good_by_a_cookie(real: Credentials) -> None:
    client = real.coordinator()
    assert client.get(ME, headers={"authorization": "Bearer nvd_" + "A" * 43}).status_code == 401


def test_every_letter_of_a_link_counts(real: Credentials) -> None:
    token = real.link_token("cassel")
    assert by_link(real.service, token) is not None
    for k in range(len(token)):
        # A UUID has 128 bits and its 26 letters 130: two bits of the 26th are spare, and must be nought.
        for other in {"z", "0", "1"} - {token[k]}:
            assert by_link(real.service, token[:k] + other + token[k + 1 :]) is None, (k, other)


def test_a_link_of_another_installation_opens_nothing(real: Credentials) -> None:
    named = tokens.link_named(real.link_token("cassel"))
    assert named is not None
    assert _status(real.bearer(tokens.link_token(Keyring(b"another secret " * 4), named, 1))) == 401
    assert _status(real.bearer(tokens.link_token(real.service.keyring, uuid4(), 1))) == 401


def test_a_key_is_checked_whole(real: Credentials) -> None:
    token = real.key_token("network:read")
    assert _status(real.bearer(token)) == 200
    assert _status(real.bearer(token[:-1] + ("A" if token[-1] != "A" else "B"))) == 401


def _changed(service: Service, kind: type, **values: object) -> None:
    with service.database.write() as session:
        session.connection().execute(update(kind).values(**values))


def test_what_was_revoked_or_is_over_is_nobody_from_that_moment_on(
    real: Credentials, service: Service
) -> None:
    phone, library, key = real.device(), real.library(), real.integrator("network:read")
    assert [_status(one) for one in (phone, library, key)] == [200, 200, 200]
    _changed(service, DeviceRecord, revoked_at=now())
    _changed(service, LinkRecord, revoked_at=now())
    _changed(service, ApiKeyRecord, expires_at=now() - timedelta(seconds=1))
    assert [_status(one) for one in (phone, library, key)] == [401, 401, 401]
    _changed(service, ApiKeyRecord, expires_at=None)
    assert _status(key) == 200
    _changed(service, ApiKeyRecord, revoked_at=now())
    assert _status(key) == 401


def test_a_renewed_link_replaces_all_earlier_ones(real: Credentials, service: Service) -> None:
    library = real.library()
    _changed(service, LinkRecord, generation=2)
    assert _status(library) == 401


def test_an_archived_site_has_no_link_and_an_archived_driver_no_code(
    real: Credentials, service: Service
) -> None:
    library, phone = real.library("cassel"), real.device("C1")
    _changed(service, SiteRecord, archived_at=now())
    _changed(service, DriverRecord, archived_at=now())
    assert _status(library) == 401
    assert phone.get(ME).json()["driver"] is None


def test_sessions_end_by_age_by_idleness_and_with_their_account(real: Credentials, service: Service) -> None:
    """12 idle hours, 14 days at most."""
    moment = now()
    client = real.coordinator()
    _changed(service, SessionRecord, seen_at=moment - timedelta(hours=11, minutes=59))
    assert _status(client) == 200  # and seen again
    _changed(service, SessionRecord, seen_at=moment - timedelta(hours=12, minutes=1))
    assert _status(client) == 401
    _changed(service, SessionRecord, seen_at=moment, expires_at=moment - timedelta(seconds=1))
    assert _status(client) == 401
    _changed(service, SessionRecord, expires_at=moment + timedelta(days=1))
    assert _status(client) == 200
    _changed(service, AccountRecord, closed_at=moment)
    assert _status(client) == 401


def _seen_at(session: Session) -> list[object]:
    found = session.exec(select(SessionRecord).order_by(col(SessionRecord.id).desc())).first()
    assert found is not None
    phone, link = session.exec(select(DeviceRecord)).one(), session.exec(select(LinkRecord)).one()
    return [found.seen_at, phone.seen_at, link.seen_at, session.exec(select(ApiKeyRecord)).one().seen_at]


def test_a_sign_of_life_is_written_every_few_minutes_only(real: Credentials, service: Service) -> None:
    clients = [real.coordinator(), real.device(), real.library(), real.integrator("network:read")]
    before = now()
    for client in clients:
        client.get(ME)
    with service.database.read() as session:
        first = _seen_at(session)
    assert all(seen is not None and seen > before for seen in first[1:])  # type: ignore[operator]
    for client in clients:
        client.get(ME)
    with service.database.read() as session:
        assert _seen_at(session) == first
    old = before - timedelta(minutes=6)
    for kind in (SessionRecord, DeviceRecord, LinkRecord, ApiKeyRecord):
        _changed(service, kind, seen_at=old)
    for client in clients:
        client.get(ME)
    with service.database.read() as session:
        assert all(seen > before for seen in _seen_at(session))  # type: ignore[operator]
        assert session.exec(select(DeviceRecord)).one().version == 1


def test_a_changed_role_counts_at_once(real: Credentials, service: Service) -> None:
    client = real.coordinator()
    assert client.get("/api/v1/accounts").status_code == 200
    _changed(service, AccountRecord, role=AccountRole.OFFICIAL)
    assert client.get("/api/v1/accounts").status_code == 403


def test_with_a_cookie_what_changes_something_needs_the_token_of_its_session(real: Credentials) -> None:
    client, other = real.coordinator(), real.coordinator("claude")
    asked = {"json": {"role": "official"}}
    path = "/api/v1/accounts/invitations"
    assert client.post(path, **asked).status_code == 201  # type: ignore[arg-type]
    foreign = other.headers["x-csrf-token"]
    for told in (None, "", "x", foreign, "é"):
        headers = {"x-csrf-token": (told or "").encode()}
        if told is None:
            del client.headers["x-csrf-token"]
            headers = {}
        answer = client.post(path, **asked, headers=headers)  # type: ignore[arg-type]
        assert (answer.status_code, answer.json()["type"]) == (403, "urn:navette:interdit"), told
    assert client.get(ME).status_code == 200  # reading needs none


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "http://testserver"}, 201),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, 201),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"origin": "http://127.0.0.1:8045"}, 201),  # the address that people are told
    ],
)
def test_with_a_cookie_it_must_also_come_from_our_own_pages(
    headers: dict[str, str], status: int, real: Credentials
) -> None:
    answer = real.coordinator().post(
        "/api/v1/accounts/invitations", json={"role": "official"}, headers=headers
    )
    assert answer.status_code == status


def test_a_bearer_token_needs_no_other_proof(real: Credentials) -> None:
    phone = real.device(None)
    answer = phone.put(
        "/api/v1/devices/mine/driver", json={"driver": "C1"}, headers={"origin": "https://app.example"}
    )
    assert (answer.status_code, answer.json()["driver"]) == (200, "C1")


def test_actors_of_different_roles_never_share_a_key() -> None:
    one = uuid4()
    assert len({Actor(role=role, name="", id=one).key for role in Role}) == len(Role)
