"""Desks, kept: one per week and state of the network, with every clock that was computed on it."""

import threading
from collections import OrderedDict
from typing import TypeAlias
from uuid import UUID

from sqlmodel import Session

from api.services.assemble import assemble
from api.services.network_records import the_network
from api.services.plans.desk import Desk
from api.services.plans.former import Codes, absent, with_former
from api.services.plans.habit import told_by
from api.services.plans.question import told_plan
from api.services.plans.store import plan_of_record
from api.services.territory import Territories
from models.service_day import IsoWeek

_KEPT = 12
_Key: TypeAlias = tuple[int, IsoWeek, UUID | None, Codes]


class Desks:
    """Opens the desk of a week; the same one as long as neither network nor habits change."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: OrderedDict[_Key, Desk] = OrderedDict()

    def open(self, session: Session, territories: Territories, week: IsoWeek, named: Codes) -> Desk:
        """A desk that knows everybody in `named`, archived or not."""
        territory = territories.open(session)
        habit = told_plan(session, week)
        key = (the_network(session).revision, week, habit.id if habit else None, absent(territory, named))
        with self._lock:
            found = self._open.get(key)
            if found is not None:
                self._open.move_to_end(key)
                return found
        asked = assemble(territory.network, territory.travel, week)
        told = told_by(plan_of_record(session, habit)) if habit else {}
        made = Desk(with_former(session, territory, key[3]), asked, told, former=key[3].sites)
        with self._lock:
            self._open[key] = made
            if len(self._open) > _KEPT:
                self._open.popitem(last=False)
        return made
