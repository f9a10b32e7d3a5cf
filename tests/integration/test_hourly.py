"""What is handed on every hour."""

from api.jobs.hourly import hourly
from api.service import Service
from models.tables.demand import TransferSourceRecord
from tests.kept_jobs import Kept


def test_every_hour_what_is_due_is_handed_on(service: Service, kept: Kept) -> None:
    address = '{"address": "https://koha.exemple.fr"}'
    with service.database.write() as session:
        koha = TransferSourceRecord(name="Koha", kind="koha", settings=address)
        session.add_all((koha, TransferSourceRecord(name="Orphée", kind="csv")))
    hourly(service, "2026-12-01T09")
    assert kept.jobs == [("transfer_read", str(koha.id), 0), ("promises", "2026-12-01", 0)]
