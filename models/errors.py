"""Everything that Navette raises on purpose.

NavetteError
 ├── InputError        what was given cannot be understood or used; carries every finding at once
 │    ├── RoadDataError     the road data are unreadable, or miss a place that must be reached
 │    ├── TooLarge          more was given than can be taken
 │    └── VersionMissing    a change must say which version it was made from
 ├── NotFound          what was named does not exist
 ├── Conflict          what was asked contradicts what is stored
 │    └── StaleVersion      somebody else has changed it since; carries both versions
 ├── Forbidden         who asked may not
 │    └── NotSignedIn       nobody knows who asks
 ├── TooOften          asked again too soon
 ├── Unavailable       the database is away or has no room: nothing was stored
 └── EngineError       an engine failed, or returned an answer that the referee refused

Messages are French sentences, ready for a person: what happened, where, what to do.
Exit codes and HTTP statuses are given at the edge, never here.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing that is wrong in something given, and how to mend it.

    `line` is 1-based as editors count (the header of a CSV file is line 1), None for a whole file.
    A `serious` finding makes the input unusable; the others are warnings. `key` is the id of the thing that
    it is about, empty for a whole file.
    """

    where: str
    message: str
    remedy: str
    line: int | None = None
    serious: bool = True
    key: str = ""

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


class StaleVersion(Conflict):
    """What was changed is no longer what it was made from.

    `yours` is the version that the change started from, `current` the stored one; `stored` is what stands
    now, as the API tells it, so that both can be shown side by side.
    """

    def __init__(
        self, message: str, *, yours: int | None = None, current: int | None = None, stored: object = None
    ) -> None:
        super().__init__(message)
        self.yours = yours
        self.current = current
        self.stored = stored


class Forbidden(NavetteError):
    """Who asked may not."""


class NotSignedIn(Forbidden):
    """Nobody knows who asks."""


class TooOften(NavetteError):
    """Asked again too soon; `wait_s` says for how long not to."""

    def __init__(self, message: str, wait_s: int) -> None:
        super().__init__(message)
        self.wait_s = wait_s


class Unavailable(NavetteError):
    """The database is away or has no room. Nothing was stored; asking again later is safe."""


class RoadDataError(InputError):
    """Road data are unreadable, or miss a place that must be reached."""


class TooLarge(InputError):
    """More was given than can be taken."""


class VersionMissing(InputError):
    """A change must say which version it was made from."""


class EngineError(NavetteError):
    """An engine failed, or its answer did not survive the referee."""
