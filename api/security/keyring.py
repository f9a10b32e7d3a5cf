"""The one secret of an installation, and what is made of it: signatures, and text that only we can read.

Every purpose has a key of its own, derived from the secret, so that what was signed for one is worth nothing
for another.
"""

import base64
import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from api.security.spelling import cleaned, spelled
from api.settings import Settings
from models.errors import Forbidden, InputError

FILE = "secret.key"
_SHORTEST = 32
_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # SEC 2, 2.4.2
_SIGNATURE = 20  # letters of 5 bits: 100 bits, which nobody guesses by asking


class Keyring:
    """Signs and encrypts. Machines that share a database must share the `secret` (32 bytes or more)."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._keys: dict[str, bytes] = {}

    def __repr__(self) -> str:
        return "Keyring(…)"

    def sign(self, purpose: str, payload: str) -> str:
        """20 letters that prove that `payload` was signed here for this `purpose`."""
        return spelled(hmac.digest(self._key(purpose), payload.encode(), hashlib.sha256))[:_SIGNATURE]

    def verify(self, purpose: str, payload: str, signature: str) -> bool:
        """Whether `signature`, perhaps retyped by a person, is ours; takes as long for a wrong one."""
        return hmac.compare_digest(self.sign(purpose, payload).encode(), cleaned(signature).encode())

    def encrypt(self, text: str, purpose: str = "encryption") -> str:
        """Text that `decrypt` reads again, and nobody else."""
        return self._lock(purpose).encrypt(text.encode()).decode()

    def decrypt(self, locked: str, purpose: str = "encryption", max_age_s: int | None = None) -> str:
        """What was encrypted. Forbidden when it was changed, is from another secret, or is too old."""
        try:
            return self._lock(purpose).decrypt(locked.encode(), ttl=max_age_s).decode()
        except InvalidToken as error:
            raise Forbidden(
                "Ceci a été chiffré avec une autre clé, modifié, ou n'est plus valable. Recommencez."
            ) from error

    def signing_key(self, purpose: str) -> ec.EllipticCurvePrivateKey:
        """A key on P-256, the same for everyone who has the secret. It is made from 128 bits more than it
        has, so that no key is likelier than another (FIPS 186-5, A.2.1)."""
        derived = HKDF(algorithm=hashes.SHA256(), length=48, salt=None, info=f"navette:{purpose}".encode())
        number = int.from_bytes(derived.derive(self._secret), "big")
        return ec.derive_private_key(number % (_P256_ORDER - 1) + 1, ec.SECP256R1())

    def _lock(self, purpose: str) -> Fernet:
        return Fernet(base64.urlsafe_b64encode(self._key(purpose)))

    def _key(self, purpose: str) -> bytes:
        if purpose not in self._keys:
            derived = HKDF(
                algorithm=hashes.SHA256(), length=32, salt=None, info=f"navette:{purpose}".encode()
            )
            self._keys[purpose] = derived.derive(self._secret)
        return self._keys[purpose]


def load_keyring(settings: Settings) -> Keyring:
    """The keyring of the set secret, or of the file in the data folder, made when first needed.

    InputError when the secret is too short to be one.
    """
    given = settings.secret.get_secret_value()
    secret = given or _of_file(settings.data / FILE)
    if len(secret) < _SHORTEST:
        where = "NAVETTE_SECRET" if given else str(settings.data / FILE)
        raise InputError(f"La clé secrète ({where}) est trop courte : il lui faut au moins 32 caractères.")
    return Keyring(secret.encode())


def _of_file(path: Path) -> str:
    if not path.exists():
        _make(path)
    return path.read_text("ascii", errors="replace").strip()


def _make(path: Path) -> None:
    """Written aside and linked into place: whole or absent, and of two at once the first one counts."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(aside, path)
    finally:
        aside.unlink()
