"""What endpoints ask of the application: the shelf of plans, the network on its roads."""

from typing import Annotated

from fastapi import Depends, Query, Request

from api.services.folder import Territory, TerritoryFolder
from api.services.shelf import Shelf


def _shelf(request: Request) -> Shelf:
    shelf: Shelf = request.app.state.shelf
    return shelf


def _territory(request: Request) -> Territory:
    folder: TerritoryFolder = request.app.state.territory
    return folder.open()


TheShelf = Annotated[Shelf, Depends(_shelf)]
TheTerritory = Annotated[Territory, Depends(_territory)]
Week = Annotated[
    str | None,
    Query(description="Semaine ISO ; la dernière planifiée par défaut.", examples=["2026-W49"]),
]
