"""Plans from files: `plan.json` as `navette plan` wrote it, taken in as drafts."""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlmodel import Session

from api.repositories import plans as repository
from api.services.actor import SYSTEM, Actor
from api.services.changes import announce
from api.services.plans.store import digest_of, save_plan
from models.errors import Conflict, Finding, InputError, TooLarge
from models.plan import Plan, Round
from models.plan_file import parse_plan
from models.tables.plans import PlanKind, PlanRecord

_FILE = "plan.json"
_MOST_ROUNDS, _MOST_VISITS = 500, 10_000
_MOST_INT = 10**8


@dataclass(frozen=True, kw_only=True, slots=True)
class Adopted:
    """What was taken in, and why the rest was not: (file, sentence)."""

    plans: tuple[PlanRecord, ...]
    refused: tuple[tuple[Path, str], ...]


def adopt(session: Session, path: Path, actor: Actor = SYSTEM) -> Adopted:
    """Take in a `plan.json`, or those of all weeks of a folder, as drafts; each of them once, for ever.

    A file that cannot be taken in keeps nobody from the others.
    """
    files = [path] if path.is_file() else sorted(path.glob(f"????-W??/{_FILE}"))
    plans, refused = [], []
    for file in files:
        try:
            plan = _understood(file.read_text(encoding="utf-8"), str(file))
            if repository.find_by_digest(session, digest_of(plan)) is None:
                check(session, plan)
                plans.append(save_plan(session, plan, actor=actor))
        except (InputError, OSError, UnicodeDecodeError) as error:
            refused.append((file, str(error)))
    return Adopted(plans=tuple(plans), refused=tuple(refused))


def take_in(
    session: Session, document: dict[str, Any], *, kind: PlanKind, title: str, actor: Actor
) -> PlanRecord:
    """Store what somebody sent as a new draft.

    InputError with every finding when it is no plan, or names what the network does not have; Conflict when
    it is stored already.
    """
    plan = _understood(json.dumps(document), "Ce document")
    known = repository.find_by_digest(session, digest_of(plan))
    if known is not None:
        raise Conflict(f"Ce planning est déjà enregistré : c'est le n° {known.number}.")
    check(session, plan)
    record = save_plan(session, plan, kind=kind, title=title, actor=actor)
    announce(session, "plans", str(record.id))
    return record


def _understood(text: str, where: str) -> Plan:
    plan = parse_plan(text, where)
    if not 2000 <= plan.week.year < 2100:
        raise InputError(f"{where} est un planning de {plan.week} : Navette connaît les années 2000 à 2099.")
    _must_be_storable(json.loads(text))
    return plan


def check(session: Session, plan: Plan) -> None:
    """InputError with every reason why a plan cannot be stored here."""
    visits = sum(len(tour.visits) for tour in plan.rounds)
    if len(plan.rounds) > _MOST_ROUNDS or visits > _MOST_VISITS:
        raise TooLarge(f"Ce planning a {len(plan.rounds)} tournées et {visits} passages : c'est trop.")
    found = [*_unknown(session, plan), *_inconsistent(plan)]
    if found:
        raise InputError("Ce planning ne peut pas être repris.", tuple(found))


def _unknown(session: Session, plan: Plan) -> Iterator[Finding]:
    sites, vehicles, drivers = repository.known_codes(session)
    named = (
        ("site", {site for tour in plan.rounds for site in tour.stops}, sites),
        ("site", {entry.site for entry in plan.unplanned}, sites),
        ("véhicule", {tour.vehicle for tour in plan.rounds}, vehicles),
        ("chauffeur", {tour.driver for tour in plan.rounds}, drivers),
    )
    for what, wanted, known in named:
        for code in sorted(wanted - known):
            yield Finding(
                where=code, message=f"ce {what} n'est pas dans le réseau.", remedy="Ajoutez-le d'abord."
            )


def _inconsistent(plan: Plan) -> Iterator[Finding]:
    seen: set[str] = set()
    days = {one.date for one in plan.week.days}
    for tour in plan.rounds:
        if tour.id in seen:
            yield Finding(where=tour.id, message="cette tournée est donnée deux fois.", remedy="")
        seen.add(tour.id)
        if tour.date not in days:
            yield Finding(where=tour.id, message=f"elle n'est pas dans la semaine {plan.week}.", remedy="")
        yield from _in_round(tour)


def _in_round(tour: Round) -> Iterator[Finding]:
    if not tour.id or "/" in tour.id or len(tour.id) > 200:
        yield Finding(where=tour.id, message="ce nom de tournée ne convient pas.", remedy="")
    if [visit.number for visit in tour.visits] != list(range(1, len(tour.visits) + 1)):
        yield Finding(where=tour.id, message="ses passages ne sont pas numérotés de 1 en 1.", remedy="")
    if tour.pause and not 0 <= tour.pause.after <= len(tour.visits):
        yield Finding(where=tour.id, message="sa pause suit un passage qu'elle n'a pas.", remedy="")


def _must_be_storable(value: Any) -> None:
    """InputError for figures and letters that some database cannot hold."""
    match value:
        case dict():
            for key, held in value.items():
                _must_be_storable(key)
                _must_be_storable(held)
        case list():
            for held in value:
                _must_be_storable(held)
        case str():
            if "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
                raise InputError("Ce planning contient un caractère qui ne peut pas être enregistré.")
        case bool():
            pass
        case int() | float():
            if not math.isfinite(value) or abs(value) > _MOST_INT:
                raise InputError(f"Ce planning contient un nombre qui ne convient pas : {value}.")
