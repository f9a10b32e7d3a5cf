"""Messages to browsers: encrypted for one of them (RFC 8291 over RFC 8188), signed as ours (RFC 8292).

Put together from what `cryptography` offers, with a new key for each message; the tests hold it to the
example of RFC 8291, byte for byte. Libraries were weighed: `pywebpush` brings an HTTP client that does not
look at addresses as `api.services.outbound` does, `http-ece` was last released in 2024, as source only, and
knows superseded drafts too; what is left of `py-vapid` then is one signature.
"""

import base64
import binascii
import json
import secrets
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

MOST_BYTES = 3993  # of text: with its head and tag no push service may refuse it, RFC 8291, 4
_RECORD = 4096
_AUTH, _POINT, _SALT = 16, 65, 16
_HEAD = {"typ": "JWT", "alg": "ES256"}
_LAST = b"\x02"  # closes the last record, which is the only one


@dataclass(frozen=True, kw_only=True, slots=True)
class Subscription:
    """What a browser gives for pushing. `p256dh` is its public key (uncompressed point of P-256), `auth` a
    secret it shares with us. ValueError where they cannot be that."""

    endpoint: str
    p256dh: bytes
    auth: bytes

    def __post_init__(self) -> None:
        if len(self.auth) != _AUTH or len(self.p256dh) != _POINT:
            raise ValueError("a key has another length")
        _point(self.p256dh)

    @classmethod
    def of_text(cls, endpoint: str, p256dh: str, auth: str) -> "Subscription":
        """Keys as browsers write them (base64url)."""
        return cls(endpoint=endpoint, p256dh=unwritten(p256dh), auth=unwritten(auth))


def encrypt(
    text: bytes,
    to: Subscription,
    *,
    key: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> bytes:
    """The body of a message (`Content-Encoding: aes128gcm`), for `to` alone. `key` and `salt` are made anew,
    and only given to compare with an example. ValueError for what is too long."""
    if len(text) > MOST_BYTES:
        raise ValueError("too long to be pushed")
    key = key or ec.generate_private_key(ec.SECP256R1())
    salt = salt or secrets.token_bytes(_SALT)
    ours = point_of(key)
    shared = key.exchange(ec.ECDH(), _point(to.p256dh))
    both = _derived(shared, to.auth, b"WebPush: info\0" + to.p256dh + ours, 32)
    content_key = _derived(both, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(both, salt, b"Content-Encoding: nonce\0", 12)
    head = salt + struct.pack("!IB", _RECORD, len(ours)) + ours
    return head + AESGCM(content_key).encrypt(nonce, text + _LAST, None)


def authorization(key: ec.EllipticCurvePrivateKey, endpoint: str, contact: str, until: int) -> str:
    """The header that says who sends (VAPID), for the service of one endpoint, until an instant at most a day
    away. `contact`: a mailto: or https: address where its operator reaches us, empty for none."""
    parts = urlsplit(endpoint)
    claims: dict[str, str | int] = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": until}
    claims |= {"sub": contact} if contact else {}
    signed = f"{written(_json(_HEAD))}.{written(_json(claims))}"
    r, s = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    signature = written(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    return f"vapid t={signed}.{signature}, k={written(point_of(key))}"


def point_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The public half of a key, as browsers and push services take it."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def written(raw: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unwritten(text: str) -> bytes:
    """The bytes that base64url stands for, padded or not. ValueError for what is none."""
    try:
        return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("not base64url") from error


def _point(raw: bytes) -> ec.EllipticCurvePublicKey:
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)


def _json(claims: Mapping[str, str | int]) -> bytes:
    return json.dumps(claims, separators=(",", ":"), sort_keys=True).encode()
