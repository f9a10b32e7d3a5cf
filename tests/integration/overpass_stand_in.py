"""An Overpass server on loopback that answers from an OSM file: what osmnx's own client talks to in tests."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

import osmium

# osmnx reads the fifth line.
STATUS = """Connected as: 1
Current time: 2026-01-01T00:00:00Z
Announced endpoint: none
Rate limit: 2
2 slots available now.
"""


def overpass_json(path: Path) -> dict[str, Any]:
    """Every point and way of a file, as Overpass writes them."""
    elements: list[dict[str, Any]] = []
    for entity in osmium.FileProcessor(str(path)):
        if isinstance(entity, osmium.osm.Node):
            place = {"lat": entity.location.lat, "lon": entity.location.lon}
            elements.append({"type": "node", "id": entity.id, **place, "tags": dict(entity.tags)})
        elif isinstance(entity, osmium.osm.Way):
            refs = [point.ref for point in entity.nodes]
            elements.append({"type": "way", "id": entity.id, "nodes": refs, "tags": dict(entity.tags)})
    return {"version": 0.6, "generator": "stand-in", "elements": elements}


@dataclass(slots=True)
class StandIn:
    """Where it listens, what it answers, and what it was asked."""

    url: str
    answer: bytes
    code: int = 200
    asked: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)


@contextmanager
def overpass(answer: dict[str, Any] | bytes, *, code: int = 200) -> Iterator[StandIn]:
    """Serve `answer` (as JSON, or these very bytes) to every query until the block ends."""
    body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    stand_in = StandIn(url="", answer=body, code=code)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            stand_in.paths.append(self.path)
            self._send(200, "text/plain", STATUS.encode())

        def do_POST(self) -> None:
            stand_in.paths.append(self.path)
            form = self.rfile.read(int(self.headers["Content-Length"])).decode()
            stand_in.asked.append(parse_qs(form)["data"][0])
            self._send(stand_in.code, "application/json", stand_in.answer)

        def _send(self, code: int, kind: str, content: bytes) -> None:
            self.send_response(code)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Tests read what was asked; nothing goes to the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    stand_in.url = f"http://127.0.0.1:{server.server_address[1]}/api"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield stand_in
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
