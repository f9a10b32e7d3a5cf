"""argparse, in French: its titles, its usage line and the complaints that people really meet."""

import argparse
import re
import sys
from typing import NoReturn

_WORDS = (
    (r"the following arguments are required: (.*)", r"il manque \1"),
    (r"one of the arguments (.*) is required", r"il faut l'une de ces options : \1"),
    (r"argument (\S+): not allowed with argument (\S+)", r"\1 et \2 ne vont pas ensemble"),
    (r"unrecognized arguments: (.*)", r"argument inconnu : \1"),
    (r"argument (\S+): expected one argument", r"\1 attend une valeur"),
    (r"argument (\S+): invalid \w+ value: (.*)", r"\1 n'accepte pas la valeur \2"),
    (
        r"argument (\S+): invalid choice: (\S+) \(choose from (.*)\)",
        r"\1 : \2 n'existe pas. Choisissez parmi \3",
    ),
    (r"argument (\S+): (.*)", r"\1 : \2"),
)


class FrenchParser(argparse.ArgumentParser):
    """A parser whose help and errors are French; bad usage ends with exit code 2."""

    def __init__(self, **settings: object) -> None:
        super().__init__(add_help=False, allow_abbrev=False, **settings)  # type: ignore[arg-type]
        self._positionals.title = "Commandes"
        self._optionals.title = "Options"
        self.add_argument("-h", "--help", action="help", help="montrer cette aide")

    def format_help(self) -> str:
        return super().format_help().replace("usage:", "Emploi :", 1)

    def error(self, message: str) -> NoReturn:
        for english, french in _WORDS:
            if re.fullmatch(english, message):
                message = re.sub(english, french, message)
                break
        sys.stderr.write(f"{self.prog} : {message}.\nPour l'aide : {self.prog} --help\n")
        sys.exit(2)
