"""A week's plan as people receive it: dated rounds with clocks, costs, and what could not be planned.

Times are seconds of the round's service day (`ServiceDay.at` turns them into datetimes), distances
metres, loads crates, money integer cents. Visits are known by their round and number, never by site:
one round may call twice at the same place.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from models.service_day import IsoWeek, ServiceDay
from models.values import TimeWindow


@dataclass(frozen=True, kw_only=True, slots=True)
class Visit:
    """The `number`-th halt of a round (1-based), and the leg that leads there.

    `window` is the opening in which service begins; `announced` what the library is told.
    `load_after` is what is aboard when the van leaves. `notes` are departures from the wished
    (« arrive 12 min après la fermeture »), empty when all is well.
    """

    number: int
    site: str
    arrival_s: int
    begin_s: int
    end_s: int
    window: TimeWindow
    announced: TimeWindow
    leg_s: int
    leg_m: int
    deliver: int
    collect: int
    load_after: int
    notes: tuple[str, ...] = ()

    @property
    def wait_s(self) -> int:
        return self.begin_s - self.arrival_s


@dataclass(frozen=True, kw_only=True, slots=True)
class Pause:
    """The driver's break: it starts at `begin_s`, after visit number `after` (0: before the first)."""

    after: int
    begin_s: int
    length_s: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Round:
    """One vehicle, one driver, from depot to depot. `id` is stable for a week: « 2026-W49-mar-matin-V1 ».

    `leg_back_s` and `leg_back_m` are the way home from the last visit. `load_start` is what leaves the
    depot, `load_peak` the most ever aboard, `load_end` what comes home.
    """

    id: str
    label: str
    date: date
    vehicle: str
    driver: str
    start_site: str
    end_site: str
    start_s: int
    end_s: int
    shift: TimeWindow
    visits: tuple[Visit, ...]
    pause: Pause | None
    leg_back_s: int
    leg_back_m: int
    load_start: int
    load_peak: int
    load_end: int
    notes: tuple[str, ...] = ()

    @property
    def day(self) -> ServiceDay:
        return ServiceDay(self.date)

    @property
    def duration_s(self) -> int:
        return self.end_s - self.start_s

    @property
    def distance_m(self) -> int:
        return self.leg_back_m + sum(visit.leg_m for visit in self.visits)

    @property
    def stops(self) -> tuple[str, ...]:
        """Site ids from the start depot to the end depot, both included."""
        return (self.start_site, *(visit.site for visit in self.visits), self.end_site)


def visit_refs(tour: Round) -> tuple[str, ...]:
    """How phones, sheets and records name the visits of a round, in order: « 2026-W49-mar-matin-V1/cassel ».

    Later calls at the same site end with ~2, ~3…: a name does not change when other sites come or go.
    """
    calls: dict[str, int] = {}
    refs = []
    for visit in tour.visits:
        calls[visit.site] = nth = calls.get(visit.site, 0) + 1
        refs.append(f"{tour.id}/{visit.site}" + (f"~{nth}" if nth > 1 else ""))
    return tuple(refs)


@dataclass(frozen=True, kw_only=True, slots=True)
class Unplanned:
    """Visits owed to a site this week and not in the plan, with the reason, a French sentence."""

    site: str
    missing: int
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RunStamp:
    """What is needed to replay a plan: the same stamp gives the same plan where `iterations` is set."""

    engine: str
    version: str
    seconds: float | None
    iterations: int | None
    seed: int
    travel: str
    network: str
    spent_s: float
    interrupted: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Proof:
    """No plan of the week can cost less than `cents`, at the same prices, as `spent_s` of calculation proved.

    `finished`: more time would not have proved more.
    """

    cents: int
    finished: bool
    spent_s: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """The rounds of one ISO week, in order of date and start.

    `cost_cents` maps the named terms of the objective to cents, in display order.
    `holidays` maps dates of the week to the name of their public holiday.
    `estimated_sites` have no road times of their own: their legs are estimates. `proof` says how cheap any
    plan of the week can be; None where that was not asked.
    """

    week: IsoWeek
    network: str
    created_at: datetime
    rounds: tuple[Round, ...]
    unplanned: tuple[Unplanned, ...]
    cost_cents: Mapping[str, int]
    holidays: Mapping[date, str]
    estimated_sites: tuple[str, ...]
    run: RunStamp
    proof: Proof | None = None

    @property
    def total_cents(self) -> int:
        return sum(self.cost_cents.values())

    @property
    def gap_permille(self) -> int | None:
        """It costs less than so many thousandths more than the cheapest; None where nothing is proven."""
        if self.proof is None or self.proof.cents <= 0:
            return None
        total = self.total_cents + len(self.cost_cents)  # each term was rounded to the nearest cent
        return 1000 * max(0, total - self.proof.cents) // self.proof.cents + 1

    def visits_to(self, site: str) -> tuple[tuple[Round, Visit], ...]:
        """When a site is served this week, in time order."""
        return tuple((tour, visit) for tour in self.rounds for visit in tour.visits if visit.site == site)
