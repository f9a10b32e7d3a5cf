"""Bad files, large files, many at once: refused whole, in time, and nothing is lost."""

import io
import json
import struct
import time
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from api.middleware.body_limit import limit_of
from api.service import Service
from api.services.actor import Role
from api.services.network_records import network_of
from models.network.write import TITLES
from models.tables.network import NetworkRecord
from tests.exchange_files import LIBRARIES, NEW, PATH, as_csv, changed, rows, send, workbook
from tests.queries import count_queries
from tests.service_fixtures import ClientAs


@pytest.fixture
def coordinator(client_as: ClientAs) -> TestClient:
    return client_as(Role.COORDINATOR)


def _spoilt(how: Callable[[bytes], bytes]) -> bytes:
    """A workbook whose first sheet is no longer what it was."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(list(rows())))) as source,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for member in source.namelist():
            content = source.read(member)
            target.writestr(member, how(content) if member.endswith("sheet1.xml") else content)
    return stream.getvalue()


def _bomb() -> bytes:
    """Swells to 70 MB, a thousand times its size."""
    return _spoilt(lambda sheet: sheet.replace(b"</sheetData>", b" " * 70_000_000 + b"</sheetData>"))


def _entities() -> bytes:
    """Defines entities that would swell when expanded."""
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    return _spoilt(lambda sheet: bomb + sheet)


def _far() -> bytes:
    """Has a cell in the last row that a sheet can have."""
    cell = b'<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    return _spoilt(lambda sheet: sheet.replace(b"</sheetData>", cell))


def _many() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for k in range(1000):
            archive.writestr(f"{k}.csv", "a")
    return stream.getvalue()


def _nested() -> bytes:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("libraries.csv", LIBRARIES)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("inner.zip", inner.getvalue())
    return stream.getvalue()


def _lying() -> bytes:
    """A zip whose member says it is small, and is not."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("libraries.csv", b"a" * 50_000_000)
    content = bytearray(stream.getvalue())
    at = content.rindex(b"PK\x01\x02") + 24
    content[at : at + 4] = struct.pack("<I", 100)
    return bytes(content)


def _point(place: str) -> bytes:
    geometry = f'{{"type": "Point", "coordinates": {place}}}'
    return f'{{"features": [{{"geometry": {geometry}, "properties": {{}}}}]}}'.encode()


BAD: list[tuple[str, Any, int]] = [
    ("bomb.xlsx", _bomb, 413),
    ("entities.xlsx", _entities, 422),
    ("far.xlsx", _far, 422),
    ("many.zip", _many, 413),
    ("nested.zip", _nested, 422),
    ("lying.zip", _lying, 422),
    ("text.xlsx", lambda: b"no workbook", 422),
    ("half.xlsx", lambda: workbook(list(rows()))[:5000], 422),
    ("deep.geojson", lambda: b"[" * 100_000, 422),
    ("null.geojson", lambda: b"null", 422),
    (
        "nan.geojson",
        lambda: b'{"features": [{"geometry": {"type": "Point", "coordinates": [NaN, 1]}, "properties": {}}]}',
        422,
    ),
    ("program.exe", lambda: b"MZ", 422),
    ("libraries.csv", lambda: b"", 422),
    ("libraries.csv", lambda: b"\x00" * 1000, 422),
    ("libraries.csv", lambda: b",,,,\n,,,", 422),
    ("libraries.csv", lambda: b'identifiant,nom\n"open', 422),
    ("libraries.csv", lambda: b"identifiant\n" + b"x\n" * 25_000, 413),
    ("libraries.csv", lambda: b",".join(b"c%d" % k for k in range(5000)), 413),
    ("network.toml", lambda: b"nom = ", 422),
    ("travel.npz", lambda: b"PK", 422),
    ("communes.geojson", lambda: b'{"features": [{"geometry": {"type": "Polygon"}}]}', 422),
]


@pytest.mark.parametrize(("name", "make", "status"), BAD)
def test_bad_files_are_refused_and_nothing_is_lost(
    service: Service, coordinator: TestClient, name: str, make: Any, status: int
) -> None:
    began = time.monotonic()
    answer = send(coordinator, (name, make()), seen=1)
    assert answer.status_code == status, answer.text[:300]
    assert answer.headers["content-type"] == "application/problem+json"
    assert time.monotonic() - began < 5
    with service.database.read() as session:
        assert session.exec(select(NetworkRecord)).one().revision == 1


_MULTIPART = {"Content-Type": "multipart/form-data; boundary=x"}


