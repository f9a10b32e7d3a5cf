"""Libraries that wish to hear of a changed window: asked, confirmed, told once, by day, until they stop."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from api.jobs import notices as jobs
from api.service import Service
from api.services import notices
from api.services.actor import Role
from api.services.notice_sending import allowed_at
from api.services.noticing import of_closure, of_road
from models.errors import Conflict, InputError, NotFound, TooOften
from models.tables.network import ClosureRecord
from models.tables.predictions import (
    NoticeChannel,
    NoticeRecord,
    NoticeWishRecord,
)
from tests.breaking import foreseen, look
from tests.integration.smtp_stand_in import PostOffice, post_office
from tests.road import TUESDAY, clock, publish
from tests.service_fixtures import ClientAs

ADDRESS = "Accueil@arneke.exemple.fr"
MAIL = NoticeChannel.MAIL


@pytest.fixture
def post(service: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    with post_office() as office:
        for name, value in (("host", "127.0.0.1"), ("port", office.port), ("security", "none")):
            monkeypatch.setattr(service.settings, f"smtp_{name}", value)
        monkeypatch.setattr(service.settings, "smtp_from", "Navette <navette@exemple.fr>")
        with service.database.write() as session:
            publish(session)
        yield office


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    def set_clock(text: str, day: date = TUESDAY) -> datetime:
        for module in ("api.services.notices", "api.jobs.notices"):
            monkeypatch.setattr(f"{module}.now", lambda: clock(text, day))
        return clock(text, day)

    set_clock("8:00")
    return set_clock


def wished(service: Service, *, confirmed: bool = True) -> str:
    """A wish of Arneke, with its link."""
    with service.database.write() as session:
        wish = notices.wish(session, service, "arneke", MAIL, ADDRESS)
        token = notices.token_of(service, wish.id)
        if confirmed:
            notices.confirm(session, service, token)
    service.jobs.run_all(service)  # type: ignore[attr-defined]
    return token


def test_an_address_counts_once_its_owner_says_so(
    service: Service, post: PostOffice, at: Any, client_as: ClientAs
) -> None:
    token = wished(service, confirmed=False)
    [mail] = post.got
    assert mail["To"] == ADDRESS
    assert f"/avis/{token}" in mail.get_content()
    with service.database.read() as session:
        stored = session.exec(select(NoticeWishRecord)).one()
        assert ADDRESS not in stored.address
        assert [one.shown for one in notices.wishes_of(session, service, "arneke")] == [
            "Ac…@arneke.exemple.fr"
        ]
    wished(service, confirmed=False)  # asked for again: the same wish, no second mail
    assert len(post.got) == 1
    client = client_as(Role.PUBLIC)
    assert "Oui, prévenez-moi" in client.get(f"/avis/{token}").text  # following the link confirms nothing
    assert "confirmée" in client.post(f"/avis/{token}/confirmer").text
    assert "arrêté" in client.post(f"/avis/{token}/arreter").text
    with service.database.read() as session:
        assert session.exec(select(NoticeWishRecord)).one().address == ""
    assert client.get(f"/avis/{'0' * 46}").status_code == 404


def test_what_is_no_address_and_what_is_too_much(service: Service, post: PostOffice, at: Any) -> None:
    with service.database.write() as session:
        for bad in ("", "x", "a@b", "a b@c.fr", "a@c.fr\r\nBcc: d@e.fr", f"{'a' * 250}@c.fr"):
            with pytest.raises(InputError):
                notices.wish(session, service, "arneke", MAIL, bad)
        with pytest.raises(NotFound):
            notices.wish(session, service, "nulle-part", MAIL, ADDRESS)
        for k in range(5):
            notices.wish(session, service, "arneke", MAIL, f"n{k}@exemple.fr")
        with pytest.raises(TooOften):
            notices.wish(session, service, "arneke", MAIL, "n6@exemple.fr")


def test_without_a_mail_server_nothing_is_promised(service: Service) -> None:
    with service.database.write() as session, pytest.raises(Conflict):
        notices.wish(session, service, "arneke", MAIL, ADDRESS)


def test_a_window_that_breaks_is_told_once_and_only_when_it_lasts(
    service: Service, post: PostOffice, at: Any
) -> None:
    token = wished(service)
    post.got.clear()
    foreseen(service, "9:00", "9:20", "9:30", "9:40")
    assert look(service, at("9:05")) == 0  # within what was announced, from 9:15 to 9:45
    foreseen(service, "9:06", "9:44", "9:52", "10:04")
    assert look(service, at("9:07")) == 0  # not for three minutes yet
    assert look(service, at("9:10")) == 1
    [mail] = post.got
    text = mail.get_content().replace("\u202f", " ").replace("\xa0", " ")
    # From 9:44 and to 10:04, in whole five minutes.
    assert "entre 9 h 40 et 10 h 05, au lieu de : entre 9 h 15 et 9 h 45." in text
    assert mail["List-Unsubscribe"].endswith(f"/avis/{token}/arreter>")
    assert look(service, at("9:11")) == 0
    foreseen(service, "9:15", "10:08", "10:15", "10:20")
    # 10 minutes beyond what was told: not far enough. Then 20 minutes beyond, but 9 minutes after the notice.
    assert look(service, at("9:19")) == 0
    foreseen(service, "9:16", "10:20", "10:25", "10:30")
    assert look(service, at("9:20")) == 0
    assert look(service, at("9:41")) == 1  # half an hour after it
    assert len(post.got) == 2


def test_a_refused_address_is_not_written_to_again_and_a_busy_server_is(
    service: Service, post: PostOffice, at: Any
) -> None:
    wished(service)
    post.got.clear()
    post.answer = "451 later"
    foreseen(service, "9:00", "9:44", "9:52", "10:04")
    with service.database.write() as session:
        of_road(session, TUESDAY, at("9:05"))
    [wanted] = service.jobs.waiting  # type: ignore[attr-defined]
    service.jobs.waiting.clear()  # type: ignore[attr-defined]
    jobs.tell(service, wanted.ref)
    assert [one.delay_s for one in service.jobs.waiting] == [60]  # type: ignore[attr-defined]
    jobs.tell(service, wanted.ref)  # sooner than that: not its turn
    post.answer = "550 unknown"
    at("9:07")
    jobs.tell(service, wanted.ref)
    assert post.got == []
    with service.database.read() as session:
        assert session.exec(select(NoticeWishRecord)).one().ended_at is not None
        assert session.exec(select(NoticeRecord)).one().next_at is None


def test_a_closure_is_told_once(service: Service, post: PostOffice, at: Any) -> None:
    wished(service)
    post.got.clear()
    closure = ClosureRecord(site="arneke", starts_on=TUESDAY, ends_on=TUESDAY, declared_by="Camille")
    for _ in range(2):
        with service.database.write() as session:
            of_closure(session, closure, at("8:10"))
        service.jobs.run_all(service)  # type: ignore[attr-defined]
    [mail] = post.got
    assert "pas de passage" in mail["Subject"]


def test_nobody_is_written_to_at_night_but_for_a_visit_within_two_hours() -> None:
    visit = clock("9:15")
    assert allowed_at(clock("6:00"), visit) == clock("7:00")  # 2 h before would be 7:15
    assert allowed_at(clock("6:00"), clock("7:30")) == clock("6:00")
    assert allowed_at(clock("6:59"), clock("9:30")) == clock("7:00")
    assert allowed_at(clock("12:00"), visit) == clock("12:00")
    evening = clock("20:00", TUESDAY - timedelta(days=1))
    assert allowed_at(evening, visit) == clock("7:00")
