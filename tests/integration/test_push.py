"""Browsers of libraries: subscribed on the page, told once what the mail says, until they or the link end."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from api.jobs import notices as jobs
from api.security.keyring import Keyring
from api.service import Service
from api.services import links
from api.services.actor import Role
from api.services.noticing import of_road
from models.tables.people import LinkKind
from models.tables.predictions import NoticeChannel, NoticeRecord, NoticeWishRecord
from tests.breaking import foreseen, look
from tests.integration.smtp_stand_in import PostOffice, post_office
from tests.integration.test_notices import wished
from tests.integration.webhook_stand_in import Receiver, receiver
from tests.push_reader import Reader, claims_of
from tests.road import TUESDAY, clock, publish
from tests.service_fixtures import ClientAs

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:146.0) Gecko/20100101 Firefox/146.0"


@pytest.fixture
def push(service: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """A push service on this machine, which the settings allow, and Tuesday's round."""
    monkeypatch.setattr(service.settings, "webhook_private", True)
    with service.database.write() as session:
        publish(session)
    with receiver() as listening:
        yield listening


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    def set_clock(text: str, day: date = TUESDAY) -> datetime:
        for module in ("notices", "push_wishes", "pushing"):
            monkeypatch.setattr(f"api.services.{module}.now", lambda: clock(text, day).astimezone(UTC))
        monkeypatch.setattr("api.jobs.notices.now", lambda: clock(text, day).astimezone(UTC))
        return clock(text, day)

    set_clock("8:00")
    return set_clock


@pytest.fixture
def client(client_as: ClientAs) -> TestClient:
    return client_as(Role.PUBLIC)


@pytest.fixture
def home(service: Service) -> str:
    """The path of Arneke's page."""
    with service.database.write() as session:
        return links.path_of(
            service.keyring, links.create(session, LinkKind.LIBRARY, "arneke", "", "un essai")
        )


def subscribe(client: TestClient, home: str, push: Receiver, reader: Reader, **other: str) -> Any:
    given = {
        "adresse": f"http://127.0.0.1:{push.port}/envoi/1",
        "p256dh": reader.p256dh,
        "auth": reader.auth,
    }
    return client.post(f"{home}/avis/appareil", data=given | other, headers={"user-agent": FIREFOX})


def wishes(service: Service) -> list[NoticeWishRecord]:
    with service.database.read() as session:
        return list(session.exec(select(NoticeWishRecord)))


def break_window(service: Service, moment: datetime) -> None:
    foreseen(service, "9:00", "9:44", "9:52", "10:04")
    assert look(service, moment) == 1


