"""`navette plan`: plan a week and write its folder. No database is needed."""

import argparse
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TypeAlias

from api.commands.shared import Commands, add_network, console
from api.services.folder import open_folder
from api.services.planning import Watch, plan_week
from api.settings import Settings
from api.terminal import LiveLine, show_plan
from models.errors import InputError
from models.service_day import IsoWeek
from routing.bound.child import Prover
from routing.child import Asked, Solver
from routing.engines.engine import DEFAULT_ENGINE, ENGINES

Stoppable: TypeAlias = Solver | Prover


def add(commands: Commands, settings: Settings) -> None:
    """The command and its options."""
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
    add_network(parser, settings)
    parser.add_argument(
        "--out", metavar="DOSSIER", type=Path, default=settings.out, help="où écrire la semaine"
    )
    parser.set_defaults(run=run)


def run(wanted: argparse.Namespace) -> int:
    """Plan, write, tell."""
    from api.services.outputs import write_week  # noqa: PLC0415  # drawing takes 2 s to import

    terminal = console()
    week = IsoWeek.parse(wanted.week) if wanted.week else IsoWeek.of(date.today()).next()  # noqa: DTZ011
    asked = _asked(wanted)
    line = LiveLine(terminal, asked.seconds)
    with line.shown():
        territory = open_folder(wanted.network)
        with _stopped_by_interrupt() as started:
            made = plan_week(territory, week, asked, _watch(line, started), wanted.proof)
        folder = write_week(made, territory, wanted.out, public_url=Settings().public_url, told=line.making)
    show_plan(terminal, made, territory.network, folder)
    return 0


def _watch(line: LiveLine, started: Callable[[Stoppable], None]) -> Watch:
    def proving(prover: Prover) -> None:
        started(prover)
        line.proving()

    return Watch(started=started, told=line.told, preparing=line.preparing, proving=proving)


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
