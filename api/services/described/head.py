"""The network itself: who runs it, its rules, and everything that can be said of it."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from api.repositories.network import get_network
from api.services.changes import announce
from api.services.described.change import Seen
from api.services.described.judge import all_findings
from api.services.network_records import network_of
from api.services.territory import Territories, touch
from api.services.versions import must_match
from models.errors import Finding
from models.network.cells import Cells
from models.network.sheet import Row
from models.tables.network import NetworkRecord


def change_network(session: Session, fields: Mapping[str, Any], seen: Seen) -> NetworkRecord:
    """Change some fields, and some of the rules. StaleVersion when somebody else came first."""
    touch(session)
    record = get_network(session)
    session.refresh(record)
    must_match(record, seen.version, seen.tell(record))
    for name, value in fields.items():
        if name == "rules":
            record.rules = {**record.rules, **value}
        else:
            setattr(record, name, _phone(value) if name == "coordinator_phone" else value)
    session.add(record)
    session.flush()
    announce(session, "network", record.code)
    return record


def check_stored(session: Session, territories: Territories) -> tuple[Finding, ...]:
    """Every finding about the stored network, serious ones first."""
    communes = territories.ground(session).communes or ()
    return tuple(sorted(all_findings(network_of(session), communes), key=lambda one: not one.serious))


def _phone(text: str) -> str:
    return Cells("", Row(line=0, cells={"telephone": text}), []).phone()
