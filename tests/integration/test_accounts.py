"""Accounts and the one-time links that lead to them, over HTTP."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from api.services.first_start import first_link, rescue_link
from models.errors import NotFound
from models.tables.base import now
from models.tables.people import (
    AccountRecord,
    AccountRole,
    InvitationRecord,
)
from tests.credentials import PASSWORD, Credentials

V1, ME = "/api/v1", "/api/v1/me"


def _follow(real: Credentials, url: str, **fields: str) -> TestClient:
    """Somebody who follows a one-time link, fills in its form and comes in."""
    client = real.nobody()
    path = "/" + url.split("/", 3)[3]
    answer = client.post(path, data={"password": PASSWORD, **fields})
    assert answer.status_code == 303, answer.text
    return client


def _changed(client: TestClient, method: str, url: str, version: int, **body: object) -> int:
    return client.request(method, url, headers={"if-match": f'"v{version}"'}, json=body or None).status_code


def test_the_first_coordinator_comes_in_by_a_printed_link(real: Credentials) -> None:
    link = first_link(real.service)
    assert link is not None
    assert link.startswith("http://127.0.0.1:8045/premier-compte/")
    camille = _follow(real, link, name="Camille Durand", login="Camille")
    me = camille.get(ME).json()
    assert (me["role"], me["account"]["login"]) == ("coordinator", "camille")
    assert first_link(real.service) is None
    again = real.nobody().get("/premier-compte/" + link.rsplit("/", 1)[1])
    assert again.status_code == 404


def test_only_the_newest_first_link_counts(real: Credentials) -> None:
    old, new = first_link(real.service), first_link(real.service)
    assert old is not None
    assert new is not None
    assert real.nobody().get("/" + old.split("/", 3)[3]).status_code == 404
    assert real.nobody().get("/" + new.split("/", 3)[3]).status_code == 200


def test_a_printed_link_is_over_once_somebody_is_there(real: Credentials) -> None:
    first = first_link(real.service)
    assert first is not None
    _follow(real, rescue_link(real.service), name="Claude Dupont", login="claude")
    assert real.nobody().get("/" + first.split("/", 3)[3]).status_code == 404


def test_first_links_do_not_last(real: Credentials) -> None:
    link = first_link(real.service)
    assert link is not None
    with real.service.database.write() as session:
        one = session.exec(select(InvitationRecord)).one()
        assert timedelta(hours=23) < one.expires_at - now() <= timedelta(hours=24)
        assert one.token not in link
        one.expires_at = now() - timedelta(seconds=1)
    assert real.nobody().get("/" + link.split("/", 3)[3]).status_code == 404


def test_who_is_at_the_machine_lets_the_locked_out_in_again(real: Credentials) -> None:
    camille = real.coordinator()
    with pytest.raises(NotFound, match="Aucun compte ouvert"):
        rescue_link(real.service, "nobody")
    claude = _follow(real, rescue_link(real.service, "Camille"))
    assert claude.get(ME).json()["account"]["login"] == "camille"
    assert camille.get(ME).status_code == 401  # her other sessions have ended


def test_coordinators_invite_and_invitations_serve_once(real: Credentials) -> None:
    camille = real.coordinator()
    made = camille.post(f"{V1}/accounts/invitations", json={"role": "official"}).json()
    assert "/invitation/" in made["url"]
    pending = camille.get(f"{V1}/accounts/invitations").json()["items"]
    assert [(one["role"], one["created_by"]) for one in pending] == [("official", "Camille Dupont")]
    assert "url" not in pending[0]
    odile = _follow(real, made["url"], name="Odile Martin", login="odile")
    assert odile.get(ME).json()["role"] == "official"
    path = "/" + made["url"].split("/", 3)[3]
    late = real.nobody().post(path, data={"name": "X Y", "login": "other", "password": PASSWORD})
    assert late.status_code == 404
    assert camille.get(f"{V1}/accounts/invitations").json()["items"] == []


def test_of_two_who_follow_one_invitation_one_comes_in(real: Credentials) -> None:
    url = real.coordinator().post(f"{V1}/accounts/invitations", json={"role": "coordinator"}).json()["url"]
    path = "/" + url.split("/", 3)[3]
    statuses: list[int] = []

    def follow(login: str) -> None:
        form = {"name": "Une Personne", "login": login, "password": PASSWORD}
        statuses.append(real.nobody().post(path, data=form).status_code)

    threads = [threading.Thread(target=follow, args=(login,)) for login in ("first", "second", "third")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [303, 404, 404]


def test_a_withdrawn_invitation_leads_nowhere(real: Credentials) -> None:
    camille = real.coordinator()
    made = camille.post(f"{V1}/accounts/invitations", json={"role": "coordinator"}).json()
    assert camille.delete(f"{V1}/accounts/invitations/{made['id']}").status_code == 204
    assert real.nobody().get("/" + made["url"].split("/", 3)[3]).status_code == 404
    assert camille.delete(f"{V1}/accounts/invitations/{uuid4()}").status_code == 404


def test_a_taken_login_and_a_bad_password_are_told_and_the_link_still_serves(real: Credentials) -> None:
    url = real.coordinator().post(f"{V1}/accounts/invitations", json={"role": "official"}).json()["url"]
    path, client = "/" + url.split("/", 3)[3], real.nobody()
    form = {"name": "Odile Martin", "login": "camille", "password": PASSWORD}
    taken = client.post(path, data=form)
    assert (taken.status_code, "est déjà pris" in taken.text) == (409, True)
    short = client.post(path, data={**form, "login": "odile", "password": "court"})
    assert (short.status_code, "au moins 12 caractères" in short.text) == (422, True)
    assert "court" not in short.text.replace("raccourci", "")
    nameless = client.post(path, data={"password": PASSWORD})
    assert nameless.status_code == 422
    assert client.post(path, data={**form, "login": "odile"}).status_code == 303


def test_an_account_is_renamed_closed_and_never_the_last_one(real: Credentials) -> None:
    camille, claude = real.coordinator("camille"), real.coordinator("claude")
    accounts = {one["login"]: one for one in camille.get(f"{V1}/accounts").json()["items"]}
    url = f"{V1}/accounts/{accounts['claude']['id']}"
    assert _changed(camille, "PATCH", url, 1, name="Claude Petit") == 200
    assert _changed(camille, "PATCH", url, 1, name="Un autre") == 409
    assert camille.patch(url, json={"name": "Sans version"}).status_code == 428
    assert camille.get(url).headers["etag"] == '"v2"'
    assert claude.get(ME).json()["name"] == "Claude Petit"
    assert _changed(camille, "DELETE", url, 2) == 200
    assert claude.get(ME).status_code == 401
    own = f"{V1}/accounts/{accounts['camille']['id']}"
    for method, body in (("DELETE", {}), ("PATCH", {"role": "official"})):
        assert _changed(camille, method, own, 1, **body) == 409
    assert camille.get(ME).status_code == 200
    assert camille.post(f"{url}/reset").status_code == 409  # closed


def test_of_two_coordinators_who_close_each_other_one_stays(real: Credentials) -> None:
    clients = [real.coordinator("camille"), real.coordinator("claude")]
    accounts = clients[0].get(f"{V1}/accounts").json()["items"]
    statuses: list[int] = []

    def close(client: TestClient, account: str) -> None:
        statuses.append(_changed(client, "DELETE", f"{V1}/accounts/{account}", 1))

    pairs = zip(clients, [accounts[1]["id"], accounts[0]["id"]], strict=True)
    threads = [threading.Thread(target=close, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # The slower one finds its account closed (401) or itself the last one (409).
    assert min(statuses) == 200
    assert max(statuses) in {401, 409}


def test_a_reset_takes_the_old_password_the_sessions_and_the_second_factor(real: Credentials) -> None:
    camille, odile = real.coordinator(), real.official()
    account = real.account("odile", AccountRole.OFFICIAL)
    with real.service.database.write() as session:
        session.get_one(AccountRecord, account.id).totp = real.service.keyring.encrypt("J" * 32)
    made = camille.post(f"{V1}/accounts/{account.id}/reset").json()
    assert odile.get(ME).status_code == 200  # nothing changes until the link is followed
    page = real.nobody().get("/" + made["url"].split("/", 3)[3]).text
    assert "Choisir un nouveau mot de passe" in page
    again = _follow(real, made["url"], password="cinq mots sans aucun rapport")
    assert again.get(ME).json()["account"] == {
        "id": str(account.id),
        "login": "odile",
        "second_factor": False,
    }
    assert odile.get(ME).status_code == 401
