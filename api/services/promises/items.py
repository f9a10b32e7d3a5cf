"""Where a document or a crate is, and when it will be where it goes, from where it is now."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from sqlmodel import Session

from api.repositories import items as stored
from api.repositories import scans
from api.service import Service
from api.services.actor import Actor, Role
from api.services.items.where import ItemWhere, Where, where_is
from api.services.promises import words
from api.services.promises.answer import kept_of, open_index
from api.services.promises.index import Index, Known
from api.services.promises.tell import tell
from api.services.promises.way import Way, way
from api.wire.promises import PromiseOut, PromiseState
from models.custody.crates import Holder
from models.tables.demand import CustodyRecord, ItemRecord
from routing.promise.earliest import START
from routing.promise.journey import Leg, aboard_legs, depot_legs
from routing.promise.timetable import NEVER, Run

_BEHIND_S = 3600  # a halt that should have ended an hour ago is taken as passed


@dataclass(frozen=True, kw_only=True, slots=True)
class Thing:
    """What is asked about: a document with its record, or a crate alone. `called` begins sentences."""

    code: str
    called: str
    found: ItemWhere
    origin: str
    destination: str
    custody: CustodyRecord | None


def promise_of_code(session: Session, service: Service, actor: Actor, code: str, now: datetime) -> PromiseOut:
    """By a barcode, else by the code of a crate. To a library only what leaves or reaches it is known.

    What nobody knows is told as « inconnu », with what to do; it is no error.
    """
    thing = _document(session, actor, code, now) or _crate(session, actor, code)
    if thing is None:
        return _unknown(code, now)
    index = open_index(session, service, now)
    origin, destination = index.sites.get(thing.origin), index.sites.get(thing.destination)
    if thing.found.where is Where.DELIVERED or origin is None or destination is None:
        return _bare(thing, now)
    found = _way(session, index, thing, (origin, destination), now)
    if found is None:
        return _bare(thing, now)
    told = tell(found)
    promised = kept_of(told, found)
    if promised:
        service.promised.note(promised)
    return told


def _document(session: Session, actor: Actor, code: str, now: datetime) -> Thing | None:
    found = where_is(session, actor, code, now)
    record: ItemRecord | None = found.record
    if record is None:
        return None
    custody = stored.find_custody(session, record.crate) if record.crate else None
    return Thing(
        code=code,
        called="Ce document",
        found=found,
        origin=record.origin,
        destination=record.destination,
        custody=custody,
    )


def _crate(session: Session, actor: Actor, code: str) -> Thing | None:
    """A crate that facts tell of; where it goes is what the documents in it say, if they agree."""
    custody = stored.find_custody(session, code)
    inside = stored.list_in_crates(session, [code])
    if custody is None and not inside:
        return None
    sites = {one.origin for one in inside} | {one.destination for one in inside}
    here = custody.holder_ref if custody and custody.holder is Holder.SITE else ""
    if actor.role is Role.LIBRARY and actor.site not in {*sites, here}:
        return None
    origins, ends = {one.origin for one in inside}, {one.destination for one in inside}
    origin = here or (origins.pop() if len(origins) == 1 else "")
    return Thing(
        code=code,
        called="Ce bac",
        found=_crate_where(custody, ends, here),
        origin=origin,
        destination=ends.pop() if len(ends) == 1 else "",
        custody=custody,
    )


def _crate_where(custody: CustodyRecord | None, ends: set[str], here: str) -> ItemWhere:
    if custody is None:
        return ItemWhere(where=Where.WAITING, basis="Des documents y sont rangés ; nul ne l'a encore pointé.")
    if custody.holder is Holder.ROUND:
        return ItemWhere(where=Where.TRAVELLING, basis="À bord de la navette.", since=custody.since)
    if custody.holder is Holder.UNKNOWN:
        basis = "Il a été vu, mais nul ne sait où il est."
        return ItemWhere(where=Where.UNKNOWN, basis=basis, since=custody.since)
    if not ends or ends == {here}:
        return ItemWhere(where=Where.DELIVERED, basis=f"Déposé ({here}).", since=custody.since)
    return ItemWhere(where=Where.WAITING, basis=f"Il attend la navette ({here}).", since=custody.since)


def _way(
    session: Session, index: Index, thing: Thing, ends: tuple[Known, Known], now: datetime
) -> Way | None:
    """From where it is now; None where that is not known well enough to promise anything."""
    origin, destination = ends
    custody = thing.custody
    state = PromiseState(thing.found.where)
    told = _Told(thing=thing, state=state, now=now)
    if custody is not None and custody.holder is Holder.ROUND:
        position = _aboard(session, index, custody, now)
        return None if position is None else told.riding(index, ends, *position)
    if custody is not None and custody.holder is Holder.SITE:
        place = index.sites.get(custody.holder_ref)
        if place is None:
            return None
        if not place.served:
            return told.lying(index, (origin, destination), place, custody.since)
        origin = place
    elif state in {PromiseState.TRAVELLING, PromiseState.UNKNOWN}:
        return None  # its software says that it has left: nobody knows how far it has got
    if origin.code == destination.code:
        return None
    return told.dressed(way(index, origin, destination, now, now))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Told:
    """How the ways of one thing are begun."""

    thing: Thing
    state: PromiseState
    now: datetime

    def dressed(self, found: Way) -> Way:
        return replace(
            found,
            item=self.thing.code,
            state=self.state,
            begun=self.thing.called,
            basis=self.thing.found.basis,
            basis_at=self.thing.found.since,
        )

    def riding(self, index: Index, ends: tuple[Known, Known], run: int, taken: int, position: int) -> Way:
        """Aboard a run since the halt `taken`, past the halt `position`; sorted if taken at a depot."""
        tour = index.odds.timetable.runs[run]
        site = tour.start if taken < 0 else tour.calls[taken].site
        in_order = index.odds.timetable.places[site].depot
        legs = aboard_legs(index.odds.reach, run, position, ends[1].index, sorted_already=in_order)
        shares = index.odds.aboard(run, position, sorted_already=in_order)[ends[1].index]
        return self.dressed(self._plain(index, ends, legs, shares))

    def lying(self, index: Index, ends: tuple[Known, Known], depot: Known, since: datetime) -> Way:
        """At a depot since an instant, sorted or being sorted."""
        sorted_at = max(int(since.timestamp()) + index.odds.timetable.sorting_s, int(self.now.timestamp()))
        legs = depot_legs(index.odds.reach, depot.index, sorted_at, ends[1].index)
        shares = index.odds.lying(depot.index, sorted_at)[ends[1].index]
        return self.dressed(self._plain(index, ends, legs, shares))

    def _plain(
        self, index: Index, ends: tuple[Known, Known], legs: Sequence[Leg], shares: NDArray[np.int64]
    ) -> Way:
        return Way(
            index=index,
            origin=ends[0],
            destination=ends[1],
            asked_at=int(self.now.timestamp()),
            now=self.now,
            legs=tuple(legs),
            arrival_at=legs[-1].at if legs else NEVER,
            shares=shares,
        )


def _aboard(
    session: Session, index: Index, custody: CustodyRecord, now: datetime
) -> tuple[int, int, int] | None:
    """The run that a crate is aboard, where it was taken and the last halt that is behind it; None for a run
    nobody knows."""
    run = index.run(custody.holder_ref)
    if run is None:
        return None
    tour, passed = index.odds.timetable.runs[run], int(now.timestamp()) - _BEHIND_S
    live = index.live.get(tour.code)
    if _is_silent(tour if live is None else live.planned, live.heard_at if live else None, passed):
        return None  # it should have been unloaded long ago: silence is not punctuality
    visit = _taken_at(session, custody)
    refs = [call.ref for call in tour.calls]
    taken = refs.index(visit) if visit in refs else START  # loaded at the depot, which is no call
    behind = [
        k for k, call in enumerate(tour.calls) if (call.live.over if call.live else call.end_at < passed)
    ]
    return run, taken, max([taken, *behind])


def _is_silent(planned: Run, heard_at: datetime | None, passed: int) -> bool:
    """Whether it should be over, and nothing was heard of it since."""
    return planned.end_at < passed and (heard_at is None or heard_at.timestamp() < passed)


def _taken_at(session: Session, custody: CustodyRecord) -> str:
    """The visit at which it was taken aboard."""
    told = scans.newest_of_crate(session, custody.crate, 20)
    return next((one.visit for one in told if str(one.id) == custody.scan), "")


def _bare(thing: Thing, now: datetime) -> PromiseOut:
    """What is known, without a date."""
    found = thing.found
    sentences = {
        Where.DELIVERED: f"{thing.called} est arrivé.",
        Where.TRAVELLING: f"{thing.called} est en route ; sa date d'arrivée n'est pas connue.",
        Where.PLANNED: f"{thing.called} attend la navette ; sa date d'arrivée n'est pas connue.",
        Where.WAITING: f"{thing.called} attend la navette ; sa date d'arrivée n'est pas connue.",
        Where.UNKNOWN: f"Personne ne sait où est {thing.called.lower()}.",
    }
    since = f" ({words.moment(found.since)})" if found.where is Where.DELIVERED and found.since else ""
    return PromiseOut(
        state=PromiseState(found.where),
        origin=thing.origin,
        destination=thing.destination,
        item=thing.code,
        asked_at=now,
        sentence=sentences[found.where].replace("arrivé.", f"arrivé{since}."),
        basis=found.basis,
        basis_at=found.since,
        age_s=max(0, int((now - found.since).total_seconds())) if found.since else None,
    )


def _unknown(code: str, now: datetime) -> PromiseOut:
    return PromiseOut(
        state=PromiseState.UNKNOWN,
        origin="",
        destination="",
        item=code,
        asked_at=now,
        sentence="Ce code n'est pas connu de la navette. Vérifiez-le, ou demandez à votre bibliothèque.",
        basis="Aucune demande de transfert et aucun bac ne portent ce code.",
    )
