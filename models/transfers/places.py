"""Site codes of other software → ours, by a table; the nearest of ours is only ever proposed."""

import difflib
import re
from collections.abc import Iterable, Mapping

from models.network.sheet import plain
from models.network.values import Site

_EMPTY_WORDS = frozenset(
    {
        "bib",
        "bibliotheque",
        "bm",
        "med",
        "mediatheque",
        "mediath",
        "biblio",
        "de",
        "la",
        "le",
        "les",
        "du",
        "l",
    }
)


class Places:
    """The sites of a network, found by what other software calls them.

    `table` maps its codes to ours. Codes, names and communes of ours are understood without a table where
    they name one site only.
    """

    def __init__(self, sites: Iterable[Site], table: Mapping[str, str]) -> None:
        sites = tuple(sites)
        self.codes = frozenset(site.id for site in sites)
        self._table = {plain(theirs): ours for theirs, ours in table.items() if ours in self.codes}
        self._known: dict[str, str | None] = {}
        for site in sites:
            for said in {plain(site.name), plain(site.commune)}:
                self._known[said] = site.id if said not in self._known else None
        self._known |= {plain(site.id): site.id for site in sites}
        self._near = {_core(said): code for said, code in self._known.items() if code and _core(said)}

    def find(self, said: str) -> str | None:
        """The code of ours that is meant, None when that is not certain."""
        key = plain(said)
        return self._table.get(key) or self._known.get(key)

    def nearest(self, said: str) -> str:
        """The code of ours that is most probably meant, empty when none is near: « BIB-CASS » → cassel."""
        core = _core(plain(said))
        if not core:
            return ""
        begins = {code for known, code in self._near.items() if len(core) >= 3 and known.startswith(core)}
        if len(begins) == 1:
            return begins.pop()
        close = difflib.get_close_matches(core, self._near, n=1, cutoff=0.6)
        return self._near[close[0]] if close else ""


def _core(text: str) -> str:
    """Without the words that every library has in its name."""
    return "".join(word for word in re.split(r"[^a-z0-9]+", text) if word and word not in _EMPTY_WORDS)
