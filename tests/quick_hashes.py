"""Passwords of tests are hashed with little care: a careful hash takes 0.1 s, and tests make hundreds."""

from collections.abc import Iterator

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from api.security import passwords

CAREFUL = passwords._hasher
_QUICK = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1),))  # 64 KiB


def _hash_with(patch: pytest.MonkeyPatch, hasher: PasswordHash) -> None:
    patch.setattr(passwords, "_hasher", lambda: hasher)
    passwords._nobodys.cache_clear()


@pytest.fixture(scope="session", autouse=True)
def quick_hashes() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        _hash_with(patch, _QUICK)
        yield
    passwords._nobodys.cache_clear()


@pytest.fixture(scope="module")
def careful_hashes(quick_hashes: None) -> Iterator[None]:
    """Hashes as in earnest, for tests about them."""
    with pytest.MonkeyPatch.context() as patch:
        _hash_with(patch, CAREFUL())
        yield
    passwords._nobodys.cache_clear()
