"""Everything that Navette raises on purpose.

NavetteError
 ├── InputError        what was given cannot be understood or used; carries every finding at once
 ├── NotFound          what was named does not exist
 ├── Conflict          what was asked contradicts what is stored
 ├── Forbidden         who asked may not
 ├── RoadDataError     the road data are unreadable, or miss a place that must be reached
 └── EngineError       an engine failed, or returned an answer that the referee refused

Messages are French sentences, ready for a person: what happened, where, what to do.
Exit codes and HTTP statuses are given at the edge, never here.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing that is wrong in something given, and how to mend it.

    `line` is 1-based as editors count (the header of a CSV file is line 1), None for a whole file.
    A `serious` finding makes the input unusable; the others are warnings.
    """

    where: str
    message: str
    remedy: str
    line: int | None = None
    serious: bool = True

    def __str__(self) -> str:
        place = self.where if self.line is None else f"{self.where}, ligne {self.line}"
        return f"{place} : {self.message} {self.remedy}".strip()


class NavetteError(Exception):
    """The root: an error that Navette foresaw, with a sentence for a person."""


class InputError(NavetteError):
    """What was given cannot be used. `findings` lists every reason that was found, in file order."""

    def __init__(self, message: str, findings: tuple[Finding, ...] = ()) -> None:
        super().__init__(message)
        self.findings = findings

    def __str__(self) -> str:
        return "\n".join([super().__str__(), *(f"  · {finding}" for finding in self.findings)])


class NotFound(NavetteError):
    """What was named does not exist."""


class Conflict(NavetteError):
    """What was asked contradicts what is stored."""


class Forbidden(NavetteError):
    """Who asked may not."""


class RoadDataError(InputError):
    """Road data are unreadable, or miss a place that must be reached."""


class EngineError(NavetteError):
    """An engine failed, or its answer did not survive the referee."""