def test_a_browser_is_told_what_the_mail_says_and_once(
    service: Service, push: Receiver, at: Any, client: TestClient, home: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = Reader()
    answer = subscribe(client, home, push, reader)
    assert "cet appareil sera prévenu" in answer.text.replace("\u202f", " ")
    assert "Firefox, Windows" in answer.text
    subscribe(client, home, push, reader)  # tapped twice: the same wish
    [wish] = wishes(service)
    assert (wish.channel, wish.confirmed_at) == (NoticeChannel.PUSH, clock("8:00"))
    assert str(push.port) not in wish.address
    with post_office() as office:
        for name, value in (("host", "127.0.0.1"), ("port", office.port), ("security", "none")):
            monkeypatch.setattr(service.settings, f"smtp_{name}", value)
        monkeypatch.setattr(service.settings, "smtp_from", "Navette <navette@exemple.fr>")
        wished(service)
        office.got.clear()
        break_window(service, at("9:05"))
        assert look(service, at("9:06")) == 0
        _same(office, json.loads(reader.read(push.raw[0])), home)
    [(headers, _)] = push.got
    key = re.search(r'data-cle="([^"]+)"', client.get(home).text)
    assert key
    claims = claims_of(headers["authorization"], key[1])
    # signed for this push service alone, for half a day
    assert claims == {
        "aud": f"http://127.0.0.1:{push.port}",
        "exp": int(clock("21:05").timestamp()),
        "sub": "mailto:navette@exemple.fr",
    }
    # of no use after 10:05, when the window ends: an hour; announced within two hours
    assert (headers["ttl"], headers["urgency"], headers["content-encoding"]) == ("3600", "high", "aes128gcm")
    assert re.fullmatch(r"[\w-]{32}", headers["topic"])


def _same(office: PostOffice, shown: dict[str, str], home: str) -> None:
    [mail] = office.got
    assert shown["titre"] == mail["Subject"]
    lines = mail.get_content()
    for sentence in shown["texte"].split(". "):
        assert sentence.removesuffix(".") in lines
    assert "10\u00a0h\u00a005" in shown["texte"]
    assert shown["page"] == home


def test_who_has_gone_is_forgotten_and_who_is_busy_is_asked_again(
    service: Service, push: Receiver, at: Any, client: TestClient, home: str
) -> None:
    subscribe(client, home, push, Reader())
    foreseen(service, "9:00", "9:44", "9:52", "10:04")
    push.status = 503
    with service.database.write() as session:
        of_road(session, TUESDAY, at("9:05"))
    [wanted] = service.jobs.waiting  # type: ignore[attr-defined]
    service.jobs.waiting.clear()  # type: ignore[attr-defined]
    jobs.tell(service, wanted.ref)
    assert [one.delay_s for one in service.jobs.waiting] == [60]  # type: ignore[attr-defined]
    push.status = 410
    at("9:07")
    jobs.tell(service, wanted.ref)
    jobs.tell(service, wanted.ref)
    assert len(push.got) == 2
    [wish] = wishes(service)
    assert (wish.address, wish.ended_why) == ("", "Ce navigateur ne reçoit plus rien (410).")
    with service.database.read() as session:
        assert session.exec(select(NoticeRecord)).one().next_at is None


@pytest.mark.parametrize("how", ["revoked", "renewed", "ended", "another secret"])
def test_nothing_is_sent_once_the_link_or_the_wish_is_over(
    service: Service, push: Receiver, at: Any, client: TestClient, home: str, how: str
) -> None:
    subscribe(client, home, push, Reader())
    with service.database.write() as session:
        link = links.opened(session, service.keyring, home.removeprefix("/b/")).id
        if how == "revoked":
            links.revoke(session, link)
        if how == "renewed":
            links.renew(session, link)
    if how == "ended":
        assert "C’est arrêté" in client.post(f"{home}/avis/{wishes(service)[0].id}/arreter").text
    if how == "another secret":
        wishes_then = wishes(service)
        with service.database.write() as session:
            wishes_then[0].address = Keyring(b"x" * 32).encrypt("{}", "notice")
            session.add(wishes_then[0])
        assert client.get(home).status_code == 200
        assert "illisible" in client.get(f"{home}/avis").text
    break_window(service, at("9:05"))
    assert push.got == []
    assert [one.address for one in wishes(service)] == [""]


def test_what_is_no_subscription_and_where_nothing_is_sent(
    service: Service, push: Receiver, at: Any, client: TestClient, home: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = Reader()
    for wrong in (
        {"adresse": ""}, {"adresse": "ftp://exemple.fr/x"}, {"adresse": "https://exemple.fr/" + "x" * 1000},
        {"auth": "x"}, {"p256dh": reader.p256dh[:-4]},
    ):  # fmt: skip
        assert subscribe(client, home, push, reader, **wrong).status_code == 422, wrong
    monkeypatch.setattr(service.settings, "webhook_private", False)
    for ours in ("https://127.0.0.1/x", "https://[::1]/x", "https://localhost/x", "http://exemple.fr/x"):
        answer = subscribe(client, home, push, reader, adresse=ours)
        assert answer.status_code == 422
        assert "Rien n’a changé" in answer.text
    monkeypatch.setattr(service.settings, "public_url", "http://navette.exemple.fr")  # no browser would
    assert 'id="appareil"' not in client.get(home).text
    assert subscribe(client, home, push, reader, adresse="https://exemple.fr/x").status_code == 409
    assert wishes(service) == []


def test_the_worker_acts_for_pages_of_libraries_and_is_looked_at_anew(client: TestClient) -> None:
    answer = client.get("/b/ouvrier.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-cache"
    assert "service-worker-allowed" not in answer.headers
    assert "unsafe" not in answer.headers["content-security-policy"]
