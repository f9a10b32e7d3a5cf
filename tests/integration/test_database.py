"""The database under the service: its schema, its transactions, what it says when it cannot."""

import threading
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import select

from api.db import Database
from api.schema import drift, newest, revision, upgrade
from api.service import Service
from api.services.actor import Actor, Role
from api.services.network_records import network_of
from api.services.territory import fill_from_folder, touch
from models.custody.facts import ScanKind
from models.errors import Conflict, InputError, StaleVersion, Unavailable
from models.network.read import default_folder, read_network
from models.tables.network import NetworkRecord, SiteRecord
from models.tables.people import AuditRecord
from models.tables.scans import ScanRecord
from tests.service_fixtures import ClientAs

CAMILLE = Actor(role=Role.COORDINATOR, name="Camille")


def test_the_schema_is_what_the_records_say(service: Service) -> None:
    assert revision(service.database) == newest()
    assert drift(service.database) == []
    upgrade(service.database)  # nothing to do, nothing happens


def test_a_newer_schema_is_refused(service: Service) -> None:
    with service.database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Conflict, match="version plus récente"):
        upgrade(service.database)


def test_what_was_stored_is_the_network_of_the_folder(service: Service) -> None:
    with service.database.read() as session:
        assert network_of(session) == read_network(default_folder())


def test_a_network_is_not_filled_twice(service: Service) -> None:
    with pytest.raises(Conflict), service.database.write() as session:
        fill_from_folder(session, default_folder())


def test_a_failed_transaction_leaves_nothing(service: Service) -> None:
    def spoil() -> None:
        with service.database.write() as session:
            session.exec(select(SiteRecord).where(SiteRecord.code == "cassel")).one().name = "Autre"
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        spoil()
    with service.database.read() as session:
        assert session.exec(select(SiteRecord).where(SiteRecord.code == "cassel")).one().name != "Autre"
        assert session.exec(select(AuditRecord).where(AuditRecord.action == "changed")).all() == []


def test_a_change_is_logged_in_the_name_of_its_author(service: Service) -> None:
    with service.database.write(CAMILLE, "r1") as session:
        site = session.exec(select(SiteRecord).where(SiteRecord.code == "cassel")).one()
        site.phone, site.visits_per_week = "03 28 00 00 00", 5
    with service.database.read() as session:
        entry = session.exec(select(AuditRecord).where(AuditRecord.action == "changed")).one()
    assert (entry.author, entry.role, entry.request) == ("Camille", "coordinator", "r1")
    assert (entry.action, entry.subject, entry.key) == ("changed", "site", "cassel")
    assert entry.before is not None
    assert entry.before["phone"] == ""
    assert entry.after == {"phone": "03 28 00 00 00", "visits_per_week": 5}


def test_of_two_writers_from_one_version_the_second_fails(service: Service) -> None:
    first = service.database.read()
    with first as session:
        old = session.exec(select(SiteRecord).where(SiteRecord.code == "cassel")).one()
    with service.database.write() as session:
        session.exec(select(SiteRecord).where(SiteRecord.code == "cassel")).one().phone = "1"
    with pytest.raises(StaleVersion), service.database.write() as session:
        session.merge(old, load=False).phone = "2"


def test_revisions_count_every_change_also_two_at_once(service: Service) -> None:
    def work() -> None:
        for _ in range(5):
            with service.database.write() as session:
                touch(session)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with service.database.read() as session:
        assert session.exec(select(NetworkRecord)).one().revision == 1 + 20


def test_territory_is_opened_again_only_when_something_changed(service: Service) -> None:
    with service.database.read() as session:
        first = service.territories.open(session)
        assert service.territories.open(session) is first
    with service.database.write() as session:
        session.exec(select(SiteRecord).where(SiteRecord.code == "cassel")).one().visits_per_week = 1
        touch(session)
    with service.database.read() as session:
        second = service.territories.open(session)
    assert second is not first
    assert second.network.site("cassel").visits_per_week == 1


@pytest.mark.parametrize("how", ["UPDATE scan SET count = 9", "DELETE FROM scan"])
def test_facts_are_only_ever_added(service: Service, how: str) -> None:
    moment = datetime(2026, 12, 1, 9, tzinfo=UTC)
    with service.database.write() as session:
        session.add(
            ScanRecord(
                id=UUID("01932d5e-7c3b-7e6f-8a53-3f4c9b1f0a10"),
                kind=ScanKind.DELIVERED,
                count=3,
                occurred_at=moment,
                sent_at=moment,
            )
        )
    with pytest.raises(Exception, match="a fact is never changed"), service.database.write() as session:
        session.connection().execute(text(how))
    with service.database.read() as session:
        assert session.exec(select(ScanRecord)).one().count == 3


def test_an_unknown_kind_of_database_is_told_plainly() -> None:
    with pytest.raises(InputError, match="ne connaît pas la base « mysql »"):
        Database("mysql://a:secret@b/c")
    with pytest.raises(InputError) as told:
        Database("nonsense:secret@host")
    assert "secret" not in str(told.value)


def test_a_database_that_is_away_is_told_as_such() -> None:
    away = Database("postgresql://nobody@127.0.0.1:9/none")
    with pytest.raises(Unavailable, match="rien n'a été enregistré"), away.read() as session:
        session.exec(select(NetworkRecord)).first()
    away.close()


def test_who_runs_the_network_is_told_to_those_who_may_know(client_as: ClientAs) -> None:
    answer = client_as(Role.COORDINATOR).get("/api/v1/network")
    assert (answer.status_code, answer.headers["etag"]) == (200, '"v1"')
    assert answer.json()["name"] == "L'Escapade"
    nobody = client_as(Role.PUBLIC).get("/api/v1/network")
    assert (nobody.status_code, nobody.headers["content-type"]) == (401, "application/problem+json")
    assert client_as(Role.LIBRARY, site="cassel").get("/api/v1/network").status_code == 403
    without = client_as(Role.INTEGRATOR, scopes=frozenset({"scans:write"})).get("/api/v1/network")
    assert (without.status_code, without.json()["type"]) == (403, "urn:navette:interdit")
    with_it = client_as(Role.INTEGRATOR, scopes=frozenset({"network:read"})).get("/api/v1/network")
    assert with_it.status_code == 200
