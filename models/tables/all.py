"""Every record, loaded; `METADATA` is the whole schema."""

from models.tables import demand, network, people, plans, predictions, scans, service
from models.tables.base import Record

METADATA = Record.metadata

__all__ = ["METADATA", "demand", "network", "people", "plans", "predictions", "scans", "service"]
