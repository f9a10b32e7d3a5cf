"""Texts on the wire: one line, as people write them, without characters that no database keeps."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, Field, model_validator

from api.wire.base import Wire

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff]")


def one_line(text: str) -> str:
    """A text without control characters, its blanks made single."""
    return " ".join(_CONTROL.sub("", text).split())


Line = Annotated[str, AfterValidator(one_line), Field(max_length=300)]
Hours = Annotated[
    str,
    AfterValidator(one_line),
    Field(
        max_length=500,
        description="Au format `opening_hours` d'OpenStreetMap.",
        examples=["We 14:00-17:00; Sa 10:00-12:00; PH off"],
    ),
]
Phone = Annotated[str, AfterValidator(one_line), Field(max_length=60, examples=["03 28 41 00 00"])]
Code = Annotated[
    str,
    Field(
        min_length=1,
        max_length=60,
        pattern=r"^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$",
        description="Ne change plus une fois donné ; proposé d'après le nom quand il manque.",
        examples=["cassel"],
    ),
]


class Change(Wire):
    """What may be changed: fields that are left out stay as they are; none may be null but those named so."""

    @model_validator(mode="after")
    def _nothing_null(self) -> Any:
        empty = [name for name in self.model_fields_set if getattr(self, name) is None]
        wrong = [name for name in empty if name not in self.may_be_null()]
        if wrong:
            raise ValueError(f"{', '.join(sorted(wrong))} : donnez une valeur, ou laissez ce champ de côté.")
        return self

    @classmethod
    def may_be_null(cls) -> frozenset[str]:
        return frozenset()

    def given(self) -> dict[str, Any]:
        """The fields that were sent, with their values."""
        return {name: getattr(self, name) for name in self.model_fields_set}
