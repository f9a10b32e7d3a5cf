"""A browser's side of pushing: its keys, and reading what was encrypted for it (RFC 8291, RFC 8188)."""

import base64
import json
import struct
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def text_of(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def bytes_of(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Reader:
    """A browser that subscribed: `p256dh` and `auth` are what it gives."""

    def __init__(self, private: int | None = None, auth: bytes = b"0123456789abcdef") -> None:
        curve = ec.SECP256R1()
        self._key = ec.derive_private_key(private, curve) if private else ec.generate_private_key(curve)
        self._point = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self._auth = auth
        self.p256dh, self.auth = text_of(self._point), text_of(auth)

    def read(self, body: bytes) -> bytes:
        """The text of a message; an exception where it was for somebody else, or changed."""
        salt, (size, length) = body[:16], struct.unpack("!IB", body[16:21])
        theirs, sealed = body[21 : 21 + length], body[21 + length :]
        assert len(sealed) <= size
        shared = self._key.exchange(
            ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs)
        )
        both = _hkdf(shared, self._auth, b"WebPush: info\0" + self._point + theirs, 32)
        key = _hkdf(both, salt, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _hkdf(both, salt, b"Content-Encoding: nonce\0", 12)
        text, mark = AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\0"), b"\x02"
        assert text.endswith(mark)
        return text[:-1]


def claims_of(header: str, key: str) -> dict[str, Any] | None:
    """What a VAPID header claims, if it is signed by the public key `key`; None where it is not."""
    token, public = (part.partition("=")[2] for part in header.removeprefix("vapid ").split(", "))
    signed, _, signature = token.rpartition(".")
    raw = bytes_of(signature)
    encoded = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), bytes_of(key))
    try:
        point.verify(encoded, signed.encode(), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return None
    assert public == key
    claims: dict[str, Any] = json.loads(bytes_of(signed.split(".")[1]))
    return claims


def _hkdf(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)
