"""Plans as they are remembered: attempts to compute them, their rounds, their visits.

A plan is a draft until it is published; a published one never changes again. Publishing another plan of the
same week supersedes it. Times are seconds of the round's service day, as in `models.plan`.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, UniqueConstraint, text
from sqlmodel import Field

from models.tables.base import Record, UtcDateTime, Versioned, now, words


class PlanKind(StrEnum):
    """The ordinary week that comes back, or one dated week."""

    TEMPLATE = "template"
    WEEK = "week"


class RunState(StrEnum):
    """How far an attempt to compute a plan has got."""

    QUEUED = "queued"
    RUNNING = "running"
    STOPPING = "stopping"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class PlanRunRecord(Versioned, table=True):
    """One attempt to compute a plan. `base` is the draft whose locks it keeps.

    `progress` is the last thing that the engine told: cost in euros, missing visits, iterations, seconds.
    With `hypotheses` nothing but an `answer` comes of it. Runs of one `front` differ in how dear readers'
    waiting is to them, in per cent of what the network says.
    """

    __tablename__ = "plan_run"

    kind: PlanKind = Field(default=PlanKind.WEEK, sa_type=words(PlanKind))
    week: str
    base: UUID | None = Field(default=None, foreign_key="plan.id", index=True)
    engine: str
    seconds: float | None = None
    iterations: int | None = None
    seed: int = 1
    proof_s: float | None = None
    state: RunState = Field(default=RunState.QUEUED, sa_type=words(RunState), index=True)
    progress: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    trace: list[Any] = Field(default_factory=list, sa_type=JSON)
    hypotheses: list[Any] | None = Field(default=None, sa_type=JSON)
    answer: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    front: UUID | None = Field(default=None, index=True)
    reader_percent: int | None = None
    problem: str = ""
    attempts: int = 0
    worker: str = ""
    created_by: str = ""
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PlanStatus(StrEnum):
    """A draft may change; published is what people were told; superseded was, until another came."""

    DRAFT = "draft"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    DISCARDED = "discarded"


class PlanRecord(Versioned, table=True):
    """The rounds of a week, without them: `models.plan.Plan` but its rounds, and what became of it.

    `number` counts all plans of the installation from 1. `parent` is the plan that it was made from. A
    template is dated too, in the ordinary week that it was computed for.
    """

    __tablename__ = "plan"
    __table_args__ = (
        Index(
            "uq_plan_published_week",
            "kind",
            "week",
            unique=True,
            sqlite_where=text("status = 'published' AND kind = 'week'"),
            postgresql_where=text("status = 'published' AND kind = 'week'"),
        ),
        Index(
            "uq_plan_published_template",
            "kind",
            unique=True,
            sqlite_where=text("status = 'published' AND kind = 'template'"),
            postgresql_where=text("status = 'published' AND kind = 'template'"),
        ),
    )

    number: int = Field(unique=True)
    kind: PlanKind = Field(default=PlanKind.WEEK, sa_type=words(PlanKind))
    week: str = Field(index=True)
    status: PlanStatus = Field(default=PlanStatus.DRAFT, sa_type=words(PlanStatus), index=True)
    title: str = ""
    parent: UUID | None = Field(default=None, foreign_key="plan.id")
    run: UUID | None = Field(default=None, unique=True)
    created_by: str = ""
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    updated_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    published_by: str = ""
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    superseded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    network_code: str
    network_revision: int = 0
    cost_cents: dict[str, int] = Field(default_factory=dict, sa_type=JSON)
    unplanned: list[Any] = Field(default_factory=list, sa_type=JSON)
    holidays: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    estimated_sites: list[str] = Field(default_factory=list, sa_type=JSON)
    stamp: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    proof: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    digest: str = Field(default="", index=True)


class RoundRecord(Versioned, table=True):
    """One round of a plan; `code` is the id that people, sheets and phones use (`models.plan.Round.id`).

    `departure_s` is when a coordinator wants it to leave, None: as late as suits.
    """

    __tablename__ = "round"
    __table_args__ = (UniqueConstraint("plan", "code"),)

    plan: UUID = Field(foreign_key="plan.id")
    code: str = Field(index=True)
    position: int = 0
    label: str
    day: date = Field(index=True)
    vehicle: str = Field(foreign_key="vehicle.code")
    driver: str = Field(foreign_key="driver.code", index=True)
    start_site: str = Field(foreign_key="site.code")
    end_site: str = Field(foreign_key="site.code")
    start_s: int
    end_s: int
    shift_early: int
    shift_late: int
    pause_after: int | None = None
    pause_begin_s: int | None = None
    pause_s: int | None = None
    leg_back_s: int
    leg_back_m: int
    load_start: int
    load_peak: int
    load_end: int
    notes: list[str] = Field(default_factory=list, sa_type=JSON)
    locked: bool = False
    departure_s: int | None = None


class Lock(StrEnum):
    """What a coordinator has fixed of a visit: nothing, its day, its round, its place in the round."""

    NONE = "none"
    DAY = "day"
    ROUND = "round"
    POSITION = "position"


class VisitRecord(Record, table=True):
    """The `number`-th halt of a round. `ref` is how phones and sheets name it, the same in every version of a
    plan that keeps the visit in its round. `after` is the ref of a visit that must come earlier (a pair)."""

    __tablename__ = "visit"
    __table_args__ = (UniqueConstraint("round", "number"), UniqueConstraint("round", "ref"))

    round: UUID = Field(foreign_key="round.id")
    number: int
    ref: str = Field(index=True)
    site: str = Field(foreign_key="site.code", index=True)
    arrival_s: int
    begin_s: int
    end_s: int
    window_early: int
    window_late: int
    announced_early: int
    announced_late: int
    leg_s: int
    leg_m: int
    deliver: int
    collect: int
    load_after: int
    notes: list[str] = Field(default_factory=list, sa_type=JSON)
    lock: Lock = Field(default=Lock.NONE, sa_type=words(Lock))
    after: str | None = None


class DraftStepRecord(Record, table=True):
    """One change of a draft that can be undone, or done again once `undone`.

    `layout` is what the draft was before it (after it, once undone): orders without clocks. Steps count up
    within their plan.
    """

    __tablename__ = "draft_step"
    __table_args__ = (UniqueConstraint("plan", "number"),)

    plan: UUID = Field(foreign_key="plan.id")
    number: int
    undone: bool = False
    what: str
    by: str = ""
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    layout: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class ActionKind(StrEnum):
    """What is to be done with crates at a visit."""

    DELIVER = "deliver"
    COLLECT = "collect"


class VisitActionRecord(Record, table=True):
    """Crates to leave or to take at a visit, for or from whom, named where their codes are known."""

    __tablename__ = "visit_action"

    visit: UUID = Field(foreign_key="visit.id", index=True)
    kind: ActionKind = Field(sa_type=words(ActionKind))
    crates: int = 1
    crate: str | None = None
    other_site: str | None = Field(default=None, foreign_key="site.code")
    shipment: UUID | None = Field(default=None, foreign_key="shipment.id")
