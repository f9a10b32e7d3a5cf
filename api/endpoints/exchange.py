"""The network in and out: import with a look at the difference first, export in three forms."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Query, Response, UploadFile
from sqlmodel import Session

from api.endpoints.caller import Caller, allowed
from api.endpoints.known_first import KnownFirst
from api.endpoints.problems import described
from api.endpoints.versions import SeenPerhaps, needed, tagged
from api.repositories.network import get_network
from api.services.actor import Role
from api.services.described.codes import stem_of
from api.services.exchange import exporting, importing
from api.services.exchange.parcel import Upload, read_columns, sorted_out
from api.wire.exchange import ImportOut

router = APIRouter(tags=["réseau"], route_class=KnownFirst)
Writer = Annotated[Caller, allowed(Role.COORDINATOR, scope="network:write")]
Reader = Annotated[Caller, allowed(Role.COORDINATOR, Role.OFFICIAL, scope="network:read")]
_ZIP = "application/zip"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_GEOJSON = "application/geo+json"

Files = Annotated[
    list[UploadFile],
    File(description="CSV, XLSX, GeoJSON, network.toml, communes.geojson, travel.npz, ou un ZIP de ceux-ci."),
]
Columns = Annotated[
    str,
    Form(
        max_length=10_000,
        description='Titres de Navette → titres de vos fichiers, en JSON : {"identifiant": "code bib"}.',
    ),
]


@dataclass(frozen=True, slots=True)
class How:
    """How an import is meant."""

    dry_run: bool
    archive_missing: bool
    columns: str


def _how(
    dry_run: Annotated[bool, Query(description="Vrai : montrer la différence, ne rien enregistrer.")] = False,
    archive_missing: Annotated[
        bool, Query(description="Vrai : archiver ce qui n'est plus dans les fichiers.")
    ] = False,
    columns: Columns = "",
) -> How:
    return How(dry_run, archive_missing, columns)


@router.post(
    "/network/import",
    summary="Importer des fichiers dans le réseau, ou voir ce que cela changerait",
    responses=described(404, 409, 413, 428),
)
def import_files(
    caller: Writer,
    seen: SeenPerhaps,
    response: Response,
    files: Files,
    how: Annotated[How, Depends(_how)],
) -> ImportOut:
    uploads = [Upload(one.filename or "", one.file.read()) for one in files]
    parcel = sorted_out(uploads, read_columns(how.columns))
    territories, archive = caller.service.territories, how.archive_missing
    if how.dry_run:
        with caller.read() as session:
            found, revision = importing.look(session, territories, parcel, archive_missing=archive)
    else:
        version = needed(seen)
        with caller.write() as session:
            found, revision = importing.store(session, territories, parcel, version, archive_missing=archive)
    return tagged(response, ImportOut.of(found, revision, stored=not how.dry_run))


@router.get(
    "/network/export.csv.zip",
    summary="Le réseau en CSV, avec tout ce qu'il faut pour l'importer de nouveau",
    response_class=Response,
    responses={200: {"content": {_ZIP: {}}}, **described(404)},
)
def export_zip(caller: Reader) -> Response:
    return _export(caller, exporting.as_zip, _ZIP, "csv.zip")


@router.get(
    "/network/export.xlsx",
    summary="Le réseau en classeur XLSX",
    response_class=Response,
    responses={200: {"content": {_XLSX: {}}}, **described(404)},
)
def export_workbook(caller: Reader) -> Response:
    return _export(caller, exporting.as_workbook, _XLSX, "xlsx")


@router.get(
    "/network/export.geojson",
    summary="Les lieux du réseau en GeoJSON",
    response_class=Response,
    responses={200: {"content": {_GEOJSON: {}}}, **described(404)},
)
def export_geojson(caller: Reader) -> Response:
    return _export(caller, exporting.as_geojson, _GEOJSON, "geojson")


def _export(caller: Caller, write: Callable[[Session], bytes], kind: str, suffix: str) -> Response:
    with caller.read() as session:
        head = get_network(session)
        content = write(session)
    name = f"navette-{stem_of(head.code) or 'reseau'}-{head.revision}.{suffix}"
    return Response(
        content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
