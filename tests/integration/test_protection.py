"""What every answer carries, how much may be sent, and which names we answer to."""

import http.client
import re
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from starlette.responses import PlainTextResponse

from api.app import create_app
from api.middleware.body_limit import MB, BodyLimit, limit_of
from api.middleware.install import believe_proxies
from api.security.policy import policy_for
from api.settings import Settings
from tests.credentials import Credentials

_ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}


@pytest.mark.parametrize(
    "path", ["/api/v1/me", "/connexion", "/nowhere", "/healthz", "/docs", "/openapi.json"]
)
def test_every_answer_tells_browsers_what_they_may(path: str, real: Credentials) -> None:
    headers = real.nobody().get(path).headers
    assert {name: headers.get(name) for name in _ALWAYS} == _ALWAYS
    assert "camera=(self)" in headers["permissions-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "strict-transport-security" not in headers  # plain http here


def test_pages_allow_their_own_styles_by_a_nonce_that_is_never_the_same(real: Credentials) -> None:
    nonces = set()
    for _ in range(3):
        answer = real.nobody().get("/connexion")
        policy = answer.headers["content-security-policy"]
        assert "unsafe" not in policy
        nonce = re.search(r"style-src 'self' 'nonce-([^']+)'", policy)
        assert nonce
        assert f'<style nonce="{nonce[1]}">' in answer.text
        assert " style=" not in answer.text
        assert "<script" not in answer.text
        nonces.add(nonce[1])
    assert len(nonces) == 3


def test_the_script_of_the_documentation_is_allowed_by_its_hash(real: Credentials) -> None:
    answer = real.nobody().get("/docs")
    scripts = re.search(r"script-src ([^;]+);", answer.headers["content-security-policy"])
    assert scripts
    assert re.fullmatch(r"'self' 'sha256-[A-Za-z0-9+/]{43}='", scripts[1])
    static = real.nobody().get("/static-offline-docs/swagger-ui.css")
    assert static.headers["cache-control"] == "public, max-age=3600"


def test_a_map_stands_in_a_sandbox_of_no_origin() -> None:
    for path in ("/carte", "/semaines/2026-W49/carte.html"):
        policy = policy_for(path, "n", b"")
        assert policy.startswith("sandbox allow-scripts ")
        assert "allow-same-origin" not in policy
        assert "connect-src" not in policy  # so that default-src 'none' counts
    assert "sandbox" not in policy_for("/semaines/2026-W49/carte.html/x", "n", b"")


def test_hosts_are_checked_where_names_are_set(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, trusted_hosts="navette.example, *.intra.example", jobs=False)
    client = TestClient(create_app(settings))
    for host, status in (
        ("navette.example", 200),
        ("NAVETTE.example:8045", 200),
        ("a.intra.example", 200),
        ("intra.example", 421),
        ("evil.example", 421),
        ("navette.example.evil.example", 421),
    ):
        answer = client.get("/healthz", headers={"host": host})
        assert answer.status_code == status, host
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(("proxies", "seen"), [("", "192.0.2.1"), ("192.0.2.1", "203.0.113.5")])
def test_proxies_are_believed_only_where_they_are_set(proxies: str, seen: str, tmp_path: Path) -> None:
    app = FastAPI()

    @app.get("/")
    def who(request: Request) -> str:
        return request.client.host if request.client else ""

    believe_proxies(app, Settings(data=tmp_path, proxies=proxies))
    client = TestClient(app, client=("192.0.2.1", 5))
    assert client.get("/", headers={"x-forwarded-for": "203.0.113.5"}).json() == seen


def test_each_path_has_its_limit() -> None:
    assert limit_of("/api/v1/sites") == MB
    assert limit_of("/api/v1/scans") == 2 * MB
    assert limit_of("/api/v1/network/import") == limit_of("/api/v1/transfers/imports/1") == 5 * MB
    assert limit_of("/api/v1/incidents/1/photos") == 8 * MB
    assert limit_of("/api/v1/important") == limit_of("/api/v1/scansion") == MB


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A server of its own on a free port: how a connection ends is not seen by a test client."""
    app = FastAPI()
    app.add_middleware(BodyLimit)

    @app.post("/json")
    def as_json(body: dict[str, str]) -> int:
        return len(str(body))

    @app.post("/stream")
    async def as_stream(request: Request) -> PlainTextResponse:
        return PlainTextResponse(str(sum([len(piece) async for piece in request.stream()])))

    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen(8)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield door.getsockname()[1]
        server.should_exit = True
        thread.join(timeout=5)


def _pieces(total: int) -> Iterator[bytes]:
    for _ in range(total // 50_000):
        yield b" " * 50_000


@pytest.mark.parametrize("path", ["/json", "/stream"])
@pytest.mark.parametrize("told", [True, False], ids=["length told", "in chunks"])
def test_what_is_too_large_is_told_and_the_connection_closed(path: str, told: bool, port: int) -> None:
    """3 MB where 1 MB is allowed: the whole body is sent before the answer is looked at, as most do."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    body: bytes | Iterator[bytes] = b" " * (3 * MB) if told else _pieces(3 * MB)
    connection.request("POST", path, body, {"content-type": "application/json"}, encode_chunked=not told)
    answer = connection.getresponse()
    problem = answer.read().decode()
    assert (answer.status, answer.headers["content-type"]) == (413, "application/problem+json")
    assert "au plus 1 Mo" in problem
    assert answer.headers["connection"] == "close"
    connection.close()


def test_fifty_megabytes_are_read_and_thrown_away(port: int) -> None:
    began = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("POST", "/stream", b" " * (50 * MB))
    assert connection.getresponse().status == 413
    connection.close()
    assert time.perf_counter() - began < 15


def test_whoever_waits_to_be_asked_is_not_asked_for_what_is_too_large(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        client.sendall(
            b"POST /json HTTP/1.1\r\nHost: x\r\nContent-Length: 50000000\r\nExpect: 100-continue\r\n\r\n"
        )
        assert client.recv(12) == b"HTTP/1.1 413"


def test_whoever_stops_in_the_middle_is_let_go(port: int) -> None:
    """A body that never comes holds up nobody else."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        client.sendall(b"POST /json HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n12345")
        other = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        other.request("POST", "/json", b'{"a": "b"}', {"content-type": "application/json"})
        assert other.getresponse().status == 200
        other.close()


@pytest.mark.parametrize("total", [0, 50_000, 1_000_000])
def test_what_is_allowed_passes(total: int, port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("POST", "/stream", _pieces(total), encode_chunked=True)
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (200, str(total).encode())
    connection.close()


def test_nonsense_about_the_length_is_no_way_round(port: int) -> None:
    for length in (b"-1", b"x", b"1e3"):
        with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
            client.sendall(b"POST /json HTTP/1.1\r\nHost: x\r\nContent-Length: " + length + b"\r\n\r\n")
            assert client.recv(12) == b"HTTP/1.1 400"


def test_a_body_that_is_no_text_is_not_understood(real: Credentials) -> None:
    answer = real.nobody().post(
        "/api/v1/login", content=b'{"login": "\xff\xfe"}', headers={"content-type": "application/json"}
    )
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:navette:demande-invalide")
