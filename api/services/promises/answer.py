"""A question → when the document will be there, with its chances, its reasons and a sentence."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from api.service import Service
from api.wire.promises import PromiseOut


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """From `origin` to `destination` (codes of sites), asked at an aware instant, None: now.

    `item`: the barcode or crate that the question is about, kept with the promise; the way is then told from
    `origin` all the same (`api.services.promises.items` finds where a document is).
    """

    origin: str
    destination: str
    asked_at: datetime | None = None
    item: str = ""


def answer(session: Session, service: Service, question: Question) -> PromiseOut:
    """What can be promised. InputError, in French and with what to do, for sites that are not served, for
    the same site twice, for an instant in the past or beyond what is known of rounds."""
    raise NotImplementedError