class _Parts:
    """A form of 50 MB, a MB at a time: how much of it was asked for."""

    def __init__(self) -> None:
        self.sent = 0

    def __iter__(self) -> Iterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="files"; filename="libraries.csv"\r\n\r\n'
        for _ in range(50):
            self.sent += 1_000_000
            yield b"a" * 1_000_000


def test_an_upload_is_refused_at_the_limit(client_as: ClientAs) -> None:
    coordinator = client_as(Role.COORDINATOR)
    parts = _Parts()
    answer = coordinator.post(PATH, params={"dry_run": True}, content=iter(parts), headers=_MULTIPART)
    assert (answer.status_code, answer.json()["type"]) == (413, "urn:navette:trop-grand")
    assert parts.sent > 30_000_000
    large = b"a" * (limit_of(PATH) + 1)
    answer = coordinator.post(PATH, params={"dry_run": True}, files=[("files", ("libraries.csv", large))])
    assert answer.status_code == 413
    garbled = coordinator.post(PATH, content=b"nonsense", headers=_MULTIPART)
    assert garbled.status_code == 422
    assert coordinator.post(PATH, params={"dry_run": True}).status_code == 422


def test_whoever_shows_nothing_is_refused_before_their_file_is_read(client_as: ClientAs) -> None:
    parts = _Parts()
    answer = client_as(Role.PUBLIC).post(PATH, content=iter(parts), headers=_MULTIPART)
    assert answer.status_code == 401
    assert parts.sent == 0  # not the first MB was asked for


def test_two_imports_from_one_look_store_one(service: Service, client_as: ClientAs) -> None:
    import threading  # noqa: PLC0415

    clients = [client_as(Role.COORDINATOR) for _ in range(4)]
    statuses: list[int] = []

    def work(rank: int, client: TestClient) -> None:
        content = changed({"cassel": {"telephone": f"032800000{rank}"}})
        statuses.append(send(client, ("libraries.csv", content), seen=1).status_code)

    threads = [threading.Thread(target=work, args=pair) for pair in enumerate(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, 409, 409, 409]


def test_two_thousand_sites_are_imported_in_a_few_statements(
    service: Service, coordinator: TestClient
) -> None:
    found = [
        # 50 m and more apart, over 0.25 by 0.1 degrees
        {
            **NEW,
            "identifiant": f"s{k}",
            "nom": f"Site {k}",
            "type": "partenaire",
            "insee": "99999",
            "lon": f"{2.3 + 0.005 * (k % 50):.6f}",
            "lat": f"{50.7 + 0.0025 * (k // 50):.6f}",
        }
        for k in range(2000)
    ]
    content = as_csv([*rows(), *found]).encode()
    with count_queries(service.database) as sent:
        answer = send(coordinator, ("libraries.csv", content), seen=1)
    assert answer.status_code == 200, answer.text[:500]
    assert len(sent) <= 30  # however many sites
    assert len([one for one in sent if one.startswith("SELECT")]) <= 16
    with service.database.read() as session:
        assert len(network_of(session).sites) == 2047


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.one_of(
        st.binary(max_size=400),
        st.lists(st.lists(st.text(max_size=8), max_size=6), max_size=5).map(
            lambda table: "\n".join(";".join(cells) for cells in table).encode("utf-8", "replace")
        ),
        st.lists(st.tuples(st.sampled_from(TITLES["libraries.csv"]), st.text(max_size=12)), max_size=12).map(
            lambda cells: as_csv([{"identifiant": "cassel", **dict(cells)}]).encode("utf-8", "replace")
        ),
    ),
    suffix=st.sampled_from(["csv", "xlsx", "geojson", "toml", "npz", "zip"]),
)
def test_no_bytes_break_an_import(coordinator: TestClient, content: bytes, suffix: str) -> None:
    answer = send(coordinator, (f"libraries.{suffix}", content))
    assert answer.status_code in {200, 413, 422}


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
_FIELD = st.sampled_from(
    ["name", "kind", "insee", "lon", "opening", "phone", "deliver", "assumed", "declared_minutes", "rules"]
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.one_of(_JSON, st.dictionaries(_FIELD, _JSON, max_size=4)))
def test_no_body_breaks_a_change(coordinator: TestClient, body: Any) -> None:
    text = json.dumps(body)
    for path, seen in (
        ("sites/nulle-part", "v1"),
        ("network", "v999"),
        ("drivers/C1", "v999"),
        ("sites", ""),
    ):
        headers = {"Content-Type": "application/json", **({"If-Match": f'"{seen}"'} if seen else {})}
        method = "PATCH" if seen else "POST"
        answer = coordinator.request(method, f"/api/v1/{path}", content=text, headers=headers)
        assert answer.status_code in {404, 409, 422}, answer.text
