"""What one running service is made of; every endpoint and job reaches it, nothing stands at module level."""

import threading
from dataclasses import dataclass, field

from api.db import Database
from api.processes import this_process
from api.services.jobs import Jobs, NoJobs
from api.services.territory import Territories
from api.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Service:
    """The parts that live as long as the process. `name` tells it from every other; `stopping` is set once it
    has been asked to end: whoever waits or repeats looks at it."""

    settings: Settings
    database: Database
    territories: Territories = field(default_factory=Territories)
    jobs: Jobs = field(default_factory=NoJobs)
    name: str = field(default_factory=this_process)
    stopping: threading.Event = field(default_factory=threading.Event)

    def close(self) -> None:
        self.database.close()
