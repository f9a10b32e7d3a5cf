"""A load generator in a process of its own: reads a scenario as JSON, prints what it measured as JSON.

Plain HTTP/1.1 over kept-open loopback connections, one asyncio task per client, so that as little as possible
of the machine goes into asking. It stops by itself.
"""

import asyncio
import json
import random
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from uuid_utils.compat import uuid7

LONGEST_S = 120


@dataclass(frozen=True, kw_only=True, slots=True)
class Scenario:
    """`paths` are asked in turn by `clients`, each every `pace_s` seconds (0: at once again).

    `refs` given: batches of 50 facts about these visits are posted instead.
    """

    host: str
    port: int
    key: str
    clients: int
    seconds: float
    pace_s: float = 0
    paths: list[str] = field(default_factory=list)
    refs: list[list[str]] = field(default_factory=list)
    seed: int = 1


@dataclass
class Measured:
    """Milliseconds of every answer; those that were no success by status."""

    spans: list[float] = field(default_factory=list)
    failures: dict[str, int] = field(default_factory=dict)
    stored: int = 0


async def run(scenario: Scenario) -> dict[str, Any]:
    """p50, p95, p99 and how many a second."""
    measured = Measured()
    until = time.perf_counter() + min(scenario.seconds, LONGEST_S)
    async with asyncio.timeout(min(scenario.seconds, LONGEST_S) + 30):
        await asyncio.gather(*(_client(scenario, k, until, measured) for k in range(scenario.clients)))
    spans = sorted(measured.spans)
    return {
        "answers": len(spans),
        "per_s": round(len(spans) / scenario.seconds, 1),
        "p50_ms": _at(spans, 0.5),
        "p95_ms": _at(spans, 0.95),
        "p99_ms": _at(spans, 0.99),
        "max_ms": _at(spans, 1),
        "stored": measured.stored,
        "failures": measured.failures,
    }


def _at(spans: list[float], share: float) -> float | None:
    return round(spans[min(len(spans) - 1, int(share * len(spans)))], 1) if spans else None


async def _client(scenario: Scenario, k: int, until: float, measured: Measured) -> None:
    chance = random.Random(scenario.seed * 1000 + k)
    reader, writer = await asyncio.open_connection(scenario.host, scenario.port)
    await asyncio.sleep(chance.random() * scenario.pace_s)
    try:
        while time.perf_counter() < until:
            began = time.perf_counter()
            writer.write(_request(scenario, chance))
            status, body = await _answer(reader)
            measured.spans.append((time.perf_counter() - began) * 1000)
            if status != 200:
                measured.failures[str(status)] = measured.failures.get(str(status), 0) + 1
            elif scenario.refs:
                measured.stored += body.count(b'"state":"stored"')
            await asyncio.sleep(max(0.0, scenario.pace_s - (time.perf_counter() - began)))
    finally:
        writer.close()


def _request(scenario: Scenario, chance: random.Random) -> bytes:
    body = (
        json.dumps({"scans": _batch(chance, chance.choice(scenario.refs))}).encode() if scenario.refs else b""
    )
    path = "/api/v1/scans" if scenario.refs else chance.choice(scenario.paths)
    head = (
        f"{'POST' if body else 'GET'} {path} HTTP/1.1\r\nHost: {scenario.host}:{scenario.port}\r\n"
        + (f"Authorization: Bearer {scenario.key}\r\n" if scenario.key else "")
        + f"Content-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1])
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return status, await reader.readexactly(int(value))
    raise ValueError("an answer of unknown length")


def _batch(chance: random.Random, refs: list[str]) -> list[dict[str, Any]]:
    """Fifty facts as a phone sends them: half of what is left and taken names a crate, half are totals."""
    at = datetime.now(UTC)
    return [
        {
            "id": str(uuid7()),
            "visit": chance.choice(refs),
            **_said(chance),
            "occurred_at": (at - timedelta(seconds=50 - k)).isoformat(),
            "sent_at": at.isoformat(),
        }
        for k in range(50)
    ]


def _said(chance: random.Random) -> dict[str, Any]:
    kind = chance.choice(("arrived", "delivered", "picked_up", "left"))
    if kind in {"arrived", "left"}:
        return {"kind": kind}
    if chance.random() < 0.5:
        return {"kind": kind, "count": 2}
    return {"kind": kind, "crate": f"B{chance.randrange(600):04d}"}


def main() -> None:
    scenario = Scenario(**json.load(sys.stdin))
    print(json.dumps(asyncio.run(run(scenario))))


if __name__ == "__main__":
    main()
