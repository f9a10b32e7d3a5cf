"""What every shape on the wire shares."""

from collections.abc import Callable, Iterable
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from api.repositories.paging import Page

Thing = TypeVar("Thing")
Row = TypeVar("Row")


class Wire(BaseModel):
    """Frozen; what is given under a name that nobody knows is refused, so that no typing error is lost."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def example(**fields: Any) -> ConfigDict:
    """What a request body looks like, for the documentation: `model_config = example(role="official")`."""
    return ConfigDict(json_schema_extra={"examples": [fields]})


class Listed(Wire, Generic[Thing]):
    """One page of a list; `next` goes into `cursor` to read on, null on the last page."""

    items: list[Thing]
    next: str | None = Field(default=None, description="À renvoyer dans `cursor` ; nul sur la dernière page.")


def listed(found: Page[Row], tell: Callable[[Row], Thing]) -> Listed[Thing]:
    """A page of rows → a page on the wire."""
    return Listed(items=[tell(row) for row in found.rows], next=found.next)


def all_of(found: Iterable[Row], tell: Callable[[Row], Thing]) -> Listed[Thing]:
    """A list that is short by nature, whole."""
    return Listed(items=[tell(row) for row in found])


class Problem(BaseModel):
    """RFC 9457: what went wrong, in French, with a stable `type`."""

    type: Annotated[str, Field(examples=["urn:navette:introuvable"])]
    title: Annotated[str, Field(examples=["Cela n'existe pas"])]
    status: Annotated[int, Field(examples=[404])]
    detail: Annotated[str, Field(examples=["La bibliothèque « casel » n'existe pas."])]
    findings: Annotated[
        list[str] | None, Field(description="Chaque remarque, quand il y en a plusieurs.")
    ] = None
    yours: Annotated[int | None, Field(description="La version que vous aviez (conflit).")] = None
    current: Annotated[int | None, Field(description="La version enregistrée (conflit).")] = None
    stored: Annotated[object | None, Field(description="Ce qui est enregistré (conflit).")] = None
