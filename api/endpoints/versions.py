"""ETag and If-Match: whoever changes something says which version they have seen.

def change(..., seen: Seen, response: Response) -> SiteOut:
    with caller.write() as session:
        site = sites.change(session, code, change, seen)
    return tagged(response, site)
"""

import re
from typing import Annotated, Protocol, TypeVar

from fastapi import Depends, Header, Response

from models.errors import InputError, VersionMissing

_TAG = re.compile(r'(?:W/)?"v(\d{1,9})"')


class HasVersion(Protocol):
    @property
    def version(self) -> int: ...


Told = TypeVar("Told", bound=HasVersion)


def etag(version: int) -> str:
    return f'"v{version}"'


def tagged(response: Response, told: Told) -> Told:
    """Send the version of what is told along with it."""
    response.headers["ETag"] = etag(told.version)
    return told


def _seen_perhaps(
    if_match: Annotated[
        str | None, Header(description="L'ETag reçu avec l'aperçu.", examples=['"v3"'])
    ] = None,
) -> int | None:
    return None if if_match is None else _seen(if_match)


def _seen(
    if_match: Annotated[
        str | None,
        Header(description="L'ETag reçu avec ce que vous modifiez.", examples=['"v3"']),
    ] = None,
) -> int:
    if if_match is None:
        raise VersionMissing(
            "Dites quelle version vous modifiez : renvoyez dans l'en-tête If-Match l'ETag que vous avez reçu."
        )
    match = _TAG.fullmatch(if_match.strip())
    if not match:
        raise InputError(f'« {if_match} » n\'est pas un ETag de Navette, par exemple "v3".')
    return int(match[1])


Seen = Annotated[int, Depends(_seen)]
# For what needs no If-Match in some of its uses: those who need it call `needed`.
SeenPerhaps = Annotated[int | None, Depends(_seen_perhaps)]


def needed(seen: int | None) -> int:
    """VersionMissing where no If-Match came."""
    return _seen(None) if seen is None else seen
