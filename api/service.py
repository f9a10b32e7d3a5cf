"""What one running service is made of; every endpoint and job reaches it, nothing stands at module level."""

from dataclasses import dataclass, field
from functools import cached_property

from api.db import Database
from api.services.live.broadcast import Broadcast
from api.services.live.hints import Table
from api.services.territory import Territories
from api.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Service:
    """The parts that live as long as the process."""

    settings: Settings
    database: Database
    territories: Territories = field(default_factory=Territories)

    @cached_property
    def live(self) -> Broadcast:
        """Who tells of changes as they happen."""
        return Broadcast(lambda: Table(self.database))

    def close(self) -> None:
        self.database.close()
