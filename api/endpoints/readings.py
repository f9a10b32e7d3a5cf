"""A batch as it came → facts, each read by itself, or why it cannot be read."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from api.endpoints.problems import finding
from api.services.road.record import Reading
from api.wire.scans import ScanFate, ScanIn, ScanResult, ScansIn


def readings(batch: ScansIn) -> list[Reading]:
    """In the order of the batch."""
    return [_read(one) for one in batch.scans]


def _read(given: Any) -> Reading:
    try:
        return ScanIn.model_validate(given)
    except ValidationError as error:
        reason = " ".join(str(finding(one)) for one in error.errors())
        return ScanResult(id=_named(given), state=ScanFate.REFUSED, reason=reason[:1000], notes=[])


def _named(given: Any) -> str | None:
    told = given.get("id") if isinstance(given, Mapping) else None
    return None if told is None else str(told)[:80].encode("utf-8", "replace").decode()
