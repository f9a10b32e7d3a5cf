"""What changed, and who may hear of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from api.db import Database
from api.repositories import changes
from api.repositories.changes import Audience
from api.services.actor import Actor, Role

OF_ROUNDS = frozenset({"scans", "rounds", "positions"})  # topics whose ref is a round
FOR_ALL = frozenset({"plans", "closures"})  # what any timetable depends on
_NOT_FOR_OFFICIALS = frozenset({"messages"})
_MOST = 1000  # changes of one look, and rounds remembered


@dataclass(frozen=True, kw_only=True, slots=True)
class Hint:
    """Look at `topic` and `ref` again. `audience` is None where no published round is meant."""

    seq: int
    topic: str
    ref: str = ""
    site: str | None = None
    audience: Audience | None = None

    def concerns(self, actor: Actor) -> bool:
        """Whether an actor may hear of it, and has something to look at."""
        if actor.role in {Role.COORDINATOR, Role.SYSTEM}:
            return True
        if actor.role is Role.OFFICIAL:
            return self.topic not in _NOT_FOR_OFFICIALS
        if self.topic in FOR_ALL and self.site is None:
            return True
        if actor.role is Role.LIBRARY:
            own = self.site is not None and self.site == actor.site
            return own or (self.audience is not None and actor.site in self.audience.sites)
        return self.audience is not None and self.audience.driver == actor.driver


class Source(Protocol):
    """Where hints come from."""

    def newest(self) -> int: ...

    def after(self, seq: int) -> Sequence[Hint]: ...


class Table:
    """Hints from the table of changes; whom rounds concern is remembered until plans change."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._audiences: dict[str, Audience | None] = {}

    def newest(self) -> int:
        """The number of the last hint."""
        with self._database.read() as session:
            return changes.newest_seq(session)

    def after(self, seq: int) -> Sequence[Hint]:
        """Hints after a number: one query, one more per thousand, one more for rounds not met before."""
        with self._database.read() as session:
            found = list(changes.changes_after(session, seq, _MOST))
            while found and len(found) % _MOST == 0:
                more = changes.changes_after(session, found[-1].seq or 0, _MOST)
                found += more
                if not more:
                    break
            if len(self._audiences) > _MOST or any(one.topic in {"plans", "rounds"} for one in found):
                self._audiences.clear()
            rounds = {one.ref for one in found if one.topic in OF_ROUNDS} - set(self._audiences)
            if rounds:
                known = changes.audiences(session, rounds)
                self._audiences |= {code: known.get(code) for code in rounds}
        return [
            Hint(
                seq=one.seq or 0,
                topic=one.topic,
                ref=one.ref,
                site=one.site,
                audience=self._audiences.get(one.ref) if one.topic in OF_ROUNDS else None,
            )
            for one in found
        ]
