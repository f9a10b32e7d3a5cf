"""Sheets of stickers to print: for crates, for the doors of libraries."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from api.endpoints.caller import Caller, Staff
from api.endpoints.problems import described
from api.services import labels
from api.services.labels import Printing, SheetFormat, Sticker
from models.tables.base import now

router = APIRouter(tags=["étiquettes"])
_PDF: dict[int | str, dict[str, Any]] = {
    200: {"description": "Les planches, A4", "content": {"application/pdf": {}}},
    **described(404),
}
_Code = Annotated[str, Query(max_length=80)]


def _printing(
    caller: Staff,
    format: Annotated[  # noqa: A002
        SheetFormat, Query(description="La planche : L7160, L7163, L7165, L7173 ou 70x37.")
    ] = SheetFormat.L7160,
    start: Annotated[int, Query(ge=1, le=24, description="La première étiquette libre de la planche.")] = 1,
) -> Printing:
    return Printing(format=format, start=start, public_url=caller.service.settings.public_url)


OnSheets = Annotated[Printing, Depends(_printing)]


@router.get("/crates/labels.pdf", summary="Des étiquettes de bacs", responses=_PDF, response_class=Response)
def of_crates(
    caller: Staff,
    printing: OnSheets,
    codes: Annotated[str, Query(max_length=60_000, description="Des codes, séparés par des virgules.")] = "",
    first: Annotated[_Code, Query(alias="from", examples=["HAZ-0100"])] = "",
    last: Annotated[_Code, Query(alias="to", examples=["HAZ-0123"])] = "",
) -> Response:
    with caller.read() as session:
        stickers = labels.of_crates(session, _split(codes), first, last)
    return _sent(caller, "Étiquettes de bacs", stickers, printing, "etiquettes-bacs.pdf")


@router.get(
    "/sites/labels.pdf",
    summary="Des cartes pour la porte des bibliothèques",
    responses=_PDF,
    response_class=Response,
)
def of_doors(
    caller: Staff,
    printing: OnSheets,
    sites: Annotated[str, Query(max_length=60_000, description="Vide : toutes les bibliothèques.")] = "",
) -> Response:
    with caller.read() as session:
        stickers = labels.of_doors(session, _split(sites))
    return _sent(caller, "Cartes de porte", stickers, printing, "cartes-de-porte.pdf")


def _split(codes: str) -> list[str]:
    return list(dict.fromkeys(code for part in codes.split(",") if (code := part.strip())))


def _sent(caller: Caller, title: str, stickers: list[Sticker], printing: Printing, name: str) -> Response:
    at = now()
    key = repr((title, stickers, printing, at.date()))
    content = caller.service.exports.get(key, lambda: labels.drawn(title, stickers, printing, at))
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-cache"}
    return Response(content, media_type="application/pdf", headers=headers)
