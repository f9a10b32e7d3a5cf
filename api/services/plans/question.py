"""What is asked of the engine: the week of the network."""

from uuid import UUID

from sqlmodel import Session

from api.services.assemble import WeekAsked, assemble
from api.services.folder import Territory
from models.service_day import IsoWeek


def question_for(
    session: Session, territory: Territory, week: IsoWeek, *, base: UUID | None = None, habit: bool = True
) -> WeekAsked:
    """The week problem of the network."""
    del session, base, habit
    return assemble(territory.network, territory.travel, week)
