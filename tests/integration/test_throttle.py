"""Whoever guesses waits, on both databases, also when many guess at one moment."""

import threading
from datetime import timedelta

import pytest
from sqlmodel import select

from api.security.throttle import Bucket, Throttle, sign_in_buckets
from api.service import Service
from models.errors import TooOften
from models.tables.base import now
from models.tables.people import ThrottleRecord

ONE = (Bucket(name="one", free=3, longest_s=10),)


@pytest.fixture
def throttle(service: Service) -> Throttle:
    return Throttle(service.database, service.keyring)


def _wait_over(service: Service) -> None:
    with service.database.write() as session:
        for row in session.exec(select(ThrottleRecord)):
            row.until = None


def test_some_tries_are_free_then_each_doubles_the_wait(service: Service, throttle: Throttle) -> None:
    """3 free; then 2, 4, 8 seconds, and 10 at most."""
    waits = []
    for _ in range(3):
        throttle.take(ONE)
    for _ in range(5):
        throttle.take(ONE)
        with pytest.raises(TooOften) as told:
            throttle.take(ONE)
        waits.append(told.value.wait_s)
        _wait_over(service)
    assert waits == [2, 4, 8, 10, 10]


def test_a_refused_try_does_not_prolong_the_wait(throttle: Throttle) -> None:
    for _ in range(4):
        throttle.take(ONE)
    for _ in range(20):
        with pytest.raises(TooOften) as told:
            throttle.take(ONE)
        assert told.value.wait_s <= 2


def test_what_was_right_is_forgotten_and_so_is_what_is_old(service: Service, throttle: Throttle) -> None:
    for _ in range(4):
        throttle.take(ONE)
    throttle.forget(ONE)
    for _ in range(4):
        throttle.take(ONE)
    with service.database.write() as session:
        row = session.exec(select(ThrottleRecord)).one()
        assert row.tries == 4
        row.since, row.until = now() - timedelta(minutes=61), None
    throttle.take(ONE)
    with service.database.read() as session:
        assert session.exec(select(ThrottleRecord)).one().tries == 1


def test_many_at_one_moment_are_counted_one_by_one(service: Service, throttle: Throttle) -> None:
    """Of 12 tries by 6 threads only the three free ones and the one that starts the wait pass."""
    passed: list[int] = []
    barrier = threading.Barrier(6)

    def guess() -> None:
        barrier.wait()
        for k in range(2):
            try:
                throttle.take(ONE)
            except TooOften:
                continue
            passed.append(k)

    threads = [threading.Thread(target=guess) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(passed) == 4


def test_the_owner_from_elsewhere_waits_less_than_the_guesser(service: Service, throttle: Throttle) -> None:
    """A guesser at one address is held after 5 tries; the owner, at another, is not by then."""
    guesser, owner = sign_in_buckets("camille", "192.0.2.1"), sign_in_buckets("camille", "192.0.2.2")
    for _ in range(6):
        throttle.take(guesser)
    with pytest.raises(TooOften):
        throttle.take(guesser)
    throttle.take(owner)


def test_an_address_is_held_whatever_logins_it_tries(service: Service, throttle: Throttle) -> None:
    for k in range(31):
        throttle.take(sign_in_buckets(f"login{k}", "192.0.2.1"))
    with pytest.raises(TooOften, match="Attendez 2 s"):
        throttle.take(sign_in_buckets("another", "192.0.2.1"))


def test_neither_logins_nor_addresses_are_stored(service: Service, throttle: Throttle) -> None:
    throttle.take(sign_in_buckets("camille", "192.0.2.1"))
    with service.database.read() as session:
        rows = session.exec(select(ThrottleRecord)).all()
    assert len(rows) == 3
    assert not any("camille" in row.bucket or "192" in row.bucket for row in rows)


def test_counting_and_forgetting_at_one_moment_do_not_trip_over_each_other(throttle: Throttle) -> None:
    faults: list[Exception] = []

    def work() -> None:
        for _ in range(20):
            try:
                throttle.take(ONE)
                throttle.forget(ONE)
            except TooOften:
                throttle.forget(ONE)
            except Exception as error:
                faults.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


def test_all_addresses_of_an_ipv6_network_are_one(throttle: Throttle) -> None:
    for k in range(6):
        throttle.take(sign_in_buckets("camille", f"2001:db8:0:1::{k}"))
    with pytest.raises(TooOften):
        throttle.take(sign_in_buckets("camille", "2001:db8:0:1:ffff::1"))
    throttle.take(sign_in_buckets("camille", "2001:db8:0:2::1"))
    assert sign_in_buckets("camille", "::ffff:192.0.2.1") == sign_in_buckets("camille", "192.0.2.1")
