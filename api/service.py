"""What one running service is made of; every endpoint and job reaches it, nothing stands at module level."""

from dataclasses import dataclass, field

from api.db import Database
from api.services.plans.desks import Desks
from api.services.plans.exports import Exports
from api.services.territory import Territories
from api.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Service:
    """The parts that live as long as the process."""

    settings: Settings
    database: Database
    territories: Territories = field(default_factory=Territories)
    desks: Desks = field(default_factory=Desks)
    exports: Exports = field(default_factory=Exports)

    def close(self) -> None:
        self.database.close()
