"""What is kept beside the facts, made anew from them: in chunks, while phones tell on, and looked after."""

import threading
from datetime import UTC

import pytest
from sqlmodel import Session

from api.repositories import whole
from api.service import Service
from api.services.actor import Role
from api.services.checkup import Verdict, look
from api.services.road import custody, outcomes
from api.services.road.rebuild import astray, rebuild
from tests.road import ARNEKE, CASSEL, REFS, clock, fact, publish
from tests.service_fixtures import ClientAs
from tests.telling import places, tell, visits


@pytest.fixture(autouse=True)
def round_of_tuesday(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    with service.database.write() as session:
        publish(session)
    for module in ("api.endpoints.scans", "api.services.road.custody"):
        monkeypatch.setattr(f"{module}.now", lambda: clock("10:30").astimezone(UTC))
    monkeypatch.setattr(outcomes, "CHUNK", 2)
    monkeypatch.setattr(custody, "CHUNK", 2)


def _silent(_: str, __: int, ___: int) -> None:
    pass


def _spoil(service: Service, *statements: str) -> None:
    with service.database.write() as session:
        for one in statements:
            session.connection().exec_driver_sql(one)


def _astray(service: Service) -> tuple[list[str], list[str]]:
    with whole.one_moment(service.database.engine) as connection, Session(connection) as session:
        return astray(session)


def _told(client_as: ClientAs) -> None:
    """Facts of three visits and three crates; the fourth visit and crate told of are undone at once."""
    driver = client_as(Role.DRIVER, driver="C1")
    told = [fact("delivered", ref, "9:30", crate=f"B{k}", count=k + 1) for k, ref in enumerate(REFS)]
    tell(driver, *told, fact("undo", "", "9:40", target=told[3]["id"]))


def test_lost_and_spoilt_rows_come_back_and_rows_of_nothing_go(service: Service, client_as: ClientAs) -> None:
    _told(client_as)
    kept = places(service), visits(service)
    _spoil(
        service,
        f"DELETE FROM outcome WHERE visit = '{CASSEL}'",
        f"UPDATE outcome SET delivered = 99 WHERE visit = '{ARNEKE}'",
        "DELETE FROM custody WHERE crate = 'B0'",
        "UPDATE custody SET holder_ref = 'nowhere' WHERE crate = 'B1'",
        "UPDATE custody SET crate = 'GHOST' WHERE crate = 'B2'",  # of GHOST nothing was ever told
    )
    assert _astray(service) == (sorted([ARNEKE, CASSEL]), ["B0", "B1", "B2", "GHOST"])
    said: list[tuple[str, int, int]] = []
    # 4 visits and B0, B1, B2, B3, GHOST, two at a time
    assert rebuild(service.database, lambda *one: said.append(one)) == (4, 5)
    assert said == [("passages", 2, 4), ("passages", 4, 4), ("bacs", 2, 5), ("bacs", 4, 5), ("bacs", 5, 5)]
    assert (places(service), visits(service)) == kept
    assert _astray(service) == ([], [])


def test_facts_that_come_meanwhile_are_in_what_is_kept(service: Service, client_as: ClientAs) -> None:
    driver = client_as(Role.DRIVER, driver="C1")
    over = threading.Event()

    def phone() -> None:
        for k in range(25):
            tell(driver, *(fact("delivered", ref, f"9:{10 + k}", crate=f"B{k % 3}") for ref in REFS))
        over.set()

    thread = threading.Thread(target=phone)
    thread.start()
    rounds = 0
    while not over.is_set():
        rebuild(service.database, _silent)
        rounds += 1
        assert _astray(service) == ([], [])  # at any moment
    thread.join()
    kept = places(service), visits(service)
    assert rounds > 0
    rebuild(service.database, _silent)
    assert (places(service), visits(service)) == kept


def test_doctor_says_so_and_what_to_do(service: Service, client_as: ClientAs) -> None:
    _told(client_as)

    def answer() -> tuple[Verdict, str]:
        found = look(service.settings, service.database, lambda _: True)
        return next((one.verdict, one.remedy) for one in found if one.about == "pointages")

    assert answer() == (Verdict.WELL, "")
    _spoil(service, "UPDATE custody SET holder_ref = 'nowhere' WHERE crate = 'B1'")
    verdict, remedy = answer()
    assert (verdict, "navette refaire" in remedy) == (Verdict.AMISS, True)
    rebuild(service.database, _silent)
    assert answer() == (Verdict.WELL, "")
