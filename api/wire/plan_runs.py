"""Plan runs on the wire."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from api.wire.base import Wire
from models.tables.plans import PlanKind, PlanRunRecord, RunState
from routing.engines.engine import DEFAULT_ENGINE

Week = Annotated[
    str, Field(pattern=r"^20[0-9]{2}-W[0-9]{2}$", examples=["2026-W49"], description="Semaine ISO.")
]
_SECONDS = 20.0
_MADE = frozenset({"plan", "progress", "purpose"})


class PlanRunIn(Wire):
    """A plan to be computed: for a dated week, or for the ordinary one, computed as that week."""

    week: Week
    kind: PlanKind = PlanKind.WEEK
    engine: Annotated[str, Field(max_length=32, examples=["periodic"])] = DEFAULT_ENGINE
    seconds: Annotated[
        float | None, Field(ge=0.1, le=3600, description="Temps de calcul ; 20 si rien n'est dit.")
    ] = None
    iterations: Annotated[
        int | None, Field(ge=0, le=10**9, description="Tours de calcul, pour un planning qui se répète.")
    ] = None
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 1
    proof_s: Annotated[
        float | None,
        Field(ge=1, le=3600, description="Secondes pour prouver ensuite que c'est proche du meilleur."),
    ] = None
    base: Annotated[UUID | None, Field(description="Le brouillon dont les verrous sont gardés.")] = None

    @property
    def budget_s(self) -> float | None:
        """Seconds to compute for; None where iterations rule."""
        return _SECONDS if self.seconds is None and self.iterations is None else self.seconds


class UnkeptOut(Wire):
    """A lock of the draft that could not be kept this week, and why."""

    what: Annotated[str, Field(description="La tournée ou le passage verrouillé.")]
    reason: str


class ProgressOut(Wire):
    """How far a calculation has got. Costs in euros."""

    phase: Annotated[
        Literal["waiting", "preparing", "solving", "proving", "done"],
        Field(description="`preparing` : le moteur se compile, avant que son temps ne compte."),
    ] = "waiting"
    cost_eur: float | None = None
    missing: Annotated[int | None, Field(description="Passages dus et non planifiés.")] = None
    iterations: int | None = None
    spent_s: float | None = None
    bound_eur: Annotated[float | None, Field(description="Aucun planning ne peut coûter moins.")] = None
    gap_permille: Annotated[
        int | None, Field(description="Écart prouvé au meilleur possible, en millièmes.")
    ] = None
    unkept: list[UnkeptOut] = Field(
        default_factory=list, description="Les verrous du brouillon qui n'ont pas pu être gardés."
    )


class PointOut(Wire):
    """A better plan was found after `spent_s` seconds."""

    spent_s: float
    cost_eur: float
    missing: int


class PlanRunOut(Wire):
    """One attempt to compute a plan."""

    id: UUID
    version: int
    purpose: Annotated[
        Literal["plan", "what_if"], Field(description="`what_if` : des hypothèses, dont rien n'est gardé.")
    ]
    front: Annotated[UUID | None, Field(description="Le front dont il fait partie.")]
    reader_percent: Annotated[
        int | None, Field(description="Le prix de l'attente des lecteurs, en % de celui du réseau.")
    ]
    kind: PlanKind
    week: Week
    base: UUID | None
    engine: str
    seconds: float | None
    iterations: int | None
    seed: int
    proof_s: float | None
    state: RunState
    progress: ProgressOut
    problem: Annotated[str, Field(description="Pourquoi le calcul a échoué ; vide sinon.")]
    attempts: Annotated[int, Field(description="Plus de 1 : un autre poste l'a repris.")]
    created_by: str
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    plan: Annotated[UUID | None, Field(description="Le planning qui en est sorti.")]


class PlanRunWhole(PlanRunOut):
    """One attempt, with the curve of its costs."""

    trace: list[PointOut]


class PlanRunStarted(PlanRunOut):
    """A run that was just asked for."""

    under_way: Annotated[
        list[UUID],
        Field(description="D'autres calculs de la même semaine, pas encore terminés : rien ne les empêche."),
    ]


def run_out(run: PlanRunRecord, plan: UUID | None) -> PlanRunOut:
    """A run as lists tell it."""
    return PlanRunOut(**_fields(run, plan))


def run_whole(run: PlanRunRecord, plan: UUID | None) -> PlanRunWhole:
    """A run with its curve."""
    points = [PointOut(spent_s=at, cost_eur=cost, missing=missing) for at, cost, missing in run.trace]
    return PlanRunWhole(**_fields(run, plan), trace=points)


def run_started(run: PlanRunRecord, under_way: list[UUID]) -> PlanRunStarted:
    """A run that was just asked for."""
    return PlanRunStarted(**_fields(run, None), under_way=under_way)


def _fields(run: PlanRunRecord, plan: UUID | None) -> dict[str, Any]:
    told = {name: getattr(run, name) for name in PlanRunOut.model_fields if name not in _MADE}
    purpose = "what_if" if run.hypotheses else "plan"
    return {**told, "purpose": purpose, "plan": plan, "progress": ProgressOut(**run.progress)}
