"""Files of this machine as uploads: those of a network folder, or a single one."""

from pathlib import Path

from api.services.exchange.parcel import Upload
from api.services.folder import TRAVEL
from models.errors import InputError
from models.network.annexes import ANNEX_COLUMNS
from models.network.check import COMMUNES
from models.network.rows import COLUMNS
from models.network.settings import SETTINGS

_FILES = (*COLUMNS, *ANNEX_COLUMNS, SETTINGS, COMMUNES, TRAVEL)


def uploads_at(path: Path) -> list[Upload]:
    """The files of a network that stand in a folder; or the file itself. InputError when there is none."""
    found = [path / name for name in _FILES if (path / name).is_file()] if path.is_dir() else [path]
    if not found:
        raise InputError(f"Le dossier « {path} » n'a aucun des fichiers d'un réseau : {', '.join(_FILES)}.")
    try:
        return [Upload(one.name, one.read_bytes()) for one in found]
    except OSError as error:
        raise InputError(f"« {path} » ne peut pas être lu ({error.strerror}).") from error
