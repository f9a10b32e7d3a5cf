"""What one running service is made of; every endpoint and job reaches it, nothing stands at module level."""

import threading
from dataclasses import dataclass, field
from functools import cached_property

from api.db import Database
from api.processes import this_process
from api.security.keyring import Keyring, load_keyring
from api.services.jobs import Jobs, NoJobs
from api.services.live.broadcast import Broadcast
from api.services.live.hints import Table
from api.services.plans.desks import Desks
from api.services.plans.exports import Exports
from api.services.promises.index import Promises
from api.services.promises.memory import Answers as PromiseAnswers
from api.services.promises.memory import Memory
from api.services.territory import Territories
from api.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Service:
    """The parts that live as long as the process. `name` tells it from every other; `stopping` is set once it
    has been asked to end: whoever waits or repeats looks at it. `exports` are files made lately, `answers`
    texts of what no longer changes."""

    settings: Settings
    database: Database
    territories: Territories = field(default_factory=Territories)
    desks: Desks = field(default_factory=Desks)
    exports: Exports = field(default_factory=Exports)
    answers: Exports = field(default_factory=Exports)
    promises: Promises = field(default_factory=Promises)
    promise_answers: PromiseAnswers = field(default_factory=PromiseAnswers)
    jobs: Jobs = field(default_factory=NoJobs)
    name: str = field(default_factory=this_process)
    stopping: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        if not isinstance(self.jobs, NoJobs):
            self.database.info["jobs"] = self.jobs

    @cached_property
    def keyring(self) -> Keyring:
        """The installation's secret, read or made when first needed."""
        return load_keyring(self.settings)

    @cached_property
    def live(self) -> Broadcast:
        """Who tells of changes as they happen."""
        return Broadcast(lambda: Table(self.database))

    @cached_property
    def promised(self) -> Memory:
        """What was promised, on its way into the database."""
        return Memory(self.database)

    def close(self) -> None:
        if "promised" in self.__dict__:
            self.promised.stop()
        self.database.close()
