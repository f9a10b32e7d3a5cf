"""`navette`: plan a week, serve it, build the roads. Errors are French sentences, never tracebacks."""

import argparse
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TypeAlias

from rich.console import Console

from api.errors import exit_code
from api.french import FrenchParser
from api.services.folder import open_folder
from api.services.planning import Watch, plan_week
from api.settings import Settings
from api.terminal import LiveLine, building, show_plan
from models.errors import InputError, NavetteError
from models.service_day import IsoWeek
from routing.bound.child import Prover
from routing.child import Asked, Solver
from routing.engines.engine import DEFAULT_ENGINE, ENGINES

Stoppable: TypeAlias = Solver | Prover
Commands: TypeAlias = "argparse._SubParsersAction[FrenchParser]"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Exit codes: 0 done, 1 internal, 2 input, 3 roads."""
    wanted = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = wanted.run
    try:
        return run(wanted)
    except NavetteError as error:
        Console(stderr=True, soft_wrap=True, highlight=False).print(str(error), style="red", markup=False)
        return exit_code(error)
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        if os.environ.get("NAVETTE_DEBUG"):
            raise
        sys.stderr.write(
            f"Erreur imprévue ({type(error).__name__} : {error}). Rien n'a été remplacé.\n"
            "Relancez la commande précédée de NAVETTE_DEBUG=1 et transmettez ce qui s'affiche.\n"
        )
        return 1


def plan(wanted: argparse.Namespace) -> int:
    """Plan a week and write its folder."""
    from api.services.outputs import write_week  # noqa: PLC0415  # drawing takes 2 s to import

    console = _console()
    week = IsoWeek.parse(wanted.week) if wanted.week else IsoWeek.of(date.today()).next()  # noqa: DTZ011
    asked = _asked(wanted)
    line = LiveLine(console, asked.seconds)
    with line.shown():
        territory = open_folder(wanted.network)
        with _stopped_by_interrupt() as started:
            made = plan_week(territory, week, asked, _watch(line, started), wanted.proof)
        folder = write_week(made, territory, wanted.out, public_url=Settings().public_url, told=line.making)
    show_plan(console, made, territory.network, folder)
    return 0


def _watch(line: LiveLine, started: Callable[[Stoppable], None]) -> Watch:
    def proving(prover: Prover) -> None:
        started(prover)
        line.proving()

    return Watch(started=started, told=line.told, preparing=line.preparing, proving=proving)


def _console() -> Console:
    """The terminal as it is; a pipe or a file is given room for the table."""
    console = Console()
    return console if console.is_terminal else Console(width=110)


def _asked(wanted: argparse.Namespace) -> Asked:
    if wanted.seconds is not None and wanted.seconds <= 0:
        raise InputError("--seconds doit être positif : donnez par exemple --seconds 20.")
    if wanted.proof is not None and wanted.proof <= 0:
        raise InputError("--bound doit être positif : donnez par exemple --bound 120.")
    if wanted.iterations is not None and wanted.iterations < 0:
        raise InputError("--iterations ne peut pas être négatif.")
    seconds = wanted.seconds
    if seconds is None and wanted.iterations is None:
        seconds = 20.0
    return Asked(engine=wanted.engine, seconds=seconds, iterations=wanted.iterations, seed=wanted.seed)


@contextmanager
def _stopped_by_interrupt() -> Iterator[Callable[[Stoppable], None]]:
    """While a solver or a prover runs, a first Ctrl-C asks it for its best so far; a second one gives up."""
    running: list[Stoppable] = []

    def interrupted(*_: object) -> None:
        if not running:
            raise KeyboardInterrupt
        running[-1].stop()
        running.clear()

    before = signal.signal(signal.SIGINT, interrupted)
    try:
        yield running.append
    finally:
        signal.signal(signal.SIGINT, before)


def build_roads(wanted: argparse.Namespace) -> int:
    """Compute the travel times of a network folder from OpenStreetMap."""
    from routing.road.folder import build_folder  # noqa: PLC0415  # osmnx takes 2 s to import
    from routing.road.source import PUBLIC_OVERPASS, OsmFile, Overpass  # noqa: PLC0415

    console = Console(highlight=False, soft_wrap=True)
    source = (
        OsmFile(path=wanted.osm, date=wanted.date)
        if wanted.osm
        else Overpass(url=wanted.overpass or PUBLIC_OVERPASS, date=date.today().isoformat())  # noqa: DTZ011
    )
    with building(console) as progress:
        built = build_folder(
            wanted.network,
            source,
            out=wanted.out,
            accept_far=frozenset(wanted.accept_far),
            progress=progress,
        )
    for line in built.describe():
        console.print(line, markup=False)
    return 0


def serve(wanted: argparse.Namespace) -> int:
    """Serve the plans of the out folder."""
    import uvicorn  # noqa: PLC0415

    from api.app import create_app  # noqa: PLC0415

    settings = Settings(out=wanted.out, network=wanted.network, host=wanted.host, port=wanted.port)
    Console(highlight=False).print(
        f"Navette : http://{settings.host}:{settings.port}/  (Ctrl-C pour arrêter)"
    )
    uvicorn.run(create_app(settings), host=settings.host, port=settings.port, log_level="warning")
    return 0


def _parser() -> FrenchParser:
    settings = Settings()
    parser = FrenchParser(prog="navette", description="Les tournées de la navette entre bibliothèques.")
    commands = parser.add_subparsers(metavar="COMMANDE", required=True, parser_class=FrenchParser)
    _add_plan(commands, settings)
    _add_serve(commands, settings)
    _add_roads(commands, settings)
    return parser


def _add_plan(commands: Commands, settings: Settings) -> None:
    parser = commands.add_parser("plan", help="planifier une semaine et écrire carte, feuilles et fichiers")
    parser.add_argument("--week", metavar="SEMAINE", help="par exemple 2026-W49 (par défaut : la prochaine)")
    parser.add_argument("--seconds", metavar="S", type=float, help="temps de calcul (par défaut : 20)")
    parser.add_argument(
        "--iterations", metavar="N", type=int, help="tours de calcul, pour un plan qui se répète"
    )
    parser.add_argument(
        "--bound",
        dest="proof",
        metavar="S",
        type=float,
        help="secondes pour prouver ensuite que le planning est proche du meilleur (par défaut : 0)",
    )
    parser.add_argument("--seed", metavar="N", type=int, default=1, help="graine du hasard (par défaut : 1)")
    parser.add_argument("--engine", choices=list(ENGINES), default=DEFAULT_ENGINE, help="moteur de calcul")
    _add_network(parser, settings)
    parser.add_argument(
        "--out", metavar="DOSSIER", type=Path, default=settings.out, help="où écrire la semaine"
    )
    parser.set_defaults(run=plan)


def _add_serve(commands: Commands, settings: Settings) -> None:
    parser = commands.add_parser("serve", help="servir les plannings dans un navigateur")
    parser.add_argument("--host", metavar="ADRESSE", default=settings.host, help="adresse d'écoute")
    parser.add_argument("--port", metavar="PORT", type=int, default=settings.port, help="port d'écoute")
    _add_network(parser, settings)
    parser.add_argument(
        "--out", metavar="DOSSIER", type=Path, default=settings.out, help="où sont les semaines"
    )
    parser.set_defaults(run=serve)


def _add_roads(commands: Commands, settings: Settings) -> None:
    roads = commands.add_parser("roads", help="calculer les temps de route d'un réseau")
    actions = roads.add_subparsers(metavar="ACTION", required=True, parser_class=FrenchParser)
    parser = actions.add_parser("build", help="lire OpenStreetMap et écrire travel.npz")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument(
        "--osm", metavar="FICHIER", type=Path, help="un extrait .osm.pbf, .osm, .osm.gz, .osm.bz2"
    )
    source.add_argument(
        "--overpass", metavar="URL", nargs="?", const="", help="un serveur Overpass (internet)"
    )
    parser.add_argument(
        "--date", metavar="DATE", default="", help="date des données, si le fichier ne la dit pas"
    )
    parser.add_argument(
        "--accept-far",
        metavar="LIEU",
        nargs="+",
        default=[],
        help="lieux confirmés à plus de 300 m de toute route",
    )
    _add_network(parser, settings)
    parser.add_argument("--out", metavar="FICHIER", type=Path, help="où écrire (par défaut : dans le réseau)")
    parser.set_defaults(run=build_roads)


def _add_network(parser: argparse.ArgumentParser, settings: Settings) -> None:
    parser.add_argument(
        "--network", metavar="DOSSIER", type=Path, default=settings.network, help="dossier du réseau"
    )


if __name__ == "__main__":
    sys.exit(main())
