"""What was learnt from past rounds, read from the database; what is assumed where nothing was."""

from datetime import datetime

from sqlmodel import Session

from api.repositories import predictions as stored
from routing.eta.conformal import Calibration
from routing.eta.learnt import UNTAUGHT, Learnt

ETA, CALIBRATION = "eta", "calibration"


def learnt(session: Session) -> Learnt:
    """From past rounds; assumed where there is nothing, or another version wrote it."""
    found = stored.find_learnt(session, ETA)
    try:
        return Learnt.from_json(found.content) if found else UNTAUGHT
    except (ValueError, KeyError, TypeError):
        return UNTAUGHT


def calibration(session: Session) -> Calibration:
    """As outcomes have moved it so far."""
    found = stored.find_learnt(session, CALIBRATION)
    return Calibration.from_json(found.content) if found and found.content else Calibration()


def keep(session: Session, kind: str, content: dict[str, object], at: datetime) -> None:
    """Have it be the latest of its kind."""
    record = stored.hold_learnt(session, kind, at)
    record.content, record.made_at = content, at
    session.add(record)
