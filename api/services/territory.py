"""The network and its roads, opened from the database and kept until something in it changes."""

import hashlib
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import update
from sqlmodel import Session, col

from api.repositories.network import file_stamps, find_file, find_network, list_files
from api.services.exchange.annex_folder import store_annexes
from api.services.folder import TRAVEL, Territory, must_hold, territory_of
from api.services.network_records import network_of, store, the_network
from models.communes import Commune, read_communes
from models.errors import Conflict, NotFound, RoadDataError
from models.network.check import COMMUNES
from models.network.read import read_folder
from models.network.values import Network
from models.tables.base import now
from models.tables.network import NetworkFileRecord, NetworkRecord
from models.values import Coordinates
from routing.travel import LegShapes, TravelMatrix
from routing.travel_estimate import has_roads
from routing.travel_file import read_travel


@dataclass(frozen=True, kw_only=True, slots=True)
class Ground:
    """What lies under a network: its communes and its roads, as its files tell them; None where none do."""

    communes: tuple[Commune, ...] | None
    roads: tuple[TravelMatrix, LegShapes] | None

    def reaches(self, code: str, point: Coordinates) -> bool:
        """Whether a place has road times of its own; those of others are estimated."""
        return self.roads is not None and has_roads(self.roads[0], code, point)


class Territories:
    """Opens the territory of a database when first asked, and again when its revision has grown."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._opened: tuple[int, Territory] | None = None
        self._ground: tuple[dict[str, str], Ground] | None = None

    def open(self, session: Session) -> Territory:
        """The network on its roads. NotFound while there is no network, RoadDataError without roads."""
        revision = the_network(session).revision
        with self._lock:
            if self._opened is None or self._opened[0] != revision:
                self._opened = (revision, _on(self._laid(session), network_of(session)))
            return self._opened[1]

    def ground(self, session: Session) -> Ground:
        """The communes and roads of the network, read again only when their files have changed."""
        with self._lock:
            return self._laid(session)

    def _laid(self, session: Session) -> Ground:
        stamps = file_stamps(session)
        if self._ground is None or self._ground[0] != stamps:
            self._ground = (stamps, read_ground({one.name: one.content for one in list_files(session)}))
        return self._ground[1]


def fill_from_folder(session: Session, folder: Path) -> None:
    """Store the network of a folder, roads and communes included, in a database that has none.

    InputError with every serious finding about the folder, or about the contacts, seasons, closures and
    absences in it; Conflict when there is a network already.
    """
    if find_network(session) is not None:
        raise Conflict("Il y a déjà un réseau dans cette base.")
    must_hold(folder)
    store(session, read_folder(folder))
    for name in (TRAVEL, COMMUNES):
        if (folder / name).is_file():
            keep_file(session, name, (folder / name).read_bytes())
    store_annexes(session, folder)


def keep_file(session: Session, name: str, content: bytes) -> None:
    """Store a file of the network in place of the one of that name."""
    record = find_file(session, name) or NetworkFileRecord(name=name, content=b"", sha256="")
    record.content, record.sha256 = content, digest(content)
    record.updated_at = now()
    session.add(record)


def digest(content: bytes) -> str:
    """What tells one content of a file from another."""
    return hashlib.sha256(content).hexdigest()


def touch(session: Session) -> None:
    """Say that something a plan depends on has changed: territories are opened anew."""
    session.connection().execute(
        update(NetworkRecord).values(revision=col(NetworkRecord.revision) + 1)  # two at once both count
    )


def read_ground(files: Mapping[str, bytes]) -> Ground:
    """Files of the network, by name; InputError or RoadDataError when one cannot be read."""
    with tempfile.TemporaryDirectory() as aside:  # what reads files is asked to read files
        for name in {TRAVEL, COMMUNES} & files.keys():
            (Path(aside) / name).write_bytes(files[name])
        return Ground(
            communes=read_communes(Path(aside) / COMMUNES) if COMMUNES in files else None,
            roads=read_travel(Path(aside) / TRAVEL) if TRAVEL in files else None,
        )


def _on(ground: Ground, network: Network) -> Territory:
    if ground.roads is None:
        raise RoadDataError("Ce réseau n'a pas de temps de route. Importez un dossier qui a travel.npz.")
    if ground.communes is None:
        raise NotFound("Ce réseau n'a pas ses communes. Importez un dossier qui a communes.geojson.")
    return territory_of(network, ground.communes, *ground.roads)
