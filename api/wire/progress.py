"""How far rounds have got, on the wire."""

from datetime import date, datetime
from typing import Annotated

from pydantic import AfterValidator, Field

from api.services.road.decisions import Matter
from api.wire.base import Wire
from models.custody.rounds import RoundState
from models.custody.visits import VisitState
from models.service_day import PARIS

Local = Annotated[datetime, AfterValidator(lambda moment: moment.astimezone(PARIS))]


class ClaimOut(Wire):
    """What one teller says, where tellers differ."""

    teller: str
    crates: int


class FigureOut(Wire):
    """So many crates: what counts, and what was told before any correction."""

    crates: int
    told: Annotated[int, Field(description="Ce qui avait été dit avant correction.")]
    codes: list[str]
    claims: Annotated[list[ClaimOut], Field(description="Ce que chacun dit, quand les chiffres diffèrent.")]


class PlannedOut(Wire):
    """What the plan says of a visit."""

    arrival_at: Local
    begin_at: Local
    end_at: Local
    announced_early_at: Local
    announced_late_at: Local
    deliver: int
    collect: int


class VisitProgressOut(Wire):
    """One visit: planned and actual. `expected_at` is the likely time of the last stored prediction."""

    visit: Annotated[str, Field(examples=["2026-W49-mar-matin-V1/cassel"])]
    site: str
    commune: str
    planned: Annotated[PlannedOut | None, Field(description="Nul pour un passage hors du planning.")]
    state: VisitState
    skipped: bool
    arrived_at: Local | None
    arrived_told_at: Annotated[Local | None, Field(description="L'heure dite avant correction.")]
    left_at: Local | None
    began_at: Local | None
    delay_s: Annotated[int | None, Field(description="Début réel ou prévu, moins début planifié.")]
    expected_at: Local | None
    p10_at: Annotated[Local | None, Field(description="Une fois sur dix, le passage commence avant.")] = None
    p50_at: Annotated[Local | None, Field(description="L'heure la plus probable.")] = None
    p90_at: Annotated[Local | None, Field(description="Neuf fois sur dix, le passage commence avant.")] = None
    skip_permille: Annotated[int | None, Field(description="Risque que le passage n'ait pas lieu.")] = None
    delivered: FigureOut | None
    picked_up: FigureOut | None
    empties: FigureOut | None
    closed_at: Local | None
    problems: list[str]
    disputed: bool


class DecisionOut(Wire):
    """Something that needs a decision."""

    matter: Matter
    round: str
    visit: str
    words: Annotated[str, Field(examples=["Cassel était fermé à 9 h 12."])]


class RoundProgressOut(Wire):
    """How far a round has got; `current` is false where its plan was superseded meanwhile."""

    code: str
    label: str
    day: date
    vehicle: str
    driver: str
    driver_name: str
    current: bool
    state: RoundState
    planned_start_at: Local
    planned_end_at: Local
    started_at: Local | None
    ended_at: Local | None
    expected_end_at: Local | None
    last_visit: str
    last_at: Local | None
    delay_s: Annotated[int | None, Field(description="Retard au dernier pointage ; négatif : en avance.")]
    done: int
    closed: int
    late: int
    skipped: int
    ahead: int
    visits: list[VisitProgressOut]
    decisions: list[DecisionOut]


class DayOut(Wire):
    """All rounds of a day, and what needs a decision."""

    day: date
    at: Local
    rounds: list[RoundProgressOut]
    decisions: list[DecisionOut]
    incidents: Annotated[int, Field(description="Incidents du jour qui ne sont pas réglés.")]


class ArrivalOut(Wire):
    """One coming visit at a site. `basis` says what `expected_at` rests on, `age_s` how old that is."""

    visit: str
    round: str
    day: date
    announced_early_at: Local
    announced_late_at: Local
    deliver: int
    collect: int
    state: VisitState
    expected_at: Local | None
    p10_at: Annotated[Local | None, Field(description="Une fois sur dix, le passage commence avant.")] = None
    p50_at: Annotated[Local | None, Field(description="L'heure la plus probable.")] = None
    p90_at: Annotated[Local | None, Field(description="Neuf fois sur dix, le passage commence avant.")] = None
    skip_permille: Annotated[int | None, Field(description="Risque que le passage n'ait pas lieu.")] = None
    basis: Annotated[str, Field(examples=["planning", "pointages"])]
    told_at: Local | None
    age_s: int | None
    words: Annotated[
        str, Field(examples=["La navette a quitté Hazebrouck à 9 h 02. Encore 2 arrêts avant vous."])
    ]


class ArrivalsOut(Wire):
    """The coming visits at a site, in time order."""

    site: str
    at: Local
    arrivals: list[ArrivalOut]
