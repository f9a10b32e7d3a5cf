"""Live updates: who hears of what, coming back, slow listeners, one look for all, and a real stream."""

import asyncio
import threading
import time
from collections.abc import Sequence
from typing import Any

import httpx2
import pytest

from api.service import Service
from api.services.actor import Actor, Role
from api.services.changes import announce
from api.services.live.broadcast import KEPT, ROOM, Broadcast, Listener
from api.services.live.hints import Hint, Table
from tests.queries import count_queries
from tests.road import CASSEL, ROUND, fact, publish
from tests.service_fixtures import ClientAs
from tests.serving import serving

DESK = Actor(role=Role.COORDINATOR, name="Camille")
CASSEL_LIBRARY = Actor(role=Role.LIBRARY, name="Cassel", site="cassel")
STAPLE_LIBRARY = Actor(role=Role.LIBRARY, name="Staple", site="staple")
DOMINIQUE = Actor(role=Role.DRIVER, name="Dominique", driver="C1")
ALEX = Actor(role=Role.DRIVER, name="Alex", driver="C2")
OFFICIAL = Actor(role=Role.OFFICIAL, name="Élue")


@pytest.mark.parametrize(
    ("topic", "ref", "site", "heard"),
    [
        ("scans", ROUND, None, "desk official cassel dominique"),
        ("scans", "2026-W01-lun-V9", None, "desk official"),
        ("messages", "m", "cassel", "desk cassel"),
        ("incidents", "i", "staple", "desk official staple"),
        ("plans", "p", None, "desk official cassel staple dominique alex"),
        ("crates", "B1", None, "desk official"),
        ("closures", "c", "cassel", "desk official cassel"),
    ],
)
def test_who_hears_of_what(service: Service, topic: str, ref: str, site: str | None, heard: str) -> None:
    with service.database.write() as session:
        publish(session)
        announce(session, topic, ref, site)
    [hint] = Table(service.database).after(0)
    everybody = {
        "desk": DESK,
        "official": OFFICIAL,
        "cassel": CASSEL_LIBRARY,
        "staple": STAPLE_LIBRARY,
        "dominique": DOMINIQUE,
        "alex": ALEX,
    }
    assert [name for name, actor in everybody.items() if hint.concerns(actor)] == heard.split()


class Given:
    """Hints that a test gives, and how often somebody looked."""

    def __init__(self, *hints: Hint) -> None:
        self.hints = list(hints)
        self.looks = 0

    def newest(self) -> int:
        return max((hint.seq for hint in self.hints), default=0)

    def after(self, seq: int) -> Sequence[Hint]:
        self.looks += 1
        return sorted((hint for hint in self.hints if hint.seq > seq), key=lambda hint: hint.seq)


def hint(seq: int, topic: str = "network") -> Hint:
    return Hint(seq=seq, topic=topic)


async def heard(listener: Listener, number: int) -> list[int]:
    found = [await asyncio.wait_for(listener.queue.get(), 5) for _ in range(number)]
    return [one.seq for one in found if one]


def test_hints_are_heard_once_also_those_stored_out_of_order() -> None:
    given = Given(hint(1))

    async def scenario() -> None:
        live = Broadcast(lambda: given, every_s=0.01)
        async with live.listen(DESK) as (listener, missed):
            assert not missed
            given.hints += [hint(3), hint(5)]
            assert await heard(listener, 2) == [3, 5]
            given.hints += [hint(4), hint(2), hint(6)]  # their transactions took longer
            assert await heard(listener, 3) == [2, 4, 6]
            await asyncio.sleep(0.1)
            assert listener.queue.empty()

    asyncio.run(scenario())


def test_two_hundred_listeners_cost_one_look() -> None:
    given = Given()

    async def scenario() -> None:
        live = Broadcast(lambda: given, every_s=0.1)
        async with asyncio.timeout(20):
            stacks = [live.listen(DESK) for _ in range(200)]
            listeners = [(await one.__aenter__())[0] for one in stacks]
            before = given.looks
            given.hints.append(hint(1))
            assert [await heard(one, 1) for one in listeners] == [[1]] * 200
            await asyncio.sleep(0.35)
            assert 2 <= given.looks - before <= 8
            for one in stacks:
                await one.__aexit__(None, None, None)
            assert live.listeners == 0
            looks = given.looks
            await asyncio.sleep(0.3)
            assert given.looks == looks  # nobody listens, nobody looks

    asyncio.run(scenario())


