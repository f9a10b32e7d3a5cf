"""Notices on a library's page: whoever reads no mail misses nothing."""

from datetime import date, datetime
from typing import Any

import pytest

from api.service import Service
from models.tables.predictions import NoticeRecord
from tests.credentials import Credentials
from tests.road import ARNEKE, CASSEL, TUESDAY, clock, publish


def _told(service: Service, made: str, sentence: str, **fields: Any) -> None:
    """A notice of the visit at 9:10, expected until 10:30."""
    told: dict[str, Any] = {
        "site": "cassel",
        "visit": CASSEL,
        "why": "road",
        "late_at": clock("10:30"),
    } | fields
    with service.database.write() as session:
        session.add(NoticeRecord(**told, early_at=clock(made), made_at=clock(made), words=sentence))


def _changes(page: str) -> str:
    said = page.replace("\u202f", " ").replace("\u00a0", " ")
    return " ".join(said.partition("Ce qui a changé")[2].partition("</ul>")[0].split())


def test_what_is_told_by_mail_stands_on_the_page(
    service: Service, real: Credentials, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look(text: str, day: date = TUESDAY) -> list[str]:
        moment: datetime = clock(text, day)
        monkeypatch.setattr("api.endpoints.library_caller.now", lambda: moment)
        return [_changes(browser.get(path).text) for path in (base, f"{base}/suivi")]

    with service.database.write() as session:
        publish(session)
    browser, base = real.nobody(), f"/b/{real.link_token('cassel')}"
    assert look("8:00") == ["", ""]
    _told(service, "8:50", "Elle viendra plus tôt.")
    _told(service, "9:20", "Elle viendra plus tard.")
    _told(service, "9:00", "Ailleurs.", site="arneke", visit=ARNEKE)
    for said in look("9:30"):  # the last word on a visit alone; what another library was told stays there
        assert 'Elle viendra plus tard. <span class="muted">(annoncé à 9 h 20)' in said
        assert "plus tôt" not in said
        assert "Ailleurs" not in said
    assert look("9:30", date(2026, 12, 2)) == ["", ""]  # the day after, it is over
