"""Every body that a program may send is shown by an example, and examples are what they are examples of."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from fastapi import FastAPI

from api.app import create_app
from api.wire.base import Wire

WHOLE_FILES = {"/api/v1/plans/import"}  # what another command has written
_DEEP = 6


@pytest.fixture(scope="module")
def described() -> Mapping[str, Any]:
    app: FastAPI = create_app()
    return app.openapi()


def _shown(schema: Mapping[str, Any], every: Mapping[str, Any], depth: int = 0) -> bool:
    if depth > _DEEP:
        return False
    if "example" in schema or "examples" in schema:
        return True
    below = [*schema.get("properties", {}).values(), *schema.get("anyOf", []), *schema.get("allOf", [])]
    below += [schema["items"]] if "items" in schema else []
    below += [every[schema["$ref"].rpartition("/")[2]]] if "$ref" in schema else []
    return any(_shown(one, every, depth + 1) for one in below)


def test_every_body_is_shown(described: Mapping[str, Any]) -> None:
    every = described["components"]["schemas"]
    bodies = {
        f"{method} {path}": operation["requestBody"]["content"]["application/json"]["schema"]
        for path, operations in described["paths"].items()
        for method, operation in operations.items()
        if path not in WHOLE_FILES
        and "application/json" in operation.get("requestBody", {}).get("content", {})
    }
    assert len(bodies) > 40
    assert [name for name, schema in bodies.items() if not _shown(schema, every)] == []


def _shapes(base: type[Wire] = Wire) -> Iterator[type[Wire]]:
    for one in base.__subclasses__():
        yield one
        yield from _shapes(one)


def test_examples_are_what_they_are_examples_of() -> None:
    create_app()  # loads every shape
    found = [(one, one.model_config.get("json_schema_extra")) for one in _shapes()]
    examples = [
        (one, given)
        for one, extra in found
        if isinstance(extra, dict)
        for given in extra["examples"]  # type: ignore[union-attr]
    ]
    assert len(examples) >= 11
    for one, given in examples:
        one.model_validate(given)
