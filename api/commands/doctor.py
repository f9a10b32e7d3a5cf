"""`navette doctor`: is this installation well? Changes nothing."""

import argparse

from api.commands.shared import Commands, console
from api.settings import Settings

_AMISS = 2


def add(commands: Commands, _: Settings) -> None:
    """The command."""
    parser = commands.add_parser("doctor", help="vérifier l'installation, et dire que faire")
    parser.set_defaults(run=run)


def run(_: argparse.Namespace) -> int:
    """One line an answer. Exit codes: 0 nothing to mend, 2 something to mend."""
    from api.db import Database  # noqa: PLC0415
    from api.jobs.schema import is_prepared  # noqa: PLC0415
    from api.services.checkup import Verdict, look  # noqa: PLC0415

    settings = Settings()
    database = Database(settings.database_url)
    terminal = console()
    colours = {Verdict.WELL: "green", Verdict.REMARK: "yellow", Verdict.AMISS: "red"}
    amiss = 0
    try:
        for one in look(settings, database, is_prepared):
            amiss += one.verdict is Verdict.AMISS
            terminal.print(
                f"{one.verdict} {one.about} : {one.told}", style=colours[one.verdict], markup=False
            )
            if one.remedy:
                terminal.print(f"    → {one.remedy}", markup=False)
    finally:
        database.close()
    terminal.print("Tout va bien." if not amiss else f"{amiss} point(s) à corriger.")
    return _AMISS if amiss else 0
