"""The lines of a text file that say something, each remembering where it stood."""

from dataclasses import dataclass
from pathlib import Path

from models.errors import InputError


@dataclass(frozen=True, slots=True)
class Line:
    """The words of line `number` (1-based) of `file`."""

    file: str
    number: int
    words: tuple[str, ...]

    def floats(self, least: int) -> list[float]:
        """Every word as a figure; InputError when one is none, or when there are fewer than `least`."""
        if len(self.words) < least:
            raise self.error(f"{least} nombres sont attendus, il y en a {len(self.words)}")
        try:
            return [float(word) for word in self.words]
        except ValueError:
            raise self.error("un nombre est illisible") from None

    def ints(self, least: int) -> list[int]:
        """As `floats`, for whole numbers."""
        figures = self.floats(least)
        if any(figure != int(figure) for figure in figures):
            raise self.error("un nombre entier est attendu")
        return [int(figure) for figure in figures]

    def error(self, what: str) -> InputError:
        return InputError(f"{self.file}, ligne {self.number} : {what}. Reprenez le fichier d'origine.")


def read_lines(path: Path) -> list[Line]:
    """The lines that are not blank; InputError when the file cannot be read or has none."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise InputError(f"{path} : fichier illisible ({error.strerror}). Vérifiez son chemin.") from None
    lines = [
        Line(path.name, k, tuple(words))
        for k, raw in enumerate(text.splitlines(), 1)
        if (words := raw.split())
    ]
    if not lines:
        raise InputError(f"{path} : le fichier est vide.")
    return lines


def line_after(lines: list[Line], found: int, file: str) -> Line:
    """The line at that place; InputError when the file ends before."""
    if found >= len(lines):
        raise InputError(f"{file} : le fichier s'arrête trop tôt. Reprenez le fichier d'origine.")
    return lines[found]
