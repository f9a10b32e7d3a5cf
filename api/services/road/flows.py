"""Recurring flows: what goes from site to site in an ordinary week, as a table and as a CSV file."""

import csv
import io
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from sqlmodel import Session

from api.repositories import published_visits, shipments
from api.services import audit
from api.services.changes import announce
from api.wire.shipments import FlowIn, FlowOut, FlowsChanged
from models.errors import Finding, InputError, TooLarge
from models.network.sheet import Row, read_sheet
from models.tables.demand import FlowRecord

TITLES = ("origine", "destination", "documents_semaine", "bacs_semaine")
MOST_BYTES = 1_000_000
_MOST_DOCUMENTS, _MOST_CRATES = 100_000, 500


def put(session: Session, flows: Sequence[FlowIn]) -> FlowsChanged:
    """Put flows in; those not named stay. InputError, with every finding, where a place does not exist."""
    _judge(session, flows)
    stored = {(one.origin, one.destination): one for one in shipments.all_flows(session)}
    new = changed = 0
    for flow in {(one.origin, one.destination): one for one in flows}.values():
        record = stored.get((flow.origin, flow.destination))
        if record is None:
            session.add(FlowRecord(**dict(flow)))
            new += 1
        elif tell(record).model_dump(exclude={"version"}) != flow.model_dump():
            record.weekly_documents, record.weekly_crates = flow.weekly_documents, flow.weekly_crates
            session.add(record)
            changed += 1
    if new or changed:
        audit.note(session, "flows_put", "flow", "", new=new, changed=changed)
        announce(session, "network")
    return FlowsChanged(new=new, changed=changed, same=len(flows) - new - changed)


def read_csv(raw: bytes) -> list[FlowIn]:
    """A CSV file as people save it → flows.

    InputError with every finding and its line; TooLarge past 1 MB.
    """
    if len(raw) > MOST_BYTES:
        raise TooLarge("Ce fichier est trop grand : 1 Mo au plus.")
    with tempfile.TemporaryDirectory() as aside:  # what reads files is asked to read a file
        path = Path(aside) / "flux.csv"
        path.write_bytes(raw)
        sheet = read_sheet(path, TITLES[:2], frozenset(TITLES))
    findings = [one for one in sheet.findings if one.serious]
    flows = [flow for row in sheet.rows if (flow := _flow(row, findings))]
    if findings:
        raise InputError("Les flux n'ont pas pu être lus. Rien n'a été changé.", tuple(findings))
    return flows


def write_csv(session: Session) -> str:
    """All flows, as `read_csv` reads them."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(TITLES)
    for one in shipments.all_flows(session):
        writer.writerow((one.origin, one.destination, one.weekly_documents, one.weekly_crates))
    return out.getvalue()


def tell(record: FlowRecord) -> FlowOut:
    return FlowOut(**record.model_dump(exclude={"id"}))


def _flow(row: Row, findings: list[Finding]) -> FlowIn | None:
    numbers = []
    for title, most in zip(TITLES[2:], (_MOST_DOCUMENTS, _MOST_CRATES), strict=True):
        cell = row.cells.get(title, "") or "0"
        if not (cell.isascii() and cell.isdigit() and int(cell) <= most):
            message = f"« {title} » : « {cell[:40]} » n'est pas un nombre entier de 0 à {most}."
            findings.append(Finding(where="flux.csv", line=row.line, message=message, remedy="Corrigez-le."))
            return None
        numbers.append(int(cell))
    return FlowIn(
        origin=row.cells["origine"][:120],
        destination=row.cells["destination"][:120],
        weekly_documents=numbers[0],
        weekly_crates=numbers[1],
    )


def _judge(session: Session, flows: Iterable[FlowIn]) -> None:
    sites = set(published_visits.communes_of(session))
    findings = []
    for number, flow in enumerate(flows, start=1):
        wrong = [site for site in (flow.origin, flow.destination) if site not in sites]
        message = f"« {wrong[0]} » n'existe pas." if wrong else "il part d'un lieu pour le même."
        if wrong or flow.origin == flow.destination:
            findings.append(Finding(where=f"flux n° {number}", message=message, remedy=""))
    if findings:
        raise InputError("Les flux n'ont pas pu être enregistrés. Rien n'a été changé.", tuple(findings))
