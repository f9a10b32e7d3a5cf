"""What must be read again later is stored encrypted; the key is the installation's own."""

from typing import Protocol

from api.services.jobs import Jobs
from models.errors import Unavailable


class Secrets(Protocol):
    """Encrypts and decrypts short texts."""

    def encrypt(self, text: str) -> str: ...

    def decrypt(self, text: str) -> str: ...


def keyring_of(service: object) -> Secrets:
    """The key of a running service. Unavailable when it has none."""
    found: Secrets | None = getattr(service, "keyring", None)
    if found is None:
        raise Unavailable("Cette installation n'a pas de clé : les secrets ne peuvent pas être gardés.")
    return found


def jobs_of(service: object) -> Jobs:
    """Where a running service hands work on. Unavailable when it cannot."""
    found: Jobs | None = getattr(service, "jobs", None)
    if found is None:
        raise Unavailable("Cette installation ne fait pas de travaux en arrière-plan.")
    return found
