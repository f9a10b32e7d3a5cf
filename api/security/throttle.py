"""Whoever guesses waits: after some free tries, every further one doubles the wait.

A try is counted before it is known to be right, so that many at one moment are no way round; what turns out
right is forgotten. Counted by login, by address, and by both together: one who guesses from one address is
stopped long before the owner, who comes from another, has to wait.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from api.db import Database
from api.repositories import throttle
from api.security.keyring import Keyring
from models.errors import TooOften
from models.tables.base import now
from models.tables.people import ThrottleRecord

_FORGOTTEN = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Bucket:
    """What is counted together: `free` tries, then waits of 2, 4, 8… seconds up to `longest_s`."""

    name: str
    free: int
    longest_s: int


def sign_in_buckets(login: str, address: str) -> tuple[Bucket, ...]:
    """Tries to sign in as somebody, from somewhere."""
    return (
        Bucket(name=f"both:{login}@{_neighbourhood(address)}", free=5, longest_s=900),
        Bucket(name=f"login:{login}", free=20, longest_s=300),
        *address_bucket("sign-in", address),
    )


def address_bucket(what: str, address: str) -> tuple[Bucket, ...]:
    """Tries of something from one address, for instance codes of phones or one-time links."""
    return (Bucket(name=f"{what}:{_neighbourhood(address)}", free=30, longest_s=900),)


def _neighbourhood(address: str) -> str:
    """What one guesser has of addresses: an IPv4 address, or the 2⁶⁴ addresses of an IPv6 network."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if isinstance(known, IPv6Address):
        return str(known.ipv4_mapped or ip_network((known, 64), strict=False))
    return str(known)


class Throttle:
    """Counts tries in the database; names of buckets are keyed hashes there."""

    def __init__(self, database: Database, keyring: Keyring) -> None:
        self._database = database
        self._keyring = keyring

    def take(self, buckets: Sequence[Bucket]) -> None:
        """Count one try. TooOften, without counting, while one of the buckets has to wait."""
        moment = now()
        with self._database.write() as session:
            rows = {row.bucket: row for row in throttle.lock_buckets(session, self._keys(buckets))}
            waits = [_wait_s(row, moment) for row in rows.values()]
            if max(waits) > 0:
                raise TooOften(_told(max(waits)), max(waits))
            for bucket in buckets:
                _count(rows[self._key(bucket)], bucket, moment)

    def forget(self, buckets: Sequence[Bucket]) -> None:
        """The try was right after all."""
        with self._database.write() as session:
            throttle.forget_buckets(session, self._keys(buckets))

    def _keys(self, buckets: Sequence[Bucket]) -> list[str]:
        return [self._key(bucket) for bucket in buckets]

    def _key(self, bucket: Bucket) -> str:
        return self._keyring.sign("throttle", bucket.name)


def _wait_s(row: ThrottleRecord, moment: datetime) -> int:
    return 0 if row.until is None else math.ceil((row.until - moment).total_seconds())


def _count(row: ThrottleRecord, bucket: Bucket, moment: datetime) -> None:
    if moment - row.since > _FORGOTTEN:
        row.tries = 0
    row.tries += 1
    row.since = moment
    over = row.tries - bucket.free
    wait_s = min(bucket.longest_s, 2 ** min(over, 20)) if over > 0 else 0
    row.until = moment + timedelta(seconds=wait_s) if wait_s else None


def _told(wait_s: int) -> str:
    wait = f"{wait_s} s" if wait_s < 90 else f"{round(wait_s / 60)} minutes"
    return f"Trop de tentatives. Attendez {wait}, puis réessayez une fois."
