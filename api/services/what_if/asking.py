"""Hypotheses on a plan: asked about, computed, told, and kept where the network has become so."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlmodel import Session

from api.repositories import plan_runs as runs
from api.repositories import plans as repository
from api.repositories.promises import find_learnt
from api.service import Service
from api.services import audit, plan_runs
from api.services.actor import Actor
from api.services.assemble import WeekAsked, assemble
from api.services.folder import Territory
from api.services.plans.habit import told_by, with_habit
from api.services.plans.locks import with_locks
from api.services.plans.question import fixed_rounds
from api.services.plans.store import plan_of_record, save_plan
from api.services.promises.learning import chances_of
from api.services.what_if.answer import Answer, answer_of, name_of, sentences
from api.services.what_if.figures import Figures, figures_of
from api.services.what_if.hypotheses import supposed
from api.wire.what_if import WhatIfIn, hypotheses_of
from models.errors import Conflict, NotFound
from models.network.values import Network
from models.plan import Plan
from models.plan_file import dump_plan, parse_plan
from models.service_day import IsoWeek
from models.tables.plans import PlanKind, PlanRecord, PlanRunRecord, RunState
from routing.codec import dump_problem
from routing.promise.chances import Chances


class Question:
    """What a run of hypotheses is about, read once: the plan, and the week with and without them."""

    def __init__(self, session: Session, service: Service, run: PlanRunRecord) -> None:
        assert run.base is not None
        record = repository.get_plan(session, run.base)
        self.plan = plan_of_record(session, record)
        self.territory = service.territories.open(session)
        self.hypotheses = hypotheses_of(run.hypotheses or [])
        self.supposed = supposed(self.territory, self.plan.week, self.hypotheses)
        self.fixed = fixed_rounds(session, record)
        learnt = find_learnt(session)
        self.chances: Chances = chances_of(learnt.content if learnt else None)

    def asked(self, territory: Territory) -> WeekAsked:
        """The week on a territory, under the plan's locks, its own days and hours being the habit."""
        asked = assemble(territory.network, territory.travel, self.plan.week)
        return with_locks(with_habit(asked, told_by(self.plan)), self.fixed)

    def answer(self, now: Plan, again: Plan | None) -> dict[str, Any]:
        """What is stored of it all."""
        network = self.supposed.network
        found = answer_of(
            self.plan,
            now,
            self._figures(self.territory.network, self.plan),
            self._figures(network, now),
            self._figures(self.territory.network, again) if again else None,
            network.rules.habit_tolerance_s,
        )
        return {
            "asked": [one.sentence(network) for one in self.hypotheses],
            "sentences": sentences(found, network),
            **_told(found, now, network),
            "digest": digest_of(self.supposed, self.plan.week),
            "kept": dump_plan(now),
        }

    def _figures(self, network: Network, plan: Plan) -> Figures:
        return figures_of(network, plan, self.chances)


def ask(session: Session, service: Service, plan: UUID, asked: WhatIfIn, actor: Actor) -> PlanRunRecord:
    """Have hypotheses computed by whoever has time. NotFound and InputError for those that make no sense."""
    record = repository.get_plan(session, plan)
    stored = [one.model_dump(mode="json") for one in asked.hypotheses]
    week = IsoWeek.parse(record.week)
    supposed(service.territories.open(session), week, hypotheses_of(stored))
    wanted = plan_runs.Wanted(
        week=week, kind=record.kind, seconds=asked.seconds, base=plan, hypotheses=tuple(stored)
    )
    return plan_runs.ask(session, service.jobs, wanted, actor)


def told(session: Session, service: Service, run: UUID) -> dict[str, Any]:
    """The answer of a run, as it is told. NotFound for a run without hypotheses, Conflict before its end."""
    record, answer = _answered(session, run)
    shown = {name: value for name, value in answer.items() if name not in {"digest", "kept"}}
    week = IsoWeek.parse(record.week)
    keepable = digest_of(service.territories.open(session), week) == answer["digest"]
    return {"run": run, "plan": record.base, "week": record.week, **shown, "keepable": keepable}


def keep(session: Session, service: Service, run: UUID, actor: Actor) -> PlanRecord:
    """The week under the hypotheses as a draft. Conflict while the network is not so."""
    record, answer = _answered(session, run)
    if digest_of(service.territories.open(session), IsoWeek.parse(record.week)) != answer["digest"]:
        raise Conflict(
            "Le réseau n'est pas celui de cette hypothèse : ce planning ne vaudrait rien. Changez d'abord le "
            "réseau, puis gardez-le."
        )
    parsed = parse_plan(answer["kept"])
    saved = save_plan(session, parsed, kind=PlanKind(record.kind), parent=record.base, actor=actor)
    audit.note(session, "kept", "plan", str(saved.id), number=saved.number, run=str(run))
    return saved


def digest_of(territory: Territory, week: IsoWeek) -> str:
    """What tells one week to plan from another."""
    asked = assemble(territory.network, territory.travel, week)
    return hashlib.sha256(json.dumps(dump_problem(asked.problem)).encode()).hexdigest()


def _answered(session: Session, run: UUID) -> tuple[PlanRunRecord, dict[str, Any]]:
    record = runs.get_run(session, run)
    if not record.hypotheses:
        raise NotFound("Ce calcul ne répond à aucune hypothèse : c'est un planning.")
    if record.state is not RunState.DONE or record.answer is None:
        raise Conflict("La réponse n'est pas encore là, ou le calcul a été abandonné.")
    return record, record.answer


def _told(found: Answer, now: Plan, network: Network) -> dict[str, Any]:
    def named(site: str) -> dict[str, str]:
        return {"site": site, "name": name_of(network, site)}

    return {
        "before": asdict(found.before),
        "after": asdict(found.after),
        "again": asdict(found.again) if found.again else None,
        "other_day": [
            {**named(site), "was": _iso(was), "now": _iso(days)} for site, was, days in found.other_day
        ],
        "moved": [
            {
                **named(one.site),
                "day": one.now[0].date.isoformat(),
                "was_s": one.was[1].begin_s,
                "now_s": one.now[1].begin_s,
                "moved_s": one.moved_s,
            }
            for one in found.moved
            if one.was and one.now
        ],
        "missing": [
            {**named(one.site), "missing": one.missing, "reason": one.reason} for one in now.unplanned
        ],
        "rounds": [
            {
                "code": tour.id,
                "label": tour.label,
                "day": tour.date.isoformat(),
                "start_s": tour.start_s,
                "end_s": tour.end_s,
                "distance_m": tour.distance_m,
                "visits": len(tour.visits),
            }
            for tour in now.rounds
        ],
    }


def _iso(days: Sequence[Any]) -> list[str]:
    return [one.isoformat() for one in days]
