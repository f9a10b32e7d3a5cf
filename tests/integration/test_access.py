"""Phones, links and keys, as coordinators keep them, and the log of what was changed."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from api.services.links import actor_for
from models.errors import NotFound
from models.tables.base import now
from models.tables.people import (
    AuditRecord,
    DeviceRecord,
    EnrolmentRecord,
    LinkKind,
)
from tests.credentials import PASSWORD, Credentials
from tests.queries import count_queries

V1, ME = "/api/v1", "/api/v1/me"


def _changed(client: TestClient, method: str, url: str, version: int, **body: object) -> int:
    return client.request(method, url, headers={"if-match": f'"v{version}"'}, json=body or None).status_code


def test_a_code_turns_one_phone_into_a_device(real: Credentials) -> None:
    camille, phone = real.coordinator(), real.nobody()
    made = camille.post(f"{V1}/devices/enrolments", json={"driver": "C1"}).json()
    assert made["url"] == f"http://127.0.0.1:8045/appareil#{made['code']}"
    assert made["qr_svg"].startswith("<svg")
    typed = made["code"].upper().replace("-", " ").replace("0", "o").replace("1", "l")
    asked = {"code": typed, "name": "Téléphone du van"}
    taken = phone.post(f"{V1}/devices/enrol", json=asked)
    assert taken.status_code == 201
    told = taken.json()
    assert (told["device"]["driver"], told["device"]["shared"]) == ("C1", False)
    again = phone.post(f"{V1}/devices/enrol", json=asked)
    assert (again.status_code, "n'est plus valable" in again.json()["detail"]) == (404, True)
    device = real.bearer(told["token"])
    assert device.get(f"{V1}/devices/mine").json()["device"]["name"] == "Téléphone du van"
    chosen = device.put(f"{V1}/devices/mine/driver", json={"driver": "C2"})
    assert (chosen.status_code, device.get(ME).json()["driver"]) == (403, "C1")
    with real.service.database.read() as session:
        stored = (
            session.exec(select(EnrolmentRecord)).one().code,
            session.exec(select(DeviceRecord)).one().token,
        )
    assert made["code"].replace("-", "") not in stored
    assert told["token"] not in stored


def test_codes_of_phones_do_not_last_and_are_not_guessed(real: Credentials) -> None:
    code = real.coordinator().post(f"{V1}/devices/enrolments", json={}).json()["code"]
    with real.service.database.write() as session:
        one = session.exec(select(EnrolmentRecord)).one()
        assert one.expires_at - now() <= timedelta(minutes=15)
        one.expires_at = now() - timedelta(seconds=1)
    phone = real.nobody()
    asked = [phone.post(f"{V1}/devices/enrol", json={"code": code, "name": "X"}) for _ in range(32)]
    assert [one.status_code for one in asked] == [404] * 31 + [429]


def test_on_a_shared_phone_its_driver_is_chosen(real: Credentials) -> None:
    phone = real.device(None)
    assert phone.get(ME).json()["driver"] is None
    mine = phone.get(f"{V1}/devices/mine").json()
    assert [one["code"] for one in mine["drivers"]] == ["C1", "C2"]
    for driver, status in (("C2", 200), ("nobody", 422), (None, 200)):
        answer = phone.put(f"{V1}/devices/mine/driver", json={"driver": driver})
        assert answer.status_code == status
    assert phone.get(ME).json()["driver"] is None


def test_phones_are_named_given_and_revoked(real: Credentials) -> None:
    camille, phone = real.coordinator(), real.device(None)
    device = camille.get(f"{V1}/devices").json()["items"][0]
    assert camille.get(f"{V1}/devices/{device['id']}").json() == device
    assert "token" not in device
    url = f"{V1}/devices/{device['id']}"
    given = {"name": "Téléphone de Paul", "driver": "C1", "shared": False}
    assert _changed(camille, "PUT", url, device["version"], **given) == 200
    assert phone.get(ME).json()["driver"] == "C1"
    assert _changed(camille, "PUT", url, device["version"], **given) == 409
    assert _changed(camille, "PUT", url, device["version"] + 1, **{**given, "driver": None}) == 422
    assert _changed(camille, "PUT", url, device["version"] + 1, **{**given, "driver": "X"}) == 422
    assert _changed(camille, "DELETE", url, device["version"] + 1) == 200
    assert phone.get(ME).status_code == 401
    assert camille.get(f"{V1}/devices").json()["items"] == []
    assert len(camille.get(f"{V1}/devices?revoked=true").json()["items"]) == 1


def test_a_link_is_made_printed_again_renewed_and_revoked(real: Credentials) -> None:
    camille = real.coordinator()
    asked = {"kind": "library", "subject": "cassel", "label": "Comptoir"}
    made = camille.post(f"{V1}/links", json=asked)
    assert made.status_code == 201
    link = made.json()
    assert link["url"].startswith("http://127.0.0.1:8045/b/")
    assert link["qr_svg"].startswith("<svg")
    again = camille.get(f"{V1}/links/{link['id']}").json()
    assert again["url"] == link["url"]
    old = real.bearer(link["url"].rsplit("/", 1)[1])
    assert old.get(ME).json()["site"] == "cassel"
    new = camille.post(f"{V1}/links/{link['id']}/renew").json()
    assert (new["generation"], new["url"] != link["url"]) == (2, True)
    assert old.get(ME).status_code == 401
    library = real.bearer(new["url"].rsplit("/", 1)[1])
    assert library.get(ME).status_code == 200
    assert camille.delete(f"{V1}/links/{link['id']}").status_code == 200
    assert library.get(ME).status_code == 401
    for answer in (camille.get(f"{V1}/links/{link['id']}"), camille.post(f"{V1}/links/{link['id']}/renew")):
        assert answer.status_code == 409
    assert "url" not in camille.get(f"{V1}/links?revoked=true").json()["items"][0]


@pytest.mark.parametrize(
    ("kind", "subject", "status"),
    [
        ("library", "nowhere", 404),
        ("library", "C1", 404),
        ("site_feed", "cassel", 201),
        ("round_feed", "V1", 201),
        ("round_feed", "cassel", 404),
        ("driver_feed", "C1", 201),
        ("other", "cassel", 422),
    ],
)
def test_links_are_for_what_exists(kind: str, subject: str, status: int, real: Credentials) -> None:
    made = real.coordinator().post(f"{V1}/links", json={"kind": kind, "subject": subject})
    assert made.status_code == status
    if status == 201:
        assert made.json()["url"].endswith(".ics")


def test_links_are_listed_by_kind_and_subject(real: Credentials) -> None:
    camille = real.coordinator()
    for site in ("cassel", "bailleul"):
        for kind in ("library", "site_feed"):
            camille.post(f"{V1}/links", json={"kind": kind, "subject": site})
    assert len(camille.get(f"{V1}/links").json()["items"]) == 4
    assert len(camille.get(f"{V1}/links?subject=cassel").json()["items"]) == 2
    found = camille.get(f"{V1}/links?kind=library&subject=bailleul").json()["items"]
    assert [(one["kind"], one["subject"]) for one in found] == [("library", "bailleul")]


def test_a_key_is_shown_once_and_does_what_it_was_made_for(real: Credentials) -> None:
    camille = real.coordinator()
    asked = {"name": "Koha", "scopes": ["network:read"], "expires_at": "2099-01-01T00:00:00+01:00"}
    made = camille.post(f"{V1}/api-keys", json=asked)
    assert made.status_code == 201
    key = made.json()
    assert key["key"].startswith(key["prefix"] + "_")
    assert real.bearer(key["key"]).get(f"{V1}/network").status_code == 200
    listed = camille.get(f"{V1}/api-keys").json()["items"]
    assert (len(listed), "key" in listed[0], listed[0]["seen_at"] is not None) == (1, False, True)
    wrong: list[dict[str, object]] = [
        {"scopes": ["everything"]},
        {"scopes": []},
        {"expires_at": "2020-01-01T00:00:00Z"},
    ]
    for one in wrong:
        assert camille.post(f"{V1}/api-keys", json=asked | one).status_code == 422
    assert camille.delete(f"{V1}/api-keys/{key['id']}").json()["revoked_at"] is not None
    assert real.bearer(key["key"]).get(ME).status_code == 401


def test_every_change_of_access_stands_in_the_log_without_its_secret(real: Credentials) -> None:
    camille = real.coordinator()
    key = camille.post(f"{V1}/api-keys", json={"name": "Koha", "scopes": ["network:read"]}).json()
    link = camille.post(f"{V1}/links", json={"kind": "library", "subject": "cassel"}).json()
    camille.get(f"{V1}/links/{link['id']}")
    token = real.device_token("C1")
    logged = camille.get(f"{V1}/audit?limit=200").json()["items"]
    told = {(one["action"], one["subject"]) for one in logged}
    assert {
        ("created", "account"),
        ("created", "invitation"),
        ("created", "api_key"),
        ("created", "link"),
        ("shown", "link"),
        ("created", "device"),
        ("signed_in", "account"),
    } <= told
    everything = str(logged)
    for secret in (key["key"], link["url"].rsplit("/", 1)[1], token, "argon2", PASSWORD):
        assert secret not in everything


def test_the_log_is_read_by_subject_author_and_period_page_by_page(real: Credentials) -> None:
    camille = real.coordinator()
    for k in range(5):
        camille.post(f"{V1}/api-keys", json={"name": f"Clé {k}", "scopes": ["network:read"]})
    seen: list[str] = []
    asked = {"subject": "api_key", "author": "Camille Dupont", "limit": "2"}
    page = camille.get(f"{V1}/audit", params=asked).json()
    seen += [one["after"]["name"] for one in page["items"]]
    while page["next"]:
        page = camille.get(f"{V1}/audit", params=asked | {"cursor": page["next"]}).json()
        seen += [one["after"]["name"] for one in page["items"]]
    assert seen == ["Clé 4", "Clé 3", "Clé 2", "Clé 1", "Clé 0"]
    with real.service.database.read() as session:
        third = session.exec(select(AuditRecord).where(AuditRecord.subject == "api_key")).all()[2]
    at = third.at.isoformat().replace("+00:00", "Z")
    assert len(camille.get(f"{V1}/audit?subject=api_key&since={at}").json()["items"]) == 3
    assert len(camille.get(f"{V1}/audit?subject=api_key&before={at}").json()["items"]) == 2
    assert camille.get(f"{V1}/audit?key={third.key}").json()["items"][0]["key"] == third.key
    assert camille.get(f"{V1}/audit?since=2026-12-01T00:00:00").status_code == 422  # no time zone


@pytest.mark.parametrize(
    "path", ["accounts", "accounts/invitations", "devices", "links", "api-keys", "audit"]
)
def test_lists_take_as_many_queries_whatever_their_length(path: str, real: Credentials) -> None:
    """One for who asks, one for the list."""
    camille = real.coordinator()
    for k in range(3):
        camille.post(f"{V1}/api-keys", json={"name": f"Clé {k}", "scopes": ["network:read"]})
        camille.post(f"{V1}/links", json={"kind": "library", "subject": "cassel"})
        camille.post(f"{V1}/accounts/invitations", json={"role": "official"})
        real.device_token(None)
    with count_queries(real.service.database) as sent:
        assert camille.get(f"{V1}/{path}").status_code == 200
    assert len([one for one in sent if one != "BEGIN"]) == 2, sent


def test_a_token_makes_its_bearer_somebody_for_one_subject_only(real: Credentials) -> None:
    def who(kind: LinkKind, subject: str) -> tuple[str, str | None, str | None]:
        token = real.link_token(subject, kind)
        with real.service.database.read() as session:
            actor = actor_for(session, real.service.keyring, token)
        return actor.role.value, actor.site, actor.driver

    assert who(LinkKind.LIBRARY, "cassel") == ("library", "cassel", None)
    assert who(LinkKind.SITE_FEED, "cassel") == ("public", "cassel", None)
    assert who(LinkKind.DRIVER_FEED, "C1") == ("public", None, "C1")
    assert who(LinkKind.ROUND_FEED, "V1") == ("public", None, None)
    with real.service.database.read() as session, pytest.raises(NotFound, match="Demandez le nouveau"):
        actor_for(session, real.service.keyring, "0" * 46)
