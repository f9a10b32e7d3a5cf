"""Records what the service answers to the tests, as examples for the description of its API.

    make examples

writes `api/wire/answers.json`: for each operation the answer that shows most, long lists cut short and what
opens doors hidden; operations that no test of this run asked keep the answer they had. That every example is
what it is an example of, is tested in `test_answer_examples`.
"""

import json
import re
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from api.endpoints.answer_examples import ANSWERS

_LONGEST, _MOST_ITEMS, _LARGEST = 300, 2, 5000  # characters of a text, items of a list, bytes of an example
_SECRETS = re.compile(r"(?<![\w-])(?:(whsec_)[A-Za-z0-9+/=]{20,}|(nv[a-z]_)?[A-Za-z0-9_-]{32,})(?![\w-])")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _hidden(text: str) -> str:
    """A text without what opens doors; ids are no secret."""
    if _UUID.fullmatch(text):
        return text
    plain = _SECRETS.sub(lambda found: f"{found[1] or found[2] or ''}EXEMPLE", text)
    return plain if len(plain) <= _LONGEST else f"{plain[:_LONGEST]}…"


def trimmed(value: Any, items: int = _MOST_ITEMS) -> Any:
    """An answer made short enough to be read."""
    if isinstance(value, str):
        return _hidden(value)
    if isinstance(value, list):
        return [trimmed(one, items) for one in value[:items]]
    if isinstance(value, dict):
        return {name: trimmed(one, items) for name, one in value.items()}
    return value


def shown(value: Any) -> int:
    """How much an answer shows: what it has that is not empty."""
    if isinstance(value, list | dict):
        return sum(map(shown, value.values() if isinstance(value, dict) else value))
    return value not in {None, ""}


class Recorder:
    """Keeps the best answer to each operation of an application."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, Any]] = {}
        self._paths: list[tuple[re.Pattern[str], str]] = []

    def hear(self, client: TestClient, answer: Response) -> None:
        kind = answer.headers.get("content-type", "")
        if not 200 <= answer.status_code < 300 or kind != "application/json" or not answer.content:
            return
        path = self._template(client.app, answer.request.url.path)
        if path is None:
            return
        value = answer.json()
        short = trimmed(value)
        if len(json.dumps(short)) > _LARGEST:
            short = trimmed(value, items=1)
        name = f"{answer.request.method} {path}"
        before = self.kept.get(name)
        if before is None or shown(short) > shown(before["value"]):
            self.kept[name] = {"status": str(answer.status_code), "value": short}

    def _template(self, app: Any, path: str) -> str | None:
        if not self._paths:
            # Those without parts first: /crates/balance is not the crate « balance ».
            paths = sorted(app.openapi()["paths"], key=lambda one: (one.count("{"), one))
            self._paths = [(re.compile(re.sub(r"\{[^}]+\}", "[^/]+", one) + "$"), one) for one in paths]
        return next((template for pattern, template in self._paths if pattern.match(path)), None)


@pytest.fixture(scope="session", autouse=True)
def recording() -> Any:
    """Listens while tests talk, and writes it down when they are over."""
    recorder, plain = Recorder(), TestClient.request

    def request(client: TestClient, *given: Any, **named: Any) -> Response:
        answer = plain(client, *given, **named)
        if hasattr(client.app, "openapi"):
            recorder.hear(client, answer)
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TestClient, "request", request)
        yield
    kept = {**json.loads(ANSWERS.read_text(encoding="utf-8")), **recorder.kept}
    text = json.dumps({name: kept[name] for name in sorted(kept)}, ensure_ascii=False, indent=1)
    ANSWERS.write_text(f"{text}\n", encoding="utf-8")
