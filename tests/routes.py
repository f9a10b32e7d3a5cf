"""Every endpoint of an application, with who may call it: read from the application itself."""

import typing
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts

from api.endpoints.caller import Allow
from api.endpoints.openapi import allows
from api.services.actor import Role

UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_EXAMPLES: dict[Any, object] = {UUID: uuid4(), int: 1, date: "2026-12-01"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Endpoint:
    """`allows` is everything that must let an actor pass, all of it; empty where nobody asks who calls."""

    method: str
    path: str
    allows: tuple[Allow, ...]
    parts: dict[str, Any]
    streams: bool

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def roles(self) -> frozenset[Role]:
        """Who passes; PUBLIC alone stands for everybody."""
        asking = [allow.roles for allow in self.allows if Role.PUBLIC not in allow.roles]
        return frozenset.intersection(*asking) if asking else frozenset({Role.PUBLIC})

    @property
    def scopes(self) -> frozenset[str]:
        """What an integrator needs."""
        return frozenset(allow.scope for allow in self.allows if allow.scope)

    @property
    def site_part(self) -> str | None:
        """The part of the address that names a site: `{site}`, or `{code}` after /sites/."""
        return "site" if "site" in self.parts else "code" if "/sites/{code}" in self.path else None

    def url(self, site: str) -> str:
        """An address of this endpoint; what it names beside the site does not exist."""
        values = {name: _EXAMPLES.get(kind, "rien") for name, kind in self.parts.items()}
        path = self.path.replace(":path}", "}")
        values |= {self.site_part: site} if self.site_part else {}
        return path.format_map(defaultdict(lambda: "rien", values))  # an endpoint need not read every part


def endpoints(app: FastAPI) -> list[Endpoint]:
    """Every API route, once per method."""
    return [one for context in iter_route_contexts(app.routes) for one in _of(context)]


def other_routes(app: FastAPI) -> set[str]:
    """What an application answers to without an API route: mounts, its own description."""
    return {
        str(context.path)
        for context in iter_route_contexts(app.routes)
        if not isinstance(context.original_route, APIRoute)
    }


def _of(context: Any) -> Iterator[Endpoint]:
    if not isinstance(context.original_route, APIRoute):
        return
    told = typing.get_type_hints(context.endpoint).get("return")
    for method in sorted(context.methods or ()):
        yield Endpoint(
            method=method,
            path=context.path,
            allows=tuple(allows(context.dependant)),
            parts=dict(_parts(context.dependant)),
            streams="EventSource" in str(told),
        )


def _parts(dependant: Any) -> Iterator[tuple[str, Any]]:
    """The parts of an address that an endpoint reads, itself or by what it depends on."""
    for part in dependant.path_params:
        yield part.name, part.field_info.annotation
    for below in dependant.dependencies:
        yield from _parts(below)
