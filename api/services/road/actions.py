"""What to leave and to take at each visit of a round.

To leave: crates that the plan names for the visit, crates with documents packed for the site, and as
many more as the plan has by habit. To take: what the library announced to be ready, else what the plan
has by habit: an announcement is the better number, also when it is the smaller one.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session

from api.repositories import published_visits, shipments
from api.repositories.published_visits import Told
from api.services.road.words import crates
from api.wire.shipments import ActionOut, RoundActionsOut, VisitActionsOut
from models.errors import Forbidden, NotFound
from models.tables.demand import ShipmentRecord
from models.tables.plans import ActionKind, VisitActionRecord, VisitRecord


@dataclass(frozen=True, kw_only=True, slots=True)
class _Known:
    communes: Mapping[str, str]
    planned: Mapping[UUID, Sequence[VisitActionRecord]]
    packed: Mapping[str, Sequence[tuple[str, str]]]
    waiting: Mapping[str, Sequence[ShipmentRecord]]

    def name(self, site: str | None) -> str:
        return self.communes.get(site or "", site or "ailleurs")


def round_actions(session: Session, code: str, driver: str | None) -> RoundActionsOut:
    """NotFound without such a round; Forbidden when it is not the round of `driver` (None: anybody's)."""
    found = published_visits.told_rounds(session, [code])
    if not found:
        raise NotFound(f"La tournée « {code} » n'est dans aucun planning publié.")
    told = found[0]
    if driver is not None and told.round.driver != driver:
        raise Forbidden("Cette tournée est confiée à quelqu'un d'autre.")
    return _of_rounds(session, [told])[0]


def actions_of_rounds(session: Session, codes: Collection[str]) -> list[RoundActionsOut]:
    """The same of several rounds, in time order, in as many queries as for one. What is not bound to a visit
    is done at the site's first call in all of them; rounds that no plan tells of are left out."""
    return _of_rounds(session, published_visits.told_rounds(session, codes))


def _of_rounds(session: Session, rounds: Sequence[Told]) -> list[RoundActionsOut]:
    known = _known(session, [visit for told in rounds for visit in told.visits])
    seen: set[str] = set()
    found = []
    for told in rounds:
        visits = []
        for visit in told.visits:
            first_call = visit.site not in seen
            visits.append(_of_visit(visit, known, told.round.day, first_call=first_call))
            seen.add(visit.site)
        found.append(RoundActionsOut(round=told.round.code, visits=visits))
    return found


def _known(session: Session, visits: Sequence[VisitRecord]) -> _Known:
    sites = {visit.site for visit in visits}
    planned: dict[UUID, list[VisitActionRecord]] = defaultdict(list)
    for action in shipments.planned_actions(session, [visit.id for visit in visits]):
        planned[action.visit].append(action)
    packed: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for destination, crate, origin in shipments.packed_for(session, sites):
        packed[destination].append((crate, origin))
    waiting: dict[str, list[ShipmentRecord]] = defaultdict(list)
    for record in shipments.waiting_shipments(session, sites):
        waiting[record.origin].append(record)
    return _Known(
        communes=published_visits.communes_of(session), planned=planned, packed=packed, waiting=waiting
    )


def _of_visit(visit: VisitRecord, known: _Known, day: date, *, first_call: bool) -> VisitActionsOut:
    """What is not bound to one visit is done at the site's first call in the round."""
    ready = [one for one in known.waiting.get(visit.site, ()) if one.ready_on <= day]
    leaving = _planned(visit, known, ActionKind.DELIVER)
    taking = _planned(visit, known, ActionKind.COLLECT)
    if first_call:
        named = {action.crate for action in leaving}
        leaving += _packed(known.packed.get(visit.site, ()), named, known)
        taking += [_announced(one, known) for one in ready]
    announced = first_call and bool(ready)
    leaving += _habit(visit.deliver - _total(leaving))
    taking += [] if announced else _habit(visit.collect - _total(taking))
    return VisitActionsOut(
        visit=visit.ref,
        site=visit.site,
        commune=known.name(visit.site),
        number=visit.number,
        leave=_total(leaving),
        take=_total(taking),
        leaving=leaving,
        taking=taking,
    )


def _planned(visit: VisitRecord, known: _Known, kind: ActionKind) -> list[ActionOut]:
    found = []
    for one in known.planned.get(visit.id, ()):
        if one.kind is kind:
            what = f"Bac {one.crate}" if one.crate else crates(one.crates).capitalize()
            way = "venu de" if kind is ActionKind.DELIVER else "pour"
            words = f"{what}, {way} {known.name(one.other_site)}." if one.other_site else f"{what}."
            found.append(
                ActionOut(crates=one.crates, crate=one.crate, other_site=one.other_site, words=words)
            )
    return found


def _packed(packed: Sequence[tuple[str, str]], named: set[str | None], known: _Known) -> list[ActionOut]:
    found = {
        crate: ActionOut(
            crates=1, crate=crate, other_site=origin, words=f"Bac {crate}, venu de {known.name(origin)}."
        )
        for crate, origin in reversed(packed)
        if crate not in named
    }
    return [found[crate] for crate in sorted(found)]


def _announced(record: ShipmentRecord, known: _Known) -> ActionOut:
    where = f" pour {known.name(record.destination)}" if record.destination else ""
    return ActionOut(
        crates=record.crates,
        crate=None,
        other_site=record.destination,
        words=f"{crates(record.crates).capitalize()} annoncé{'s' if record.crates > 1 else ''}{where}.",
    )


def _habit(number: int) -> list[ActionOut]:
    if number <= 0:
        return []
    words = f"{crates(number).capitalize()}, comme d'habitude."
    return [ActionOut(crates=number, crate=None, other_site=None, words=words)]


def _total(actions: Sequence[ActionOut]) -> int:
    return sum(action.crates for action in actions)
