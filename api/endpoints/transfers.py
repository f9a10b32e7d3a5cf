"""Lists of documents from other software: files, and the sources that they come from."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Form, Query, Response, UploadFile

from api.endpoints.caller import Caller, Coordinator, Staff, allowed
from api.endpoints.paging import Paging
from api.endpoints.problems import described
from api.endpoints.versions import Seen, tagged
from api.repositories import items as stored_items
from api.services.actor import Role
from api.services.items import sources
from api.services.items.importing import FileSent, carry_out, examine
from api.services.koha.report import HOW_TO, REPORT_SQL
from api.wire.base import Listed, all_of, listed
from api.wire.items import (
    ImportOut,
    KohaReportOut,
    NewSourceIn,
    ReadOut,
    SourceIn,
    SourceOut,
    import_out,
    read_out,
    source_out,
)
from api.wire.transfer_mapping import vocabulary_of
from models.errors import TooLarge
from models.tables.base import now

router = APIRouter(prefix="/transfers", tags=["transferts"])
Importer = Annotated[Caller, allowed(Role.COORDINATOR, scope="transfers:write")]
Name = Annotated[str, Form(min_length=1, max_length=200, description="La source.", examples=["Orphée"])]
MappingText = Annotated[
    str,
    Form(
        max_length=20_000,
        description="JSON : columns (champ → colonne), sites, states. Retenu pour la source à l'import.",
        examples=['{"columns": {"barcode": "Code-barres"}, "sites": {"BIB-CASS": "cassel"}}'],
    ),
]
JOB = "transfer_read"
LARGEST = 20 * 1024 * 1024


@router.post("/import", summary="Importer une liste de transferts (CSV)", responses=described(409, 413))
def import_file(
    caller: Importer,
    file: Annotated[UploadFile, File(description="CSV : tout encodage et tout séparateur usuels.")],
    source: Name,
    mapping: MappingText = "",
    dry_run: Annotated[bool, Query(description="Essai : montre la différence, n'enregistre rien.")] = True,
) -> ImportOut:
    raw = file.file.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise TooLarge("Ce fichier dépasse 20 Mo. Exportez seulement les transferts en cours.")
    sent = FileSent(name=file.filename or "fichier", raw=raw, source=source, asked=vocabulary_of(mapping))
    with caller.read() if dry_run else caller.write() as session:
        imported = (examine if dry_run else carry_out)(session, sent, now())
        return import_out(imported, dry_run=dry_run)


@router.get("/sources", summary="D'où viennent les listes de transferts")
def list_sources(caller: Staff) -> Listed[SourceOut]:
    with caller.read() as session:
        return all_of(stored_items.list_sources(session), source_out)


@router.post("/sources", summary="Ajouter une source", status_code=201, responses=described(409))
def add_source(asked: NewSourceIn, caller: Coordinator, response: Response) -> SourceOut:
    secret = caller.service.keyring.encrypt(asked.secret) if asked.secret else ""
    with caller.write() as session:
        record = sources.create(session, asked.name, asked.kind, asked.settings(), secret)
        response.headers["Location"] = f"/api/v1/transfers/sources/{record.id}"
        return tagged(response, source_out(record))


@router.get("/sources/{source}", summary="Une source", responses=described(404))
def show_source(source: UUID, caller: Staff, response: Response) -> SourceOut:
    with caller.read() as session:
        return tagged(response, source_out(stored_items.get_source(session, source)))


@router.put("/sources/{source}", summary="Régler une source", responses=described(404, 409, 428))
def change_source(
    source: UUID, asked: SourceIn, caller: Coordinator, seen: Seen, response: Response
) -> SourceOut:
    secret = caller.service.keyring.encrypt(asked.secret) if asked.secret else None
    with caller.write() as session:
        record = sources.seen_source(session, source, seen, source_out)
        return tagged(response, source_out(sources.change(session, record, asked.settings(), secret)))


@router.delete(
    "/sources/{source}", summary="Oublier une source", status_code=204, responses=described(404, 409, 428)
)
def remove_source(source: UUID, caller: Coordinator, seen: Seen) -> Response:
    with caller.write() as session:
        session.delete(sources.seen_source(session, source, seen, source_out))
    return Response(status_code=204)


@router.post(
    "/sources/{source}/read",
    summary="Lire une source maintenant, en arrière-plan",
    status_code=202,
    responses=described(404, 409),
)
def read_source(source: UUID, caller: Coordinator) -> SourceOut:
    with caller.write() as session:
        record = sources.to_be_read(session, source)
        caller.service.jobs.submit(session, JOB, str(source))
        return source_out(record)


@router.get("/koha-report", summary="Le rapport à enregistrer dans un Koha ancien")
def koha_report(caller: Staff) -> KohaReportOut:  # noqa: ARG001  # who may
    return KohaReportOut(sql=REPORT_SQL, how_to=HOW_TO)


@router.get("/reads", summary="Les lectures faites")
def list_reads(
    caller: Staff, paging: Paging, source: Annotated[str | None, Query(max_length=200)] = None
) -> Listed[ReadOut]:
    with caller.read() as session:
        return listed(stored_items.list_reads(session, source, paging), read_out)
