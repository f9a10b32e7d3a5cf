"""Every answer in JSON is shown by an example, and examples are what they are examples of."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator

from api.app import create_app
from tests.recorded_answers import trimmed

_JSON = "application/json"
# Files in many formats: JSON where one is asked for by its name.
FILES = {"GET /api/v1/rounds/{code}/files/{name}"}


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    return create_app().openapi()


def _answers(described: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """« METHOD path » and what is said of its JSON, for each operation that answers some."""
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            for status, told in operation["responses"].items():
                if status.startswith("2") and _JSON in told.get("content", {}):
                    yield f"{method.upper()} {path}", told["content"][_JSON]


def test_every_answer_is_shown(described: Mapping[str, Any]) -> None:
    found = dict(_answers(described))
    assert len(found) > 120
    assert {name for name, told in found.items() if "example" not in told} == FILES


def test_examples_are_what_they_are_examples_of(described: Mapping[str, Any]) -> None:
    wrong = []
    for name, told in _answers(described):
        if "example" in told and told.get("schema"):
            schema = {**told["schema"], "components": described["components"]}
            errors = Draft202012Validator(schema).iter_errors(told["example"])
            wrong += [f"{name}: {error}" for error in errors]
    assert wrong == []


def test_no_example_opens_a_door(described: Mapping[str, Any]) -> None:
    """What is random enough to be a secret was hidden before it was written down."""
    shown = {name: told["example"] for name, told in _answers(described) if "example" in told}
    assert {name for name, value in shown.items() if trimmed(value) != value} == set()
