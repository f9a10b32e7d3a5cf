"""`navette compte`: a one-time link for whoever is locked out, given to whoever is at the machine itself."""

import argparse

from rich.console import Console

from api.french import FrenchParser
from api.settings import Settings

_HELP = "donner un lien à usage unique : un compte de coordination, ou un nouveau mot de passe"


def add(commands: "argparse._SubParsersAction[FrenchParser]", _: Settings) -> None:
    """The command and its options."""
    parser = commands.add_parser("compte", help=_HELP)
    parser.add_argument(
        "--login",
        metavar="IDENTIFIANT",
        help="le compte dont on choisira le mot de passe (par défaut : un nouveau compte de coordination)",
    )
    parser.set_defaults(run=run)


def run(wanted: argparse.Namespace) -> int:
    """Print the link. NotFound when no open account has that login."""
    from api.db import Database  # noqa: PLC0415  # the database takes a second to import
    from api.schema import newest, revision  # noqa: PLC0415
    from api.service import Service  # noqa: PLC0415
    from api.services.first_start import VALID, rescue_link  # noqa: PLC0415
    from models.errors import Conflict  # noqa: PLC0415

    settings = Settings()
    database = Database(settings.database_url)
    try:
        if revision(database) != newest():
            raise Conflict("La base n'est pas à jour. Lancez d'abord : navette migrate")
        link = rescue_link(Service(settings=settings, database=database), wanted.login)
    finally:
        database.close()
    hours = VALID.total_seconds() / 3600
    told = Console(highlight=False, soft_wrap=True)
    told.print(f"Ouvrez ce lien dans les {hours:.0f} heures. Il ne sert qu'une fois :", markup=False)
    told.print(link, markup=False)
    return 0
