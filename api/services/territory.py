"""The network and its roads, opened from the database and kept until something in it changes."""

import hashlib
import tempfile
import threading
from pathlib import Path

from sqlalchemy import update
from sqlmodel import Session, col, select

from api.services.folder import TRAVEL, Territory, territory_of
from api.services.network_records import network_of, store, the_network
from models.communes import read_communes
from models.errors import Conflict, NotFound, RoadDataError
from models.network.check import COMMUNES
from models.network.read import read_folder
from models.tables.base import now
from models.tables.network import NetworkFileRecord, NetworkRecord
from routing.travel_file import read_travel


class Territories:
    """Opens the territory of a database when first asked, and again when its revision has grown."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._opened: tuple[int, Territory] | None = None

    def open(self, session: Session) -> Territory:
        """The network on its roads. NotFound while there is no network, RoadDataError without roads."""
        revision = the_network(session).revision
        with self._lock:
            if self._opened is None or self._opened[0] != revision:
                self._opened = (revision, _read(session))
            return self._opened[1]


def fill_from_folder(session: Session, folder: Path) -> None:
    """Store the network of a folder, roads and communes included, in a database that has none.

    InputError with every finding when the folder cannot be read; Conflict when there is a network already.
    """
    if session.exec(select(NetworkRecord)).first() is not None:
        raise Conflict("Il y a déjà un réseau dans cette base.")
    store(session, read_folder(folder))
    for name in (TRAVEL, COMMUNES):
        if (folder / name).is_file():
            keep_file(session, name, (folder / name).read_bytes())


def keep_file(session: Session, name: str, content: bytes) -> None:
    """Store a file of the network in place of the one of that name."""
    found = session.exec(select(NetworkFileRecord).where(NetworkFileRecord.name == name)).first()
    record = found or NetworkFileRecord(name=name, content=b"", sha256="")
    record.content, record.sha256 = content, hashlib.sha256(content).hexdigest()
    record.updated_at = now()
    session.add(record)


def touch(session: Session) -> None:
    """Say that something a plan depends on has changed: territories are opened anew."""
    session.connection().execute(
        update(NetworkRecord).values(revision=col(NetworkRecord.revision) + 1)  # two at once both count
    )


def _read(session: Session) -> Territory:
    files = {one.name: one.content for one in session.exec(select(NetworkFileRecord))}
    if TRAVEL not in files:
        raise RoadDataError("Ce réseau n'a pas de temps de route. Importez un dossier qui a travel.npz.")
    if COMMUNES not in files:
        raise NotFound("Ce réseau n'a pas ses communes. Importez un dossier qui a communes.geojson.")
    with tempfile.TemporaryDirectory() as aside:  # what reads files is asked to read files
        for name, content in files.items():
            (Path(aside) / name).write_bytes(content)
        known, shapes = read_travel(Path(aside) / TRAVEL)
        communes = read_communes(Path(aside) / COMMUNES)
    return territory_of(network_of(session), communes, known, shapes)
