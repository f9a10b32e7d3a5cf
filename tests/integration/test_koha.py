"""Reading a Koha's transfers, and everything that may go wrong with it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
from sqlmodel import Session, select

from api.jobs.transfer_read import read
from api.service import Service
from api.services.actor import Role
from api.services.koha.client import Koha, KohaServer
from api.services.koha.errors import KohaAway, KohaRefused
from api.services.koha.read import read_koha, read_libraries
from models.network.values import Site, SiteKind
from models.tables.demand import ItemRecord, TransferReadRecord, TransferSourceRecord
from models.transfers.places import Places
from models.transfers.values import ItemState, TransfersRead
from models.values import Coordinates
from tests.integration.koha_stand_in import LOGIN, SECRET, KohaStandIn, koha_stand_in, transfer
from tests.service_fixtures import ClientAs

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
TABLE = {"CASS": "cassel", "HAZ": "hazebrouck"}


@pytest.fixture
def koha() -> Iterator[KohaStandIn]:
    with koha_stand_in() as standing_in:
        yield standing_in


class Waits(list[float]):
    """How long it would have slept."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def places() -> Places:
    def site(code: str) -> Site:
        return Site(
            id=code, name=code, kind=SiteKind.LIBRARY, commune=code, insee="", address="", postcode="",
            point=Coordinates(lon=2.5, lat=50.8),
        )  # fmt: skip

    return Places([site("cassel"), site("hazebrouck"), site("bailleul")], TABLE)


def ask(koha: KohaStandIn, waits: Waits | None = None, **other: Any) -> TransfersRead:
    given = {"address": koha.address, "login": LOGIN, "secret": SECRET, **other}
    timeout = httpx2.Timeout(0.3)
    with Koha(KohaServer(**given), sleep=waits if waits is not None else Waits(), timeout=timeout) as talking:
        return read_koha(talking, places(), NOW)


@pytest.mark.parametrize("how", ["oauth", "basic"])
def test_open_transfers_are_read_and_no_reader_is_asked_for(koha: KohaStandIn, how: str) -> None:
    koha.transfers = [
        transfer(1),
        transfer(2, sent_date="2026-11-21T09:00:00+01:00"),
        transfer(3, to_library_id="BAILL"),
        transfer(4, item={"external_id": None}),
    ]
    found = ask(koha, how=how)
    assert [(one.reference, one.state) for one in found.transfers] == [
        ("1", ItemState.WAITING),
        ("2", ItemState.TRAVELLING),
    ]
    first = found.transfers[0]
    assert (first.barcode, first.title, first.origin, first.destination) == (
        "3059000001",
        "Titre 1",
        "cassel",
        "hazebrouck",
    )
    assert first.requested_at == datetime(2026, 11, 20, 9, tzinfo=UTC)
    assert [str(one) for one in found.refused] == [
        "transfert 3 : le site « BAILL » est inconnu. Est-ce « bailleul » ? Ajoutez-le à la table des sites.",
        "transfert 4 : l'exemplaire 9004 n'a pas de code-barres. Corrigez-le dans Koha.",
    ]
    assert koha.embeds == {"item.biblio"}  # neither hold nor patron


def test_ten_thousand_transfers_come_in_pages(koha: KohaStandIn) -> None:
    koha.transfers = [transfer(k) for k in range(1, 10_001)]
    assert len(ask(koha).transfers) == 10_000
    pages = [query["_page"][0] for path, query in koha.asked if path.endswith("/transfers")]
    assert len(pages) == 50  # 10,000 / 200, and the total says that no other follows


def test_pages_that_never_end_are_stopped(koha: KohaStandIn) -> None:
    koha.transfers, koha.endless = [], True
    with pytest.raises(KohaRefused, match="ne finit pas"):
        ask(koha)


def test_the_same_page_again_and_again_is_noticed(koha: KohaStandIn) -> None:
    page = [transfer(k) for k in range(200)]
    koha.failures = [(200, page, {}), (200, page, {})]
    with pytest.raises(KohaRefused, match="toujours la même page"):
        ask(koha)


@pytest.mark.parametrize(
    ("status", "message"),
    [(403, "n'a pas le droit"), (400, "ne comprend pas"), (302, "une autre adresse")],
)
def test_what_koha_refuses_is_not_asked_again(koha: KohaStandIn, status: int, message: str) -> None:
    koha.failures = [(status, {"error": "x"}, {"Location": "/elsewhere"})]
    with pytest.raises(KohaRefused, match=message):
        ask(koha)
    assert len(koha.asked) == 1


def test_wrong_accounts_are_told_apart(koha: KohaStandIn) -> None:
    with pytest.raises(KohaRefused, match="client_secret"):
        ask(koha, secret="wrong")
    with pytest.raises(KohaRefused, match="RESTBasicAuth"):
        ask(koha, secret="wrong", how="basic")


def test_an_older_koha_is_told_from_a_wrong_address(koha: KohaStandIn) -> None:
    koha.transfers = None
    with pytest.raises(KohaRefused, match="Enregistrez-y plutôt le rapport"):
        ask(koha)
    koha.libraries = None
    with pytest.raises(KohaRefused, match="n'est pas celle d'un Koha"):
        ask(koha)


