"""The network on the wire."""

from typing import Annotated

from pydantic import Field

from api.wire.base import Wire


class NetworkOut(Wire):
    """Who runs the network. `revision` grows whenever anything that a plan depends on changes."""

    version: int
    code: Annotated[str, Field(examples=["escapade"])]
    name: Annotated[str, Field(examples=["L'Escapade"])]
    organisation: Annotated[str, Field(examples=["Cœur de Flandre agglo"])]
    coordinator_name: str
    coordinator_phone: str
    coordinator_email: str
    rules: dict[str, int]
    revision: int
