"""`navette`: plan a week, serve it, build the roads. Errors are French sentences, never tracebacks."""

import argparse
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from rich.console import Console

from api.errors import exit_code
from api.french import FrenchParser
from api.services.folder import open_folder
from api.services.planning import Watch, plan_week
from api.settings import Settings
from api.terminal import LiveLine, show_plan
from models.errors import InputError, NavetteError
from models.service_day import IsoWeek
from routing.child import Asked, Solver
from routing.engines.engine import DEFAULT_ENGINE, ENGINES


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


def plan(wanted: argparse.Namespace) -> int:
    """Plan a week and write its folder."""
    from api.services.outputs import write_week  # noqa: PLC0415  # drawing takes 2 s to import

    console = Console()
    week = IsoWeek.parse(wanted.week) if wanted.week else IsoWeek.of(date.today()).next()  # noqa: DTZ011
    asked = _asked(wanted)
    line = LiveLine(console, asked.seconds)
    with line.shown():
        territory = open_folder(wanted.network)
        line.solving()
        with _stopped_by_interrupt() as started:
            made = plan_week(territory, week, asked, Watch(started=started, told=line.told))
        folder = write_week(made, territory, wanted.out, public_url=Settings().public_url, told=line.making)
    show_plan(console, made, territory.network, folder)
    return 0


def _asked(wanted: argparse.Namespace) -> Asked:
    if wanted.seconds is not None and wanted.seconds <= 0:
        raise InputError("--seconds doit être positif : donnez par exemple --seconds 20.")
    if wanted.iterations is not None and wanted.iterations < 0:
        raise InputError("--iterations ne peut pas être négatif.")
    seconds = wanted.seconds
    if seconds is None and wanted.iterations is None:
        seconds = 20.0
    return Asked(engine=wanted.engine, seconds=seconds, iterations=wanted.iterations, seed=wanted.seed)


@contextmanager
def _stopped_by_interrupt() -> Iterator[Callable[[Solver], None]]:
    """While a solver runs, a first Ctrl-C asks it for its best so far; a second one gives up."""
    running: list[Solver] = []

    def interrupted(*_: object) -> None:
        if not running:
            raise KeyboardInterrupt
        running.pop().stop()

    before = signal.signal(signal.SIGINT, interrupted)
    try:
        yield running.append
    finally:
        signal.signal(signal.SIGINT, before)


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
    planning = commands.add_parser("plan", help="planifier une semaine et écrire carte, feuilles et fichiers")
    planning.add_argument(
        "--week", metavar="SEMAINE", help="par exemple 2026-W49 (par défaut : la prochaine)"
    )
    planning.add_argument("--seconds", metavar="S", type=float, help="temps de calcul (par défaut : 20)")
    planning.add_argument(
        "--iterations", metavar="N", type=int, help="nombre de tours, pour un calcul qui se répète"
    )
    planning.add_argument(
        "--seed", metavar="N", type=int, default=1, help="graine du hasard (par défaut : 1)"
    )
    planning.add_argument("--engine", choices=list(ENGINES), default=DEFAULT_ENGINE, help="moteur de calcul")
    planning.set_defaults(run=plan)
    serving = commands.add_parser("serve", help="servir les plannings dans un navigateur")
    serving.add_argument("--host", metavar="ADRESSE", default=settings.host)
    serving.add_argument("--port", metavar="PORT", type=int, default=settings.port)
    serving.set_defaults(run=serve)
    for command in (planning, serving):
        command.add_argument(
            "--network", metavar="DOSSIER", type=Path, default=settings.network, help="réseau"
        )
        command.add_argument(
            "--out", metavar="DOSSIER", type=Path, default=settings.out, help="où écrire et lire"
        )
    return parser


if __name__ == "__main__":
    sys.exit(main())
