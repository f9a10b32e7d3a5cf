"""Bytes as letters that a person can retype: Crockford's base 32, in small letters, without i, l, o and u."""

import base64

_PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_OURS = "0123456789abcdefghjkmnpqrstvwxyz"
_SPELL = str.maketrans(_PLAIN, _OURS)
_READ = str.maketrans(_OURS, _PLAIN)
_MISREAD = str.maketrans("oil", "011", "- \u00a0\u202f")


def spelled(content: bytes) -> str:
    """Eight letters for five bytes, without padding."""
    return base64.b32encode(content).decode().rstrip("=").translate(_SPELL)


def cleaned(typed: str) -> str:
    """What somebody typed, as it was meant: any case, hyphens and spaces, O for 0, I or L for 1."""
    return typed.strip().lower().translate(_MISREAD)


def read_spelled(typed: str) -> bytes:
    """The bytes of what was spelled. ValueError when it is no such text, or spare bits of its last letter are
    set: one content has one spelling, or a letter could be changed unnoticed."""
    letters = cleaned(typed)
    if not letters or set(letters) - set(_OURS):
        raise ValueError("not spelled in our letters")
    plain = letters.translate(_READ)
    content = base64.b32decode(plain + "=" * (-len(plain) % 8))
    if spelled(content) != letters:
        raise ValueError("not spelled by us")
    return content