def test_who_comes_back_hears_what_they_missed() -> None:
    given = Given(hint(100))

    async def scenario() -> None:
        live = Broadcast(lambda: given, every_s=0.01)
        async with live.listen(DESK) as (first, _):
            given.hints += [hint(seq) for seq in range(101, 140)]
            assert await heard(first, 39) == list(range(101, 140))
            async with live.listen(DESK, after=130) as (back, missed):
                assert not missed
                assert list(range(131, 140)) == (await heard(back, back.queue.qsize()))[-9:]
            async with live.listen(DESK, after=99) as (_, missed):  # from before anybody looked
                assert missed

    asyncio.run(scenario())


def test_memory_has_an_end() -> None:
    given = Given(hint(1))

    async def scenario() -> None:
        live = Broadcast(lambda: given, every_s=0.01)
        async with live.listen(STAPLE_LIBRARY):
            given.hints += [
                hint(seq) for seq in range(2, KEPT + 52)
            ]  # 2 to KEPT + 51: fifty more than are kept
            await asyncio.sleep(0.3)
            async with live.listen(STAPLE_LIBRARY, after=50) as (_, missed):
                assert missed
            async with live.listen(STAPLE_LIBRARY, after=52) as (_, missed):
                assert not missed

    asyncio.run(scenario())


def test_a_slow_listener_is_let_go_and_holds_nobody_up() -> None:
    given = Given()

    async def scenario() -> None:
        live = Broadcast(lambda: given, every_s=0.01)
        async with live.listen(DESK) as (slow, _), live.listen(DESK) as (quick, _):
            for k in range(5):
                given.hints += [hint(seq) for seq in range(k * 40 + 1, k * 40 + 41)]
                assert len(await heard(quick, 40)) == 40
            assert slow.slow
            assert slow.queue.qsize() == ROOM + 1
            found = [slow.queue.get_nowait() for _ in range(ROOM + 1)]
            assert found[-1] is None  # and there it ends

    asyncio.run(scenario())


def test_a_look_is_one_query(service: Service) -> None:
    with service.database.write() as session:
        publish(session)
        for _ in range(20):
            announce(session, "scans", ROUND)
    table = Table(service.database)
    assert len(table.after(0)) == 20
    with count_queries(service.database) as sent:
        table.after(0)
    assert len([one for one in sent if one.startswith("SELECT")]) == 1


def test_who_may_listen(client_as: ClientAs) -> None:
    assert client_as(Role.PUBLIC).get("/api/v1/live").status_code == 401
    assert client_as(Role.INTEGRATOR, scopes=frozenset({"scans:read"})).get("/api/v1/live").status_code == 403


def test_a_stream_tells_what_changes_and_ends_when_the_service_stops(
    service: Service, database_url: str
) -> None:
    with service.database.write() as session:
        publish(session)
    told: list[str] = []

    def listen(address: str) -> None:
        who = {"x-test-actor": "library cassel"}
        with httpx2.stream("GET", f"{address}/api/v1/live", headers=who, timeout=30) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            told.extend(answer.iter_lines())

    def wait_for(text: str) -> None:
        until = time.monotonic() + 15
        while not any(text in line for line in told):
            assert time.monotonic() < until, told
            time.sleep(0.05)

    with serving(database_url) as server:
        listener = threading.Thread(target=listen, args=(server.address,))
        listener.start()
        wait_for("hello")
        body: dict[str, Any] = {"scans": [fact("arrived", CASSEL)]}
        driver = {"x-test-actor": "driver C1"}
        httpx2.post(f"{server.address}/api/v1/scans", json=body, headers=driver, timeout=30)
        wait_for(ROUND)
        begun = time.monotonic()
        server.stop()
        listener.join(timeout=10)
        assert not listener.is_alive()
        assert time.monotonic() - begun < 8
