"""`navette serve`: the service, in this process; on SQLite everything is in it."""

import argparse
import gc
import signal
import socket
from pathlib import Path
from typing import TYPE_CHECKING

from api.commands.shared import Commands, add_network, console, ready
from api.processes import few_arenas
from api.settings import Settings
from models.errors import InputError, NotFound

if TYPE_CHECKING:
    from fastapi import FastAPI

    from api.service import Service

_GRACE_S = 10  # how long answers that are being given may take once the service has been asked to stop
_BACKLOG = 2048


def add(commands: Commands, settings: Settings) -> None:
    """The command and its options."""
    parser = commands.add_parser("serve", help="servir Navette dans un navigateur")
    parser.add_argument("--host", metavar="ADRESSE", default=settings.host, help="adresse d'écoute")
    parser.add_argument("--port", metavar="PORT", type=int, default=settings.port, help="port d'écoute")
    add_network(parser, settings)
    parser.add_argument(
        "--out", metavar="DOSSIER", type=Path, default=settings.out, help="où sont les semaines"
    )
    parser.set_defaults(run=run)


def run(wanted: argparse.Namespace) -> int:
    """Make the database ready, open the door, serve until asked to stop."""
    few_arenas()
    gc.disable()  # a start only makes what stays: looking for garbage meanwhile costs a quarter of its time
    from api import logs  # noqa: PLC0415
    from api.app import create_app  # noqa: PLC0415
    from api.building import build  # noqa: PLC0415

    settings = Settings(out=wanted.out, network=wanted.network, host=wanted.host, port=wanted.port)
    logs.configure(settings)
    door = _door(settings)
    service = build(settings)
    try:
        ready(service.database)
        _fill(service)
        _adopt(service)
        _greet(service)
        app = create_app(settings, service, working=settings.jobs)
        gc.freeze()
        gc.enable()
        _serve(app, service, door)
    finally:
        service.close()
        door.close()
    return 0


def _door(settings: Settings) -> socket.socket:
    """Taken before anything else is done, so that a second Navette says so at once."""
    door = socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((settings.host, settings.port))
        door.listen(_BACKLOG)
    except OSError as error:
        raise InputError(
            f"Impossible d'écouter sur {settings.host}:{settings.port} ({error.strerror}). Une autre Navette "
            "y est-elle déjà ? Arrêtez-la, ou choisissez un autre port avec --port."
        ) from error
    return door


def _fill(service: "Service") -> None:
    """A new installation begins with the network of its folder."""
    from api.services.network_records import the_network  # noqa: PLC0415
    from api.services.territory import fill_from_folder  # noqa: PLC0415

    folder = service.settings.network
    with service.database.write() as session:
        try:
            the_network(session)
        except NotFound:
            fill_from_folder(session, folder)
        else:
            return
    console().print(f"Base vide : le réseau du dossier « {folder} » y a été enregistré.", markup=False)


def _adopt(service: "Service") -> None:
    """Plans that `navette plan` wrote are taken in as drafts, each of them once."""
    from api.services.plans.adopt import adopt  # noqa: PLC0415

    if not service.settings.out.is_dir():
        return
    with service.database.write() as session:
        found = adopt(session, service.settings.out)
    if found.plans:
        count = len(found.plans)
        console().print(
            f"{count} planning(s) du dossier « {service.settings.out} » repris en brouillon.", markup=False
        )
    for file, why in found.refused:
        console().print(f"« {file} » n'a pas été repris : {why}", markup=False)


def _greet(service: "Service") -> None:
    from api.services.first_start import first_link  # noqa: PLC0415

    settings = service.settings
    link = first_link(service)
    if link:
        console().print(
            f"Personne n'a encore de compte. Créez le premier, avec ce lien à usage unique : {link}",
            markup=False,
        )
    console().print(f"Navette : http://{settings.host}:{settings.port}/  (Ctrl-C pour arrêter)", markup=False)


def _serve(app: "FastAPI", service: "Service", door: socket.socket) -> None:
    import uvicorn  # noqa: PLC0415

    class Server(uvicorn.Server):
        def handle_exit(self, sig: int, frame: object) -> None:
            service.stopping.set()  # whoever waits or streams ends, calculations hand in what they have
            super().handle_exit(sig, frame)  # type: ignore[arg-type]

    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # what proxies say is believed as far as the settings go, and no further
        timeout_graceful_shutdown=_GRACE_S,
        timeout_keep_alive=30,
    )
    # uvicorn raises the signal again once it has stopped: an orderly stop is no failure.
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: None)
    Server(config).run(sockets=[door])
