"""Who may call what, in the description of the API: read from the endpoints, so that it cannot lie.

What they answer is shown by real answers.
"""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

from api.endpoints.answer_examples import show_answers
from api.endpoints.caller import Allow
from api.services.actor import Role

_SCHEMES = {
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "navette",
        "description": "Un navigateur identifié par POST /api/v1/login (`__Host-navette` sous https). Ce qui "
        "change quelque chose demande aussi l'en-tête `X-CSRF-Token`.",
    },
    "jeton": {
        "type": "http",
        "scheme": "bearer",
        "description": "Le jeton d'un téléphone (`nvd_…`), une clé (`nvk_…`) ou le lien d'une bibliothèque.",
    },
}
_WORDS = {
    Role.COORDINATOR: "la coordination",
    Role.OFFICIAL: "les élus",
    Role.DRIVER: "les conducteurs",
    Role.LIBRARY: "les bibliothèques, chacune pour elle-même",
    Role.INTEGRATOR: "les clés",
}
_BROWSERS = {Role.COORDINATOR, Role.OFFICIAL}


def document_access(app: FastAPI) -> None:
    """Have an application's description say who may call each endpoint, and show what it answers, once all
    routers are in."""
    plain = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            _complete(app, plain())
        return plain()

    app.openapi = described  # type: ignore[method-assign]  # as FastAPI has it done


def allows(dependant: Dependant) -> Iterator[Allow]:
    """Everything that must let a caller pass, in the order it is asked."""
    if isinstance(dependant.call, Allow):
        yield dependant.call
    for inner in dependant.dependencies:
        yield from allows(inner)


def _complete(app: FastAPI, schema: dict[str, Any]) -> None:
    schema.setdefault("components", {})["securitySchemes"] = _SCHEMES
    show_answers(schema)
    for context in iter_route_contexts(app.routes):
        if isinstance(context.original_route, APIRoute) and context.dependant is not None:
            for method in context.methods or ():
                operation = schema["paths"].get(context.path, {}).get(method.lower())
                if operation:
                    _say(operation, list(allows(context.dependant)))


def _say(operation: dict[str, Any], asked: list[Allow]) -> None:
    closed = [allow for allow in asked if Role.PUBLIC not in allow.roles]
    if not closed:
        operation["security"] = []
        return
    roles = frozenset.intersection(*(allow.roles for allow in closed))
    scopes = sorted({allow.scope for allow in closed if allow.scope})
    ways: list[dict[str, list[str]]] = [{"session": []}] if roles & _BROWSERS else []
    operation["security"] = [*ways, *([{"jeton": scopes}] if roles - _BROWSERS else [])]
    names = [words for role, words in _WORDS.items() if role in roles and role is not Role.INTEGRATOR]
    if Role.INTEGRATOR in roles:
        names.append(" ".join([_WORDS[Role.INTEGRATOR], *(f"de portée `{scope}`" for scope in scopes)]))
    said = f"Pour {' ; '.join(names)}."
    operation["description"] = "\n\n".join(filter(None, (operation.get("description"), said)))
