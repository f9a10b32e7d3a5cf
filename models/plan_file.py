"""`plan.json`: a plan ⇄ JSON, versioned. Any reader knows from `format` and `version` what it holds."""

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from models.errors import InputError, NotFound
from models.plan import Plan

FORMAT: Final = "navette-plan"
VERSION: Final = 1


@cache
def _plans() -> TypeAdapter[Plan]:
    return TypeAdapter(Plan)


def dump_plan(plan: Plan) -> str:
    """The JSON text of a plan, indented, in the field names of `models.plan`; ends with a newline."""
    document = {"format": FORMAT, "version": VERSION, **_plans().dump_python(plan, mode="json")}
    if plan.proof is None:
        del document["proof"]
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def parse_plan(text: str, where: str = "plan.json") -> Plan:
    """The plan that `dump_plan` wrote; InputError names the place and what does not fit."""
    try:
        document: Any = json.loads(text)
        if not isinstance(document, dict) or document.pop("format", None) != FORMAT:
            raise InputError(f"{where} n'est pas un planning de Navette.")
        version = document.pop("version", None)
        if version != VERSION:
            raise InputError(
                f"{where} est au format {version}, cette version de Navette lit le format {VERSION}. "
                "Mettez Navette à jour, ou recalculez la semaine."
            )
        return _plans().validate_python(document)
    except json.JSONDecodeError as error:
        raise InputError(
            f"{where}, ligne {error.lineno} : ce n'est pas du JSON. Recalculez la semaine."
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise InputError(f"{where}, champ « {field} » : {first['msg']}. Recalculez la semaine.") from error


def read_plan(path: Path) -> Plan:
    """The plan in a file; NotFound when there is none."""
    try:
        return parse_plan(path.read_text(encoding="utf-8"), str(path))
    except FileNotFoundError as error:
        raise NotFound(f"Il n'y a pas de planning dans « {path} ».") from error
