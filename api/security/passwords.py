"""Passwords: hashed with argon2id, checked in the same time whether the account exists or not.

A hash takes 46 MiB and about 0.1 s; two at a time, so that many who try to sign in at once neither fill the
memory nor starve those who already are.
"""

import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from models.errors import Finding, InputError, Unavailable

SHORTEST, LONGEST = 12, 200
_DISTINCT = 5
_AT_ONCE = 2
_WAIT_S = 10
_turns = threading.BoundedSemaphore(_AT_ONCE)
_TOO_KNOWN = (
    "motdepasse",
    "password",
    "azertyuiop",
    "qwertyuiop",
    "1234567890",
    "0123456789",
    "bibliotheque",
    "navette",
)


def hash_password(password: str) -> str:
    """What is stored of a password."""
    with _turn():
        return _hasher().hash(_normal(password))


def check_password(password: str, stored: str | None) -> tuple[bool, str | None]:
    """Whether a password is the stored one; `stored` is None for an account that does not exist, which takes
    as long. The second is a hash to store instead, where the stored one was made with less care."""
    with _turn():
        right, better = _hasher().verify_and_update(_normal(password), stored or _nobodys())
    return (right, better) if stored else (False, None)


def must_be_good(password: str, *words: str, where: str = "password") -> None:
    """InputError unless a new password is long enough and not what anybody would try first. `words` are the
    login and the name of its owner."""
    found = _fault(_normal(password), [word for word in map(_bare, words) if len(word) > 3])
    if found:
        finding = Finding(where=where, message=found, remedy="Quatre mots sans rapport font l'affaire.")
        raise InputError("Ce mot de passe ne convient pas. Rien n'a été enregistré.", (finding,))


def _fault(password: str, words: list[str]) -> str | None:
    if len(password) < SHORTEST:
        return f"il lui faut au moins {SHORTEST} caractères."
    if len(password) > LONGEST:
        return f"il a plus de {LONGEST} caractères."
    if len(set(password)) < _DISTINCT:
        return "il répète trop peu de caractères différents."
    bare = _bare(password)
    for word in (*_TOO_KNOWN, *words):  # what is left beside a known word must suffice by itself
        if word in bare and len(bare.replace(word, "")) < SHORTEST - 4:
            return f"« {word} » est ce qu'on essaie en premier."
    return None


def _bare(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in plain if letter.isalnum())


def _normal(password: str) -> str:
    """The same text from every keyboard."""
    return unicodedata.normalize("NFKC", password)


@cache
def _hasher() -> PasswordHash:
    return PasswordHash((Argon2Hasher(time_cost=2, memory_cost=46 * 1024, parallelism=1),))


@cache
def _nobodys() -> str:
    return _hasher().hash("nobody's password")


@contextmanager
def _turn() -> Iterator[None]:
    if not _turns.acquire(timeout=_WAIT_S):
        raise Unavailable("Trop de personnes s'identifient en même temps. Réessayez dans un instant.")
    try:
        yield
    finally:
        _turns.release()
