"""How a file's columns, sites and states are to be understood, as a form sends it: JSON in a field."""

from pydantic import Field as Default
from pydantic import ValidationError

from api.wire.base import Wire
from api.wire.items import ShortText
from models.errors import Finding, InputError
from models.transfers.values import Field, ItemState, Vocabulary


class Mapping(Wire):
    """What the JSON may hold."""

    columns: dict[Field, ShortText] = Default(default_factory=dict)
    sites: dict[ShortText, ShortText] = Default(default_factory=dict)
    states: dict[ShortText, ItemState] = Default(default_factory=dict)


def vocabulary_of(text: str) -> Vocabulary:
    """InputError with every finding when it is not such a JSON; empty text asks for nothing."""
    if not text.strip():
        return Vocabulary()
    try:
        mapping = Mapping.model_validate_json(text)
    except ValidationError as error:
        findings = tuple(
            Finding(where=".".join(["mapping", *map(str, one["loc"])]), message=one["msg"], remedy="")
            for one in error.errors()
        )
        raise InputError("Le champ mapping ne peut pas être compris.", findings) from error
    return Vocabulary(columns=mapping.columns, sites=mapping.sites, states=mapping.states)
