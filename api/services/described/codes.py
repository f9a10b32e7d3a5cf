"""Codes made from names: « Médiathèque de Cassel » → mediatheque-de-cassel."""

import re
import unicodedata
from collections.abc import Collection

_LONGEST = 40


def proposed(name: str, taken: Collection[str], default: str) -> str:
    """A code that reads like the name and that nobody has, whatever its capitals."""
    stem = stem_of(name) or default
    used = {code.lower() for code in taken}
    if stem not in used:
        return stem
    return next(code for k in range(2, len(used) + 3) if (code := f"{stem}-{k}") not in used)


def stem_of(name: str) -> str:
    """The letters and digits of a name, without accents or capitals, joined by hyphens."""
    joined = re.sub(r"['’]", "-", name.lower().replace("œ", "oe").replace("æ", "ae"))
    folded = unicodedata.normalize("NFKD", joined).encode("ascii", "ignore").decode()
    whole = re.sub(r"[^a-z0-9]+", "-", folded).strip("-")
    return whole[:_LONGEST].strip("-")
