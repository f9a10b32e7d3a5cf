"""The main job: a network folder and a week → a verified plan."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version

from api.services.assemble import WeekAsked, assemble, plan_of
from api.services.folder import Territory
from models.errors import InputError
from models.plan import Plan, Proof, RunStamp
from models.service_day import IsoWeek
from routing.bound.child import Prover
from routing.bound.values import Bound
from routing.child import Asked, Run, Solver, Told


@dataclass(frozen=True, kw_only=True, slots=True)
class Watch:
    """How a caller follows a calculation: `started` receives its solver (to stop it), `told` its progress;
    `preparing` is called before the budget runs, when the engine has something to compile. `proving` receives
    the prover, when the plan stands and its proof begins, `proven` each better proof."""

    started: Callable[[Solver], None] = lambda _: None
    told: Callable[[Told], None] = lambda _: None
    preparing: Callable[[], None] = lambda: None
    proving: Callable[[Prover], None] = lambda _: None
    proven: Callable[[Bound], None] = lambda _: None


def plan_week(
    territory: Territory,
    week: IsoWeek,
    asked: Asked,
    watch: Watch | None = None,
    proof_s: float | None = None,
) -> Plan:
    """Plan one week in a child process; blocks until it has answered or been stopped.

    Then prove for `proof_s` seconds how cheap any plan can be (None: not at all), unless it was interrupted.
    InputError when no round is possible that week, EngineError when the engine fails.
    """
    question = assemble(territory.network, territory.travel, week)
    return plan_asked(question, territory, asked, watch, proof_s)


def plan_asked(
    question: WeekAsked,
    territory: Territory,
    asked: Asked,
    watch: Watch | None = None,
    proof_s: float | None = None,
) -> Plan:
    """As `plan_week`, for a question already put."""
    watch = watch or Watch()
    if not question.problem.shifts:
        raise InputError(
            f"Aucune tournée n'est possible en semaine {question.week} : aucun chauffeur n'a d'heures "
            "communes avec son véhicule. Complétez les horaires des chauffeurs et des véhicules, ou "
            "choisissez une autre semaine."
        )
    solver = Solver(question.problem, asked, watch.told, watch.preparing)
    watch.started(solver)
    run = solver.run()
    made = plan_of(
        question, run.result, _stamp(territory, asked, run), datetime.now(UTC).replace(microsecond=0)
    )
    if proof_s is None or run.interrupted:
        return made
    return replace(made, proof=_proof(run, proof_s, watch))


def _proof(run: Run, seconds: float, watch: Watch) -> Proof | None:
    prover = Prover(run.result.problem, run.result.solution, seconds, watch.proven)
    watch.proving(prover)
    bound = prover.run()
    if bound is None:
        return None
    return Proof(cents=bound.cents, finished=bound.finished, spent_s=round(bound.spent_s, 3))


def _stamp(territory: Territory, asked: Asked, run: Run) -> RunStamp:
    return RunStamp(
        engine=asked.engine,
        version=version("navette"),
        seconds=asked.seconds,
        iterations=asked.iterations,
        seed=asked.seed,
        travel=territory.travel.stamp.short,
        network=territory.network.fingerprint,
        spent_s=run.spent_s,
        interrupted=run.interrupted,
    )
