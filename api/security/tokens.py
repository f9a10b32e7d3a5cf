"""Tokens: what is given out once, and what is stored of it.

Random tokens of 256 bits need no slow hash: nobody tries them all. A short code does need a key (`keyring`).
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from uuid import UUID

from api.security.keyring import Keyring
from api.security.spelling import cleaned, read_spelled, spelled

DEVICE = "nvd_"
KEY = "nvk_"
_LINK = "link"
_ID, _WHOLE = 26, 46  # letters of a UUID, and with its signature
_KEY_SHAPE = re.compile(r"(nvk_[0-9a-z]{8})_([0-9A-Za-z_-]{43})")


def new_token(prefix: str = "") -> str:
    """256 random bits; `prefix` says what kind it is, to people and to programs that look for leaks."""
    return prefix + secrets.token_urlsafe(32)


def new_code(letters: int) -> str:
    """Random letters that a person can retype, 5 bits each."""
    return spelled(secrets.token_bytes(letters))[:letters]


def hashed(token: str) -> str:
    """What is stored of a random token."""
    return hashlib.sha256(token.encode()).hexdigest()


def same(one: str, other: str) -> bool:
    """Whether two texts are equal, found out in a time that tells nothing."""
    return hmac.compare_digest(one.encode(), other.encode())


@dataclass(frozen=True, slots=True)
class KeyParts:
    """An API key: `prefix` is stored and shown, of `whole` only the hash."""

    prefix: str
    whole: str


def new_api_key() -> KeyParts:
    prefix = KEY + new_code(8)
    return KeyParts(prefix, f"{prefix}_{secrets.token_urlsafe(32)}")


def read_api_key(token: str) -> KeyParts | None:
    """The parts of what looks like one of our keys."""
    match = _KEY_SHAPE.fullmatch(token)
    return KeyParts(match[1], token) if match else None


def link_token(keyring: Keyring, link: UUID, generation: int) -> str:
    """A personal link's token: 46 letters, always the same for one generation, so that it is never stored."""
    return spelled(link.bytes) + keyring.sign(_LINK, f"{link}:{generation}")


def link_named(token: str) -> UUID | None:
    """The link that a token says it opens; nothing is proven yet."""
    letters = cleaned(token)
    try:
        return UUID(bytes=read_spelled(letters[:_ID])) if len(letters) == _WHOLE else None
    except ValueError:
        return None


def link_opens(keyring: Keyring, token: str, link: UUID, generation: int) -> bool:
    """Whether a token was signed for this generation of this link."""
    return keyring.verify(_LINK, f"{link}:{generation}", cleaned(token)[_ID:])


def signed_id(keyring: Keyring, purpose: str, named: UUID) -> str:
    """An id that only we can have written for this purpose: 46 letters, never stored."""
    return spelled(named.bytes) + keyring.sign(purpose, str(named))


def read_signed_id(keyring: Keyring, purpose: str, token: str) -> UUID | None:
    """The id that was signed; None for what was not."""
    named = link_named(token)
    right = named is not None and keyring.verify(purpose, str(named), cleaned(token)[_ID:])
    return named if right else None
