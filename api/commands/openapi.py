"""`navette openapi`: the description of the HTTP API as JSON, for those who write programs against it."""

import argparse
import json
import sys

from api.commands.shared import Commands
from api.settings import Settings


def add(commands: Commands, _: Settings) -> None:
    """The command."""
    parser = commands.add_parser("openapi", help="écrire la description de l'API (OpenAPI, JSON)")
    parser.set_defaults(run=run)


def run(_: argparse.Namespace) -> int:
    """The same text for the same version; the database is not opened."""
    from api.app import create_app  # noqa: PLC0415

    json.dump(create_app(Settings()).openapi(), sys.stdout, ensure_ascii=False, indent=1)
    return 0
