"""Membership with one parameter, on both databases."""

from uuid import UUID, uuid4

import pytest
from sqlmodel import col, select

from api.repositories.among import among
from api.service import Service
from models.custody.facts import ScanKind
from models.tables.base import now
from models.tables.demand import CrateRecord
from models.tables.scans import ScanRecord
from tests.queries import count_queries

ODD = ("B'1", 'B"2', "B,3", "{B4}", "B\\5", "bac n° 6", "NULL", "")


def crates_among(service: Service, codes: tuple[str, ...]) -> set[str]:
    with service.database.read() as session:
        return set(session.exec(select(CrateRecord.code).where(among(col(CrateRecord.code), codes))))


def test_whatever_the_values_are(service: Service) -> None:
    with service.database.write() as session:
        session.add_all(CrateRecord(code=code) for code in (*ODD, "autre"))
    assert crates_among(service, ODD) == set(ODD)
    assert crates_among(service, ("autre", "absent")) == {"autre"}
    assert crates_among(service, ()) == set()


@pytest.mark.parametrize("many", [1, 70_000])  # 65,535 parameters are the most that PostgreSQL takes
def test_however_many_there_are(service: Service, many: int) -> None:
    known, at = UUID(int=7), now()
    with service.database.write() as session:
        session.add(ScanRecord(id=known, kind=ScanKind.ARRIVED, occurred_at=at, sent_at=at))
    ids = [known, *(uuid4() for _ in range(many - 1))]
    with service.database.read() as session, count_queries(service.database) as sent:
        assert session.exec(select(ScanRecord.id).where(among(col(ScanRecord.id), ids))).all() == [known]
    assert len([one for one in sent if one.startswith("SELECT")]) == 1


def test_an_index_leads_there(service: Service) -> None:
    query = select(ScanRecord.id).where(among(col(ScanRecord.visit), ["a", "b"]))
    with service.database.engine.connect() as connection:
        told = str(query.compile(connection))
        if connection.dialect.name == "postgresql":
            assert told.endswith("ANY (%(param_1)s::VARCHAR[])")
        else:
            way = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {told}", ('["a", "b"]',)).all()
            assert "SEARCH scan USING INDEX ix_scan_visit" in str(way)
