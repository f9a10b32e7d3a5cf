"""What the service really answers, in its description: one example for each operation that answers JSON.

`api/wire/answers.json` holds answers of the sample network: « METHOD path » → its status and the answer.
"""

import json
from pathlib import Path
from typing import Any

import api.wire

ANSWERS = Path(api.wire.__path__[0]) / "answers.json"
_JSON = "application/json"


def show_answers(schema: dict[str, Any]) -> None:
    """Put each recorded answer where the description tells of such an answer."""
    for name, answer in json.loads(ANSWERS.read_text(encoding="utf-8")).items():
        method, path = name.split(" ", 1)
        operation = schema["paths"].get(path, {}).get(method.lower(), {})
        told = operation.get("responses", {}).get(answer["status"], {})
        if _JSON in told.get("content", {}):
            told["content"][_JSON].setdefault("example", answer["value"])
