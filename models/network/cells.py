"""From the text of a cell to a value; what cannot be understood becomes a finding and a harmless default."""

import math
import re
from datetime import date
from enum import StrEnum
from typing import TypeVar

from models.errors import Finding, InputError
from models.network.sheet import Row, plain
from models.opening import check_opening_hours
from models.values import TimeWindow

Word = TypeVar("Word", bound=StrEnum)

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f\ud800-\udfff\ufffe\uffff]")
_ID = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*")
_CLOCK = re.compile(r"(\d{1,2})\s*[:hH]\s*(\d{2})?\s*[-–—]\s*(\d{1,2})\s*[:hH]\s*(\d{2})?")
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:T00:00:00)?|(\d{1,2})/(\d{1,2})/(\d{4})")
_DAYS = "lundi Mo, mardi Tu, mercredi We, jeudi Th, vendredi Fr, samedi Sa, dimanche Su, jours fériés PH"
ASSUMABLE = ("site", "position", "horaires", "accès", "fréquence", "bacs", "téléphone")


class Cells:
    """The cells of one row, read one by one; findings gather in `findings`."""

    def __init__(self, where: str, row: Row, findings: list[Finding]) -> None:
        self.where = where
        self.row = row
        self.findings = findings

    def complain(self, message: str, remedy: str, *, serious: bool = True) -> None:
        self.findings.append(
            Finding(where=self.where, line=self.row.line, message=message, remedy=remedy, serious=serious)
        )

    def text(self, column: str) -> str:
        """The cell as it stands, its inner blanks made single; empty when the column is absent.

        Characters that control old printers are dropped: no database keeps them all.
        """
        return " ".join(_CONTROL.sub("", self.row.cells.get(column, "")).split())

    def needed(self, column: str) -> str:
        """A text that may not be empty."""
        text = self.text(column)
        if not text and column in self.row.cells:
            self.complain(f"la cellule « {column} » est vide.", "Complétez-la.")
        return text

    def phone(self) -> str:
        """A French number as « 03 28 41 00 00 », its leading zero put back; any other text as it stands."""
        text = self.text("telephone")
        digits = re.sub(r"[ .\u202f\xa0-]", "", text)
        if re.fullmatch(r"0?[1-9]\d{8}", digits):
            return " ".join(re.findall("..", digits.zfill(10)))
        return text

    def identifier(self) -> str:
        text = self.needed("identifiant")
        if text and not _ID.fullmatch(text):
            self.complain(
                f"l'identifiant « {text} » ne convient pas.",
                "N'employez que des lettres sans accent, des chiffres et des traits d'union.",
            )
        return text

    def whole(self, column: str, default: int, low: int = 0, high: int = 1_000_000) -> int:
        """A whole number within [low, high]; `default` for an empty cell."""
        text = self.text(column)
        if not text:
            return default
        number = _decimal(text)
        if number is None or number != int(number):
            self.complain(f"« {column} » devrait être un nombre entier, pas « {text} ».", "Corrigez-le.")
            return default
        return int(self._within(column, number, low, high, default))

    def number(self, column: str, default: float, low: float, high: float) -> float:
        """A decimal number within [low, high], with a point or a comma; `default` for an empty cell."""
        text = self.text(column)
        if not text:
            return default
        number = _decimal(text)
        if number is None:
            self.complain(f"« {column} » devrait être un nombre, pas « {text} ».", "Corrigez-le.")
            return default
        return self._within(column, number, low, high, default)

    def _within(self, column: str, number: float, low: float, high: float, default: float) -> float:
        if low <= number <= high:
            return number
        remedy = f"Donnez une valeur entre {_french(low)} et {_french(high)}."
        self.complain(f"« {column} » vaut {_french(number)}.", remedy)
        return default

    def cents(self, column: str) -> int:
        """Euros in the cell → whole cents."""
        return round(100 * self.number(column, 0, 0, 100_000))

    def hours(self, column: str) -> str:
        """An `opening_hours` string, empty when it cannot be read."""
        text = self.text(column)
        try:
            check_opening_hours(text)
        except InputError:
            self.complain(
                f"les horaires « {text} » de la colonne « {column} » sont illisibles.",
                "Écrivez-les au format OpenStreetMap, par exemple « We 14:00-17:00; Sa 10:00-12:00; PH off » "
                f"({_DAYS}).",
            )
            return ""
        return text

    def word(self, column: str, words: type[Word], default: Word) -> Word:
        """One of the words of an enumeration, its accents and capitals forgiven."""
        text = self.text(column)
        for word in words:
            if plain(text) == plain(word):
                return word
        if text or column in self.row.cells:
            listed = ", ".join(f"« {word} »" for word in words)
            self.complain(f"« {column} » vaut « {text} ».", f"Choisissez parmi {listed}.")
        return default

    def yes(self, column: str, default: bool) -> bool:
        """oui or non."""
        text = plain(self.text(column))
        if text in {"oui", "non", ""}:
            return text == "oui" if text else default
        self.complain(f"« {column} » vaut « {self.text(column)} ».", "Écrivez « oui » ou « non ».")
        return default

    def assumed(self) -> frozenset[str]:
        """The names of the facts that nobody confirmed, from the column `suppose`."""
        found: set[str] = set()
        for piece in self.text("suppose").replace(",", " ").replace(";", " ").split():
            names = [name for name in ASSUMABLE if plain(name) == plain(piece)]
            if names:
                found.update(names)
            else:
                listed = ", ".join(f"« {name} »" for name in ASSUMABLE)
                self.complain(f"« suppose » contient « {piece} ».", f"Choisissez parmi {listed}.")
        return frozenset(found)

    def day(self, column: str) -> date | None:
        """A date, « 2026-12-24 » or « 24/12/2026 »; None, with a finding, where there is none."""
        text = self.needed(column)
        match = _DATE.fullmatch(text)
        try:
            if match:
                year, month, day = match.group(1, 2, 3) if match[1] else match.group(6, 5, 4)
                return date(int(year), int(month), int(day))
        except ValueError:
            pass  # the 30th of February
        if text:
            self.complain(f"« {column} » vaut « {text} ».", "Écrivez une date, par exemple « 24/12/2026 ».")
        return None

    def between(self, column: str) -> TimeWindow | None:
        """« 11:45-13:45 » → seconds of the day, both ends inclusive; None for an empty cell."""
        text = self.text(column)
        if not text:
            return None
        match = _CLOCK.fullmatch(text)
        if match:
            early = int(match[1]) * 3600 + int(match[2] or 0) * 60
            late = int(match[3]) * 3600 + int(match[4] or 0) * 60
            if early < late <= 24 * 3600:
                return TimeWindow(early, late)
        self.complain(f"« {column} » vaut « {text} ».", "Écrivez par exemple « 11:45-13:45 ».")
        return None


def _decimal(text: str) -> float | None:
    try:
        number = float(text.replace("\u202f", "").replace("\xa0", "").replace(" ", "").replace(",", "."))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _french(number: float) -> str:
    return f"{number:g}".replace(".", ",") if abs(number) < 1e6 else f"{number:.0f}"
