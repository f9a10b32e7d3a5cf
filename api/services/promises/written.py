"""Answers as they go out, kept for the minute that they are the same."""

import hashlib
from datetime import datetime

from sqlmodel import Session

from api.service import Service
from api.services.promises.answer import Question, kept_of, open_index, understood
from api.services.promises.memory import Promised, Written
from api.services.promises.tell import tell
from api.services.promises.way import way
from api.wire.promises import PromiseOut


def written_answer(session: Session, service: Service, question: Question, minute: datetime) -> Written:
    """As `answer`, asked in a whole minute, and remembered as shown."""
    index = open_index(session, service, minute)
    key = (index.tag, question.origin, question.destination, question.asked_at, minute)
    found = service.promise_answers.find(key)
    if found is None:
        origin, destination = understood(index, question, minute)
        went = way(index, origin, destination, question.asked_at or minute, minute)
        told = tell(went)
        found = service.promise_answers.keep(key, _written(told, kept_of(told, went)))
    if found.promised:
        service.promised.note(found.promised)
    return found


def _written(told: PromiseOut, promised: Promised | None) -> Written:
    body = told.model_dump_json().encode()
    return Written(body=body, tag=f'"{hashlib.sha256(body).hexdigest()[:24]}"', promised=promised)
