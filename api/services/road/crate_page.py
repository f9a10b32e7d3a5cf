"""What the page of one crate says to those who follow the shuttle: where it is, and where it has been."""

from dataclasses import dataclass

from sqlmodel import Session

from api.repositories import crates, library, published_visits
from api.repositories.paging import Slice
from api.services.road.crate_history import history
from api.wire.crates import CrateStepOut
from models.custody.crates import Holder
from models.errors import NotFound
from models.tables.demand import CustodyRecord

_LAST = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class CratePage:
    """`where` and `home` are in words; `steps` the newest first."""

    code: str
    label: str
    home: str
    where: str
    registered: bool
    steps: list[CrateStepOut]


def crate_page(session: Session, code: str) -> CratePage:
    """NotFound for a code that nobody has registered and no fact tells of."""
    record = crates.find_crate(session, code)
    custody = crates.custody_at(session, [code]).get(code)
    steps = list(history(session, code, Slice(limit=_LAST)).rows)
    if record is None and custody is None and not steps:
        raise NotFound(f"Le bac « {code} » n'est pas enregistré.")
    home = library.site_of_code(session, record.home) if record and record.home else None
    return CratePage(
        code=code,
        label=record.label if record else "",
        home=home.name if home else "",
        where=_where(session, custody),
        registered=record is not None,
        steps=steps,
    )


def _where(session: Session, custody: CustodyRecord | None) -> str:
    if custody is None:
        return "Personne n'a encore dit où il est."
    if custody.holder is Holder.UNKNOWN:
        return "On ne sait pas où il est."
    state = {True: ", vide", False: ", plein", None: ""}[custody.empty]
    if custody.holder is Holder.ROUND:
        return f"À bord de la tournée {custody.holder_ref}{state}."
    communes = published_visits.communes_of(session)
    return f"À {communes.get(custody.holder_ref, custody.holder_ref)}{state}."
