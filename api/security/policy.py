"""What a page may load and do, for browsers to enforce (Content-Security-Policy).

Everything comes from ourselves. Scripts and styles inside a page carry the nonce of their answer.
"""

import base64
import hashlib
import re
from collections.abc import Mapping

_OURS = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; media-src 'self'; "
    "worker-src 'self' blob:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# Drawn by us as one file that also opens from a disk, with everything inside. In a sandbox of no origin:
# whatever it holds, it reaches neither the service nor its cookies.
_MAP = (
    "sandbox allow-scripts allow-popups allow-downloads allow-modals; default-src 'none'; "
    "script-src 'unsafe-inline'; style-src 'unsafe-inline'; font-src data:; img-src data: https:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
# Swagger UI styles itself as it goes; its one inline script is allowed by its hash.
_DOCS = (
    "default-src 'none'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# An answer for a frame in any site's page: it runs nothing, asks for nothing, and knows of no cookie.
_FRAMED = (
    "default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors *"
)
FRAMED = "/quand/cadre"
_MAPS = re.compile(r"/carte|/.*/carte\.html")
_DOCUMENTATION = re.compile(r"/docs|/docs/oauth2-redirect")
# Addresses that open something: told to no other site, found by no search engine.
_PERSONAL = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow"}
# What pages of other sites may load: public answers, asked for without cookies.
_OF_CATALOGUES = frozenset({"/api/v1/promises", "/quand/navette.js"})
_FOR_CATALOGUES = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
_INLINE = re.compile(rb"<script>(.*?)</script>", re.DOTALL)


def policy_for(path: str, nonce: str, body: bytes) -> str:
    """The policy of an answer; `body` is looked at for the pages of the documentation only."""
    if _MAPS.fullmatch(path):
        return _MAP
    if path == FRAMED:
        return _FRAMED.format(nonce=nonce)
    if is_documentation(path):
        return _DOCS.format(hashes=" ".join(map(_hash, _INLINE.findall(body))))
    return _OURS.format(nonce=nonce)


def headers_for(path: str) -> Mapping[str, str]:
    """What a path's answers say otherwise than all others, beside their policy; empty: not at all."""
    if path.startswith("/b/"):
        return _PERSONAL
    if path == FRAMED:
        return {"X-Frame-Options": ""}
    return _FOR_CATALOGUES if path in _OF_CATALOGUES else {}


def is_documentation(path: str) -> bool:
    """Whether a path leads to a page of the documentation, whose inline script must be read."""
    return _DOCUMENTATION.fullmatch(path) is not None


def _hash(script: bytes) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}'"