def test_koha_is_given_time_when_it_asks_for_it(koha: KohaStandIn) -> None:
    koha.transfers = [transfer(1)]
    koha.failures = [(429, {}, {"Retry-After": "7"}), (503, {}, {})]
    waits = Waits()
    assert len(ask(koha, waits).transfers) == 1
    assert waits == [7, 4]  # as long as it said; then the second wait of ours
    koha.failures = [(429, {}, {"Retry-After": "3600"})]
    with pytest.raises(KohaAway) as told:
        ask(koha)
    assert told.value.wait_s == 3600


def test_a_koha_that_stays_broken_is_away(koha: KohaStandIn) -> None:
    koha.failures = [(500, {}, {})] * 3
    with pytest.raises(KohaAway, match="en panne"):
        ask(koha)
    assert koha.failures == []


def test_a_koha_that_does_not_answer_is_away(koha: KohaStandIn) -> None:
    koha.slow_s = 0.6
    with pytest.raises(KohaAway, match="n'a pas répondu à temps"):
        ask(koha)


@pytest.mark.parametrize("raw", [b"<html>", b'{"a": 1}', b"[1]", b"[" * 100_000, b"\xff\xfe"])
def test_what_is_no_list_is_refused(koha: KohaStandIn, raw: bytes) -> None:
    koha.raw = raw
    with pytest.raises(KohaRefused):
        ask(koha, how="basic")


@pytest.mark.parametrize("address", ["ftp://koha.example.fr", "koha.example.fr", "file:///etc/passwd"])
def test_what_is_no_web_address_is_refused(koha: KohaStandIn, address: str) -> None:
    with pytest.raises(KohaRefused, match="https://"):
        ask(koha, address=address)


def test_nobody_there_is_away() -> None:
    nobody = KohaServer(address="http://127.0.0.1:9", login="", secret="")
    with Koha(nobody, sleep=Waits()) as talking, pytest.raises(KohaAway, match="injoignable"):
        talking.sign_in()


def test_libraries_are_listed_to_be_translated(koha: KohaStandIn) -> None:
    with Koha(KohaServer(address=koha.address, login=LOGIN, secret=SECRET)) as talking:
        talking.sign_in()
        assert read_libraries(talking) == {"CASS": "Cassel"}


class Kept:
    """Jobs that are only written down."""

    def __init__(self) -> None:
        self.jobs: list[tuple[str, str, float]] = []

    def submit(self, session: Session, kind: str, ref: str, *, delay_s: float = 0) -> None:
        self.jobs.append((kind, ref, delay_s))


def test_a_source_is_read_as_a_job(client_as: ClientAs, service: Service, koha: KohaStandIn) -> None:
    kept = Kept()
    object.__setattr__(service, "jobs", kept)
    koha.transfers = [transfer(1), transfer(2)]
    client = client_as(Role.COORDINATOR)
    asked = {
        "name": "Koha",
        "kind": "koha",
        "address": koha.address,
        "login": LOGIN,
        "secret": SECRET,
        "sites": TABLE,
    }
    made = client.post("/api/v1/transfers/sources", json=asked)
    where = made.headers["location"]
    assert client.post(f"{where}/read").status_code == 202
    [(kind, ref, _)] = kept.jobs
    assert kind == "transfer_read"
    read(service, ref)
    assert client.get(where).json()["read_note"] == "Lu : 2 nouveaux, 0 modifiés, 0 disparus, 0 refusés."
    koha.transfers = [transfer(2, sent_date="2026-11-21T09:00:00+01:00")]
    read(service, ref)
    with service.database.read() as session:
        states = {one.barcode: one.state for one in session.exec(select(ItemRecord))}
    assert states == {"3059000001": ItemState.ARRIVED, "3059000002": ItemState.TRAVELLING}


def test_a_reading_that_fails_changes_nothing_and_comes_back(
    service: Service, koha: KohaStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.services.koha.client._BACKOFF_S", (0, 0))
    kept = Kept()
    object.__setattr__(service, "jobs", kept)
    with service.database.write() as session:
        settings = f'{{"address": "{koha.address}", "login": "{LOGIN}", "how": "basic"}}'
        source = TransferSourceRecord(name="Koha", kind="koha", settings=settings)
        session.add(source)
    koha.failures = [(500, {}, {})] * 3
    read(service, str(source.id))
    assert kept.jobs == [("transfer_read", f"{source.id}#2", 60)]
    read(service, f"{source.id}#2")  # no password is stored: refused for good
    assert len(kept.jobs) == 1
    with service.database.read() as session:
        notes = [one.note for one in session.exec(select(TransferReadRecord))]
        assert session.exec(select(ItemRecord)).all() == []
    assert sorted(notes) == sorted(
        [
            "Koha est en panne ou en maintenance (500). Rien n'a changé. Nouvel essai dans 1 min.",
            "Koha ne reconnaît pas ce compte (401). Vérifiez l'identifiant et le mot de passe, et la "
            "préférence RESTBasicAuth. Rien n'a changé.",
        ]
    )


def test_a_source_of_files_is_not_read_by_itself(client_as: ClientAs) -> None:
    client = client_as(Role.COORDINATOR)
    made = client.post("/api/v1/transfers/sources", json={"name": "Orphée", "kind": "csv"})
    assert client.post(made.headers["location"] + "/read").status_code == 409
    assert "branchtransfers" in client.get("/api/v1/transfers/koha-report").json()["sql"]
