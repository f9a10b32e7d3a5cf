"""What is asked of vehicles and of drivers alike: to list, show, add, change, archive and restore them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from fastapi import Response
from pydantic import BaseModel
from sqlmodel import Session

from api.endpoints.caller import Caller
from api.endpoints.once import Repeatable
from api.endpoints.versions import tagged
from api.repositories.network import get_coded, list_coded
from api.services.described import change
from api.services.described.change import Changed, Desk, Seen
from api.services.described.kinds import Kind
from api.wire.base import Listed, all_of
from api.wire.fleet import DriverAnswer, DriverOut, VehicleAnswer, VehicleOut
from api.wire.network import FindingOut
from models.service_day import today
from models.tables.network import DriverRecord, VehicleRecord

Stored = TypeVar("Stored", VehicleRecord, DriverRecord)
Told = TypeVar("Told", VehicleOut, DriverOut)
Answer = TypeVar("Answer", VehicleAnswer, DriverAnswer)


@dataclass(frozen=True, slots=True)
class Shelf(Generic[Stored, Told, Answer]):
    """One of the two: its address below /api/v1, and how it is told, alone and as the answer to a change."""

    address: str
    kind: Kind[Stored]
    tell: Callable[[Stored], Told]
    answer: type[Answer]

    def list(self, caller: Caller, *, archived: bool) -> Listed[Told]:
        with caller.read() as session:
            return all_of(list_coded(session, self.kind.record, archived=archived), self.tell)

    def show(self, caller: Caller, code: str, response: Response) -> Told:
        with caller.read() as session:
            return tagged(response, self.tell(get_coded(session, self.kind.record, code)))

    def add(self, caller: Caller, asked: BaseModel, once: Repeatable, response: Response) -> Answer:
        with caller.write() as session:

            def make() -> Answer:
                return self._answered(change.create(self._desk(caller, session), asked.model_dump()))

            made = once(session, caller.actor, asked, make, self.answer)
        response.headers["Location"] = f"/api/v1/{self.address}/{made.code}"
        return tagged(response, made)

    def change(
        self, caller: Caller, code: str, fields: Mapping[str, Any], seen: int, response: Response
    ) -> Answer:
        with caller.write() as session:
            done = change.change(self._desk(caller, session), code, fields, self._seen(seen))
            return tagged(response, self._answered(done))

    def archive(self, caller: Caller, code: str, seen: int, response: Response) -> Answer:
        with caller.write() as session:
            done = change.archive(self._desk(caller, session), code, self._seen(seen), today())
            return tagged(response, self._answered(done))

    def restore(self, caller: Caller, code: str, seen: int, response: Response) -> Answer:
        with caller.write() as session:
            done = change.restore(self._desk(caller, session), code, self._seen(seen))
            return tagged(response, self._answered(done))

    def _desk(self, caller: Caller, session: Session) -> Desk[Stored]:
        return Desk(session, caller.service.territories, self.kind)

    def _seen(self, version: int) -> Seen:
        return Seen(version, self.tell)

    def _answered(self, changed: Changed[Stored]) -> Answer:
        remarks = [FindingOut.of(one) for one in changed.remarks]
        return self.answer(**self.tell(changed.record).model_dump(), remarks=remarks)
