"""A stand-in that speaks the documented shapes of Koha's REST API, and fails as it is told to."""

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

LOGIN, SECRET, TOKEN = "navette", "s3cret", "a-token"
Answer = tuple[int, Any, dict[str, str]]


def transfer(number: int, **other: Any) -> dict[str, Any]:
    """One open transfer, its item and title embedded as Koha does."""
    return {
        "transfer_id": number,
        "item_id": 9000 + number,
        "requested_date": "2026-11-20T10:00:00+01:00",
        "sent_date": None,
        "arrived_date": None,
        "cancellation_date": None,
        "from_library_id": "CASS",
        "to_library_id": "HAZ",
        "comments": None,
        "reason": "Reserve",
        "cancellation_reason": None,
        "item": {"external_id": f"3059{number:06d}", "biblio": {"title": f"Titre {number}"}},
        **other,
    }


class KohaStandIn:
    """`transfers` is None for a Koha that has no such list. `failures` are answered first, one each."""

    def __init__(self) -> None:
        self.transfers: list[dict[str, Any]] | None = []
        self.libraries: list[dict[str, Any]] | None = [{"library_id": "CASS", "name": "Cassel"}]
        self.failures: list[Answer] = []
        self.asked: list[tuple[str, dict[str, list[str]]]] = []
        self.embeds: set[str] = set()
        self.endless = False
        self.slow_s = 0.0
        self.raw: bytes | None = None
        self.address = ""

    def answer(self, path: str, query: dict[str, list[str]], headers: Any) -> Answer:
        self.asked.append((path, query))
        if self.failures:
            return self.failures.pop(0)
        basic = "Basic " + base64.b64encode(f"{LOGIN}:{SECRET}".encode()).decode()
        if headers.get("authorization") not in {basic, f"Bearer {TOKEN}"}:
            return 401, {"error": "Authentication failure."}, {}
        lists = {"/api/v1/transfers": self.transfers, "/api/v1/libraries": self.libraries}
        rows = lists.get(path)
        if rows is None:
            return 404, {"error": "Not found"}, {}
        self.embeds.add(headers.get("x-koha-embed") or "")
        page, size = int(query["_page"][0]), int(query["_per_page"][0])
        if self.endless:
            return 200, [transfer(k) for k in range((page - 1) * size, page * size)], {}
        total = {"X-Total-Count": str(len(rows)), "X-Base-Total-Count": str(len(rows))}
        return 200, rows[(page - 1) * size : page * size], total

    def token(self, form: dict[str, list[str]]) -> Answer:
        if form.get("client_id") != [LOGIN] or form.get("client_secret") != [SECRET]:
            return 403, {"error": "unauthorized_client"}, {}
        return 200, {"access_token": TOKEN, "token_type": "Bearer", "expires_in": 3600}, {}


@contextmanager
def koha_stand_in() -> Iterator[KohaStandIn]:
    """Listens on a free port of this machine until the block ends."""
    koha = KohaStandIn()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            url = urlsplit(self.path)
            self._send(lambda: koha.answer(url.path, parse_qs(url.query), self.headers))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            self._send(lambda: koha.token(parse_qs(body)))

        def _send(self, make: Callable[[], Answer]) -> None:
            time.sleep(koha.slow_s)
            status, told, headers = make()
            body = koha.raw if koha.raw is not None and status == 200 else json.dumps(told).encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                self.wfile.write(body)
            except OSError:  # whoever asked has gone
                self.close_connection = True

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    koha.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield koha
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
