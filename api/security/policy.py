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
_MAPS = re.compile(r"/carte|/.*/carte\.html")
_DOCUMENTATION = re.compile(r"/docs|/docs/oauth2-redirect")
# Addresses that open something: told to no other site, found by no search engine.
_PERSONAL = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow"}
_INLINE = re.compile(rb"<script>(.*?)</script>", re.DOTALL)


def policy_for(path: str, nonce: str, body: bytes) -> str:
    """The policy of an answer; `body` is looked at for the pages of the documentation only."""
    if _MAPS.fullmatch(path):
        return _MAP
    if is_documentation(path):
        return _DOCS.format(hashes=" ".join(map(_hash, _INLINE.findall(body))))
    return _OURS.format(nonce=nonce)


def headers_for(path: str) -> Mapping[str, str]:
    """What a path's answers say otherwise than those of all others, beside their policy."""
    return _PERSONAL if path.startswith("/b/") else {}


def is_documentation(path: str) -> bool:
    """Whether a path leads to a page of the documentation, whose inline script must be read."""
    return _DOCUMENTATION.fullmatch(path) is not None


def _hash(script: bytes) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}'"
