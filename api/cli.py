"""`navette`: one command line for everything. Errors are French sentences, never tracebacks."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from rich.console import Console

from api.errors import exit_code
from api.french import FrenchParser
from api.settings import Settings
from models.errors import NavetteError

_COMMANDS = (
    "plan", "serve", "worker", "migrate", "import_folder", "backup", "restore", "rebuild", "doctor",
    "account", "roads", "openapi",
)  # fmt: skip


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


def _parser() -> FrenchParser:
    settings = Settings()
    parser = FrenchParser(prog="navette", description="Les tournées de la navette entre bibliothèques.")
    commands = parser.add_subparsers(metavar="COMMANDE", required=True, parser_class=FrenchParser)
    for name in _COMMANDS:
        import_module(f"api.commands.{name}").add(commands, settings)
    return parser


if __name__ == "__main__":
    sys.exit(main())
