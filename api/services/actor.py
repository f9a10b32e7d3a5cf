"""Who asks: what every service may know of a person, a phone, a link or another software."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from models.errors import Forbidden


class Role(StrEnum):
    """The five who may come in, everybody, and Navette itself."""

    COORDINATOR = "coordinator"
    OFFICIAL = "official"
    DRIVER = "driver"
    LIBRARY = "library"
    INTEGRATOR = "integrator"
    PUBLIC = "public"
    SYSTEM = "system"


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """`name` is what logs and screens call them. `site` is the only one that a library's link opens, `driver`
    who uses the device now; `scopes` are those of an API key (`network:read`, `scans:write`…).

    `key` tells actors apart, also of different roles.
    """

    role: Role
    name: str
    id: UUID | None = None
    site: str | None = None
    driver: str | None = None
    device: UUID | None = None
    scopes: frozenset[str] = field(default=frozenset())

    @property
    def key(self) -> str:
        return f"{self.role}:{self.id or ''}"

    def must_own(self, site: str) -> None:
        """Forbidden when a library's link is asked about another site than its own."""
        if self.role is Role.LIBRARY and self.site != site:
            raise Forbidden("Ce lien n'ouvre que votre bibliothèque.")


SYSTEM = Actor(role=Role.SYSTEM, name="Navette")
PUBLIC = Actor(role=Role.PUBLIC, name="visiteur")
