"""`navette worker`: carry out jobs, on this machine or any other that reaches the database."""

import argparse
import signal

from api.commands.shared import Commands, ready
from api.settings import Settings


def add(commands: Commands, _: Settings) -> None:
    """The command."""
    parser = commands.add_parser(
        "worker", help="exécuter les calculs et les tâches de fond (PostgreSQL : autant qu'on veut)"
    )
    parser.set_defaults(run=run)


def run(_: argparse.Namespace) -> int:
    """Work until asked to stop; then let what runs hand in what it has."""
    import structlog  # noqa: PLC0415

    from api import logs  # noqa: PLC0415
    from api.building import build  # noqa: PLC0415
    from api.jobs.runner import Runner  # noqa: PLC0415

    settings = Settings()
    logs.configure(settings)
    service = build(settings)
    ready(service.database)
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: service.stopping.set())
    runner = Runner(service)
    runner.start()
    log = structlog.get_logger("navette.worker")
    log.info("working", worker=service.name)
    service.stopping.wait()
    log.info("stopping", worker=service.name)
    runner.stop()
    service.close()
    return 0
