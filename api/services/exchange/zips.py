"""Zip files from outside, looked at before anything in them is unpacked: no bomb goes off here."""

import io
import zipfile

from models.errors import Finding, InputError, TooLarge

MOST_MEMBERS = 200
MOST_BYTES = 60_000_000  # all members together, unpacked
MOST_RATIO = 200  # unpacked to packed, for what is large enough to hurt
_SMALL = 1_000_000


def opened(name: str, content: bytes) -> zipfile.ZipFile:
    """A zip whose members may be read. InputError when it is none, TooLarge when it would swell too much.

    The sizes that a zip declares are those that reading stops at, so that they can be trusted as bounds.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, OverflowError) as error:
        raise unreadable(name, "ce n'est pas un fichier compressé lisible.") from error
    if len(members) > MOST_MEMBERS:
        raise _too_large(name, f"il contient {len(members)} fichiers (au plus {MOST_MEMBERS}).")
    total = sum(member.file_size for member in members)
    if total > MOST_BYTES:
        raise _too_large(name, f"décompressé, il dépasserait {MOST_BYTES // 1_000_000} Mo.")
    if total > _SMALL and total > MOST_RATIO * len(content):
        raise _too_large(name, "il est comprimé au-delà de tout usage honnête.")
    if any(member.flag_bits & 1 for member in members):
        raise unreadable(name, "il est protégé par un mot de passe.")
    return archive


def unreadable(name: str, message: str) -> InputError:
    """An error about a whole uploaded file."""
    remedy = "Enregistrez-le à nouveau, puis recommencez."
    return InputError(f"Le fichier « {name} » ne peut pas être lu.", (_finding(name, message, remedy),))


def _too_large(name: str, message: str) -> TooLarge:
    return TooLarge(f"Le fichier « {name} » est refusé : {message}")


def _finding(name: str, message: str, remedy: str) -> Finding:
    return Finding(where=name, message=message, remedy=remedy)
