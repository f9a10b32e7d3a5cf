"""Text from data → text that the printed font can show and a column can hold."""

import re
import struct
import unicodedata
from functools import lru_cache
from pathlib import Path

from maps import words

FONTS = Path(__file__).parent / "fonts"
_BREAK = "\u200b"  # zero-width space: a place where a line may end
_LONG = re.compile(r"\S{25,}")
_PIECE = 12


@lru_cache(maxsize=1)
def covered() -> frozenset[int]:
    """The code points that Inter can show, read from its `cmap` table (OpenType 1.9, format 12)."""
    font = (FONTS / "Inter-Regular.otf").read_bytes()
    start = _table(font, b"cmap")
    (how_many,) = struct.unpack_from(">H", font, start + 2)
    for k in range(how_many):
        (offset,) = struct.unpack_from(">I", font, start + 4 + 8 * k + 4)
        (kind,) = struct.unpack_from(">H", font, start + offset)
        if kind == 12:
            return _format_12(font, start + offset)
    raise ValueError("Inter-Regular.otf has no cmap of format 12")


def _table(font: bytes, tag: bytes) -> int:
    (how_many,) = struct.unpack_from(">H", font, 4)
    for k in range(how_many):
        name, _, offset, _ = struct.unpack_from(">4sIII", font, 12 + 16 * k)
        if name == tag:
            return int(offset)
    raise ValueError(f"Inter-Regular.otf has no table {tag!r}")


def _format_12(font: bytes, at: int) -> frozenset[int]:
    (groups,) = struct.unpack_from(">I", font, at + 12)
    spans = (struct.unpack_from(">III", font, at + 16 + 12 * k) for k in range(groups))
    return frozenset(code for first, last, _ in spans for code in range(first, last + 1))


def printable(text: str) -> str:
    """Composed, typeset, on one line; pictures dropped, other letters the font lacks shown as « □ ».

    Words of 25 letters and more may be cut, so that none leaves its column.
    """
    text = " ".join(unicodedata.normalize("NFC", text).split(" "))
    shown = "".join(_shown(letter) for letter in text)
    shown = re.sub(r" {2,}", " ", shown).strip()
    return _LONG.sub(lambda word: _cut(word[0]), words.typeset(shown))


def _shown(letter: str) -> str:
    if letter in "\t\n\r\v\f\u2028\u2029":
        return " "
    if ord(letter) in covered():
        return letter
    return "" if unicodedata.category(letter) in {"So", "Sk", "Cf", "Cc", "Mn", "Me", "Co", "Cn"} else "□"


def _cut(word: str) -> str:
    return _BREAK.join(word[k : k + _PIECE] for k in range(0, len(word), _PIECE))
