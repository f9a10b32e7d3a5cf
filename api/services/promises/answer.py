"""A question → when the document will be there, with its chances, its reasons and a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches

from sqlmodel import Session

from api.service import Service
from api.services.promises.index import AHEAD, Index, Known
from api.services.promises.memory import Promised
from api.services.promises.tell import tell
from api.services.promises.way import Way, instant, way
from api.wire.promises import PromiseOut
from maps.words import day_and_year
from models.errors import Finding, InputError
from models.service_day import PARIS
from models.tables.base import now as this_moment

_PAST = timedelta(hours=1)  # clocks differ, and pages are left open


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


def answer(
    session: Session,
    service: Service,
    question: Question,
    *,
    now: datetime | None = None,
    remember: bool = True,
) -> PromiseOut:
    """What can be promised. InputError, in French and with what to do, for sites that are not served, for
    the same site twice, for an instant in the past or beyond what is known of rounds.

    `remember`: it is shown to somebody, and later held against what came.
    """
    moment = now or this_moment()
    index = open_index(session, service, moment)
    origin, destination = understood(index, question, moment)
    found = way(index, origin, destination, question.asked_at or moment, moment)
    told = tell(found)
    told = told.model_copy(update={"item": question.item}) if question.item else told
    promised = kept_of(told, found)
    if remember and promised:
        service.promised.note(promised)
    return told


def open_index(session: Session, service: Service, moment: datetime) -> Index:
    """The index as it holds now."""
    return service.promises.open(session, moment)


def answers(
    session: Session, service: Service, questions: Sequence[Question], *, now: datetime | None = None
) -> list[PromiseOut | InputError]:
    """Many at once, in their order; one that cannot be answered does not keep the others out."""
    moment = now or this_moment()
    found: list[PromiseOut | InputError] = []
    for question in questions:
        try:
            found.append(answer(session, service, question, now=moment))
        except InputError as error:
            found.append(error)
    return found


def understood(index: Index, question: Question, now: datetime) -> tuple[Known, Known]:
    """The sites of a question; InputError with every finding where it cannot be answered."""
    findings = [*_about_sites(index, question), *_about_time(question.asked_at, now)]
    if findings:
        raise InputError("Cette question ne peut pas recevoir de réponse.", tuple(findings))
    return index.sites[question.origin], index.sites[question.destination]


def kept_of(told: PromiseOut, found: Way) -> Promised | None:
    """What is remembered of a promise that is shown; None where none was made."""
    if told.due_at is None or told.likely_at is None:
        return None
    return Promised(
        origin=told.origin,
        destination=told.destination,
        pickup=told.pickup.visit if told.pickup else "",
        item=told.item,
        ready_at=instant(found.ready_at) if found.pickup else instant(found.asked_at),
        likely_at=told.likely_at,
        due_at=told.due_at,
        worst_at=told.worst_at or instant(found.index.odds.timetable.until_at),
        chance_permille=told.chance_permille or 0,
        basis=told.basis,
    )


def _about_sites(index: Index, question: Question) -> Sequence[Finding]:
    found = []
    for where, code in (("from", question.origin), ("to", question.destination)):
        site = index.sites.get(code)
        if site is None:
            found.append(_unknown(index, where, code))
        elif not site.served:
            told = f"« {code} » est un dépôt : aucun document n'y est demandé."
            found.append(Finding(where=where, message=told, remedy="Choisissez une bibliothèque."))
    if question.origin == question.destination and not found:
        told = "le départ et l'arrivée sont le même lieu : rien n'a à voyager."
        found.append(Finding(where="to", message=told, remedy="Choisissez deux lieux différents."))
    return found


def _unknown(index: Index, where: str, code: str) -> Finding:
    served = [site.code for site in index.sites.values() if site.served]
    near = [f"Vouliez-vous dire « {one} » ?" for one in get_close_matches(code.casefold(), served, n=1)]
    example = [f"Un code s'écrit par exemple « {one} »." for one in served[:1]]
    return Finding(
        where=where,
        message=f"la bibliothèque « {code} » n'existe pas.",
        remedy=[*near, *example, "Le réseau n'a pas encore de bibliothèque."][0],
    )


def _about_time(asked_at: datetime | None, now: datetime) -> Sequence[Finding]:
    if asked_at is None:
        return []
    if asked_at.tzinfo is None:
        told = "l'instant doit dire son fuseau, par exemple 2026-12-01T09:30:00+01:00."
        return [Finding(where="at", message=told, remedy="")]
    written = day_and_year(asked_at.date())
    if asked_at < now - _PAST:
        remedy = "Demandez une date à venir, ou ne donnez pas d'instant : c'est alors maintenant."
        return [Finding(where="at", message=f"{written} est passé.", remedy=remedy)]
    if asked_at > now + AHEAD:
        remedy = f"Demandez une date jusqu'au {day_and_year((now + AHEAD).astimezone(PARIS).date())}."
        told = f"{written} est trop loin : les passages de la navette ne sont pas encore connus."
        return [Finding(where="at", message=told, remedy=remedy)]
    return []
