"""How quick the service is with a year of data: a server process, a load generator process, loopback.

python -m bench.service --database sqlite --data /tmp/navette-year --seconds 10
python -m bench.service --database postgresql --data /tmp/navette-year --seconds 10

The year is made once in the folder of --data (PostgreSQL: anew each time). Results are added as JSON lines to
bench/results/service-DATE.jsonl. « paced » are 50 clients that each ask once a second, as people and pages
do; « flat out » are 50 that ask again at once, so that the machine is full and waiting in line counts.
"""

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.machine import facts
from bench.results_file import append
from bench.service_data import Year, make_year
from tests.databases import postgresql

CLIENTS, WRITERS, READERS = 50, 8, 10
_PACE_S = 1.0


class Server:
    """`navette serve` on a free port, and what it takes."""

    def __init__(self, url: str, folder: Path) -> None:
        self.port = _free_port()
        environment = {
            **os.environ,
            "NAVETTE_DATABASE": url,
            "NAVETTE_DATA": str(folder),
            "NAVETTE_PORT": str(self.port),
            "NAVETTE_DRAFT_DAY": "",
            "NAVETTE_LOG_LEVEL": "warning",
        }
        self.log = (folder / "serve.log").open("wb")
        began = time.perf_counter()
        command = [sys.executable, "-m", "api.cli", "serve", "--out", str(folder / "out")]
        self.popen = subprocess.Popen(command, env=environment, stdout=self.log, stderr=self.log)
        while not self._ready():
            if self.popen.poll() is not None or time.perf_counter() - began > 60:
                raise RuntimeError((folder / "serve.log").read_text())
            time.sleep(0.02)
        self.start_s = round(time.perf_counter() - began, 2)

    def _ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (OSError, urllib.error.URLError):
            return False

    def memory_mb(self) -> dict[str, int]:
        """Resident memory now and at most, the process alone."""
        lines = Path(f"/proc/{self.popen.pid}/status").read_text().splitlines()
        told = {line.split(":")[0]: int(line.split()[1]) // 1024 for line in lines if line.startswith("Vm")}
        return {"rss_mb": told["VmRSS"], "peak_mb": told["VmHWM"]}

    def cpu_s(self) -> float:
        """Processor time that the process has taken so far: the same on a busy machine as on an idle one."""
        fields = Path(f"/proc/{self.popen.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self) -> None:
        self.popen.terminate()
        try:
            self.popen.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            self.popen.wait()
        self.log.close()


def main() -> None:
    wanted = _arguments()
    out = Path("bench/results") / f"service-{datetime.now(UTC).date().isoformat()}.jsonl"
    command = " ".join(["python -m bench.service", *sys.argv[1:]])
    append(out, {"machine": facts("fastapi", "sqlalchemy", "uvicorn"), "command": command})
    with (
        _filled(wanted.database, wanted.data, wanted.facts) as (url, year),
        tempfile.TemporaryDirectory() as folder,
    ):
        server = Server(url, Path(folder))
        try:
            for name, told in _measure(server, year, wanted.seconds):
                line = {"database": wanted.database, "facts": year.facts, "what": name, **told}
                line["load_average"] = os.getloadavg()[0]
                append(out, line)
                print(json.dumps(line), flush=True)
        finally:
            server.stop()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--data", type=Path, default=Path(tempfile.gettempdir()) / "navette-year")
    parser.add_argument("--facts", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=10)
    return parser.parse_args()


@contextmanager
def _filled(kind: str, folder: Path, wanted: int) -> Iterator[tuple[str, Year]]:
    folder.mkdir(parents=True, exist_ok=True)
    if kind == "postgresql":
        with postgresql(durable=True) as server:
            url = server.create("year")
            yield url, make_year(url, wanted)
        return
    url, notes = f"sqlite:///{folder / f'year-{wanted}.db'}", folder / f"year-{wanted}.json"
    if not notes.exists():
        notes.write_text(json.dumps(asdict(make_year(url, wanted))))
    copy = folder / "now.db"  # measuring writes: the year itself stays as it was made
    shutil.copyfile(folder / f"year-{wanted}.db", copy)
    yield f"sqlite:///{copy}", Year(**json.loads(notes.read_text()))
    copy.unlink()


def _measure(server: Server, year: Year, seconds: float) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "start", {"start_s": server.start_s, "cpu_s": round(server.cpu_s(), 2), **server.memory_mb()}
    for name, paths in _reads(year).items():
        _load(server, year, 2, clients=4, paths=paths)  # warm
        yield f"{name}, paced", _load(server, year, seconds, clients=CLIENTS, paths=paths, pace_s=_PACE_S)
        yield f"{name}, flat out", _load(server, year, seconds, clients=CLIENTS, paths=paths)
    yield "reorder, tried", _reorder(server, year, attempt=True)
    yield "reorder, stored", _reorder(server, year, attempt=False)
    yield "facts, alone", _written(_load(server, year, seconds, clients=WRITERS, refs=year.refs), seconds)
    yield "facts, with readers", _facts_with_readers(server, year, seconds)
    yield "end", server.memory_mb()


def _reads(year: Year) -> dict[str, list[str]]:
    return {
        "plan": [f"/api/v1/plans/{year.plan}"],
        "round": [f"/api/v1/rounds/{code}/progress" for code in year.rounds],
        "arrivals": [f"/api/v1/sites/{site}/arrivals" for site in year.sites],
    }


def load(server: Server, key: str, seconds: float, **scenario: Any) -> dict[str, Any]:
    """A scenario's figures, and the processor time that the server took for each answer. `key` may be empty:
    then nobody identifies themselves."""
    before = server.cpu_s()
    told = _finish(_generator(server, key, seconds, **scenario))
    return {**told, "cpu_ms_per_answer": round(1000 * (server.cpu_s() - before) / max(1, told["answers"]), 1)}


def _load(server: Server, year: Year, seconds: float, **scenario: Any) -> dict[str, Any]:
    return load(server, year.key, seconds, **scenario)


def _generator(server: Server, key: str, seconds: float, **scenario: Any) -> subprocess.Popen[bytes]:
    asked = {"host": "127.0.0.1", "port": server.port, "key": key, "seconds": seconds, **scenario}
    command = [sys.executable, "-m", "bench.service_load"]
    popen = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert popen.stdin is not None
    popen.stdin.write(json.dumps(asked).encode())
    popen.stdin.close()
    popen.stdin = None
    return popen


def _finish(popen: subprocess.Popen[bytes]) -> dict[str, Any]:
    said, _ = popen.communicate(timeout=200)
    found: dict[str, Any] = json.loads(said)
    return found


def _written(told: dict[str, Any], seconds: float) -> dict[str, Any]:
    return {**told, "facts_per_s": round(told["stored"] / seconds)}


def _facts_with_readers(server: Server, year: Year, seconds: float) -> dict[str, Any]:
    paths = [path for some in _reads(year).values() for path in some]
    reading = _generator(server, year.key, seconds, clients=READERS, paths=paths, pace_s=0.2)
    written = _written(_load(server, year, seconds, clients=WRITERS, refs=year.refs), seconds)
    read = _finish(reading)
    return {
        **written,
        "reads_per_s": read["per_s"],
        "reads_p95_ms": read["p95_ms"],
        "reads_failed": read["failures"],
    }


def _reorder(server: Server, year: Year, *, attempt: bool, times: int = 60) -> dict[str, Any]:
    """The longest round of a draft turned back to front, one after another, as one person drags."""
    base = f"http://127.0.0.1:{server.port}/api/v1/plans/{year.draft}"
    headers = {"Authorization": f"Bearer {year.key}", "Content-Type": "application/json"}
    plan, _ = _call("GET", base, headers)
    tour = max(plan["rounds"], key=lambda one: len(one["visits"]))
    order, version, spans = [visit["ref"] for visit in tour["visits"]], plan["version"], []
    before = server.cpu_s()
    for _ in range(times):
        order.reverse()
        url = f"{base}/rounds/{tour['code']}/order?try={str(attempt).lower()}"
        told, span = _call("PUT", url, {**headers, "If-Match": f'"v{version}"'}, {"visits": order})
        version = version if attempt else told["version"]
        spans.append(span)
    cpu_ms = round(1000 * (server.cpu_s() - before) / times, 1)
    spans.sort()
    p50, p95, most = (round(spans[int(part * (len(spans) - 1))], 1) for part in (0.5, 0.95, 1))
    return {"p50_ms": p50, "p95_ms": p95, "max_ms": most, "visits": len(order), "cpu_ms_per_answer": cpu_ms}


def _call(method: str, url: str, headers: dict[str, str], body: Any = None) -> tuple[Any, float]:
    data = None if body is None else json.dumps(body).encode()
    began = time.perf_counter()
    request = urllib.request.Request(url, data=data, headers=headers, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        said = answer.read()
    return json.loads(said), (time.perf_counter() - began) * 1000


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


if __name__ == "__main__":
    main()
