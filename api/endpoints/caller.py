"""Who calls an endpoint, what they may, and the transactions opened in their name.

An endpoint says who may call it by the type of its first parameter:

    def rename(site: str, change: SiteChange, caller: Coordinator) -> SiteOut:
        with caller.write() as session:
            ...

Sessions are opened inside endpoints, never by a dependency: a dependency that holds the database while its
endpoint waits for a free thread would starve the service.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlmodel import Session

from api.security.identify import refused
from api.service import Service
from api.services.actor import PUBLIC, Actor, Role
from models.errors import Forbidden, NavetteError, NotSignedIn


async def the_service(request: Request) -> Service:
    """The running service that a request came to. Asynchronous, as it never waits: it needs no thread."""
    service: Service = request.app.state.service
    return service


def current_actor(request: Request) -> Actor:
    """Who sends a request, whatever they may do; PUBLIC when they show nothing."""
    identify: Callable[[Request], Actor] | None = getattr(request.app.state, "identify", None)
    return identify(request) if identify else PUBLIC


TheService = Annotated[Service, Depends(the_service)]


@dataclass(frozen=True, kw_only=True, slots=True)
class Caller:
    """An actor who may be here, with the service in hand."""

    actor: Actor
    service: Service
    request: str = ""

    def read(self) -> AbstractContextManager[Session]:
        """A session to look with."""
        return self.service.database.read()

    def write(self) -> AbstractContextManager[Session]:
        """A session whose changes are stored when the block ends, and logged in this actor's name."""
        return self.service.database.write(self.actor, self.request)


class Allow:
    """A dependency that lets some roles in; an integrator also needs `scope`. `roles` can be inspected."""

    def __init__(self, *roles: Role, scope: str | None = None) -> None:
        self.roles = frozenset(roles) | ({Role.INTEGRATOR} if scope else set())
        self.scope = scope

    async def __call__(
        self, request: Request, service: TheService, actor: Annotated[Actor, Depends(current_actor)]
    ) -> Caller:
        if Role.PUBLIC not in self.roles:
            self._judge(actor, refused(request))
        return Caller(actor=actor, service=service, request=getattr(request.state, "request_id", ""))

    def _judge(self, actor: Actor, why: NavetteError | None) -> None:
        if actor.role is Role.PUBLIC:
            raise why or NotSignedIn("Identifiez-vous d'abord.")
        if actor.role not in self.roles:
            raise Forbidden("Vous n'avez pas accès à cette partie de Navette.")
        if actor.role is Role.INTEGRATOR and self.scope and self.scope not in actor.scopes:
            raise Forbidden(f"Cette clé n'a pas la portée « {self.scope} ».")


def allowed(*roles: Role, scope: str | None = None) -> Any:
    """`Annotated[Caller, allowed(Role.DRIVER, scope="scans:write")]`."""
    return Depends(Allow(*roles, scope=scope))


Anyone = Annotated[Caller, allowed(Role.PUBLIC)]
Coordinator = Annotated[Caller, allowed(Role.COORDINATOR)]
Staff = Annotated[Caller, allowed(Role.COORDINATOR, Role.OFFICIAL)]
