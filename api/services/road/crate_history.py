"""Where a crate has been, page by page, newest first, as its facts tell."""

from collections.abc import Collection
from uuid import UUID

from sqlmodel import Session

from api.repositories import published_visits, scans
from api.repositories.paging import Page, Slice
from api.wire.crates import CrateStepOut
from models.custody.facts import Scan, ScanKind, round_of, site_of
from models.custody.settle import Fact, settle

_WORDS = {
    ScanKind.ARRIVED: "Vu à {site}.",
    ScanKind.LEFT: "Parti de {site}.",
    ScanKind.DELIVERED: "Déposé à {site}.",
    ScanKind.PICKED_UP: "Pris à {site}, à bord de {round}.",
    ScanKind.EMPTY: "Vide à {site}.",
    ScanKind.CLOSED: "Porte close à {site}.",
    ScanKind.PROBLEM: "Problème à {site}.",
}
_SAYING = (*_WORDS, ScanKind.CORRECTION)


def history(session: Session, code: str, asked: Slice) -> Page[CrateStepOut]:
    """One page of the facts about a crate, registered or not.

    A fact that came to speak of the crate by a correction stands where its newest such correction does. Pages
    follow the tellers' clocks; within a page what was corrected or put right stands at its true moment.
    """
    found = scans.page_of_crate(session, code, _SAYING, asked)
    here = {one.id for one in found.rows}
    told = {one.id: one for one in scans.with_mendings(session, scans.scans_of_ids(session, here))}
    facts = {fact.scan.id: fact for fact in settle(told.values())}
    communes = published_visits.communes_of(session)
    own = [one for one in told.values() if one.kind in _WORDS and _stands_here(one, code, here, facts, told)]
    steps = sorted((_step(one, code, facts, communes) for one in own), key=_moment, reverse=True)
    return Page(steps, found.next)


def _stands_here(
    scan: Scan, code: str, here: Collection[UUID], facts: dict[UUID, Fact], told: dict[UUID, Scan]
) -> bool:
    if scan.crate == code:
        return scan.id in here
    fact = facts.get(scan.id)
    if fact is None or fact.crate != code:
        return False
    naming = [told[key] for key in fact.corrections if told[key].crate == code]
    return max(naming, key=lambda one: (one.occurred_at, one.id)).id in here


def _step(scan: Scan, code: str, facts: dict[UUID, Fact], communes: dict[str, str]) -> CrateStepOut:
    fact = facts.get(scan.id)
    site = site_of(scan.visit) or "un lieu inconnu"
    words = _WORDS[scan.kind].format(
        site=communes.get(site, site), round=round_of(scan.visit) or "la navette"
    )
    return CrateStepOut(
        scan=scan.id,
        kind=scan.kind,
        at=fact.at if fact else scan.happened_at,
        visit=scan.visit,
        words=words,
        undone=fact is None or fact.crate != code,
        author=scan.teller,
    )


def _moment(step: CrateStepOut) -> tuple[object, UUID]:
    return (step.at, step.scan)
