"""The year day by day: learn at night, predict after each fact, see what came, calibrate.

Every prediction is held against the truth of the simulation, while learning and calibrating see what was told
alone, as the service would.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from bench.proof.baselines import Margin, carried
from bench.proof.known import crew_of, epoch, fixes_until, halts_of, instants, known_at, recorded
from bench.proof.samples import Sample, Samples
from bench.sim.year import Run, Year
from routing.eta.conformal import Calibration, Outcome, bin_of
from routing.eta.learn import learn
from routing.eta.learnt import UNTAUGHT, Learnt
from routing.eta.predict import predict
from routing.eta.values import PLAN, Eta, Halt, RecordedRound, begun_at

BEFORE_S = 1800  # one prediction so long before the planned start, when nothing is told yet
OVER_S = 7200  # what is heard so long after the planned end was keyed in, and is no news


@dataclass
class State:
    """What the service would keep from one day to the next."""

    learnt: Learnt = UNTAUGHT
    calibration: Calibration = field(default_factory=Calibration)
    margin: Margin = field(default_factory=Margin)
    past: list[RecordedRound] = field(default_factory=list)


def replay(year: Year, every_nights: int = 1) -> Samples:
    """All predictions of the year. `every_nights`: driven days from learning to learning."""
    state, rows = State(), list[Sample]()
    for k, (_, runs) in enumerate(groupby(year.runs, key=lambda run: run.tour.date)):
        if k % every_nights == 0:
            state.learnt = learn(state.past)
            state.margin.fit()
        rows += _day(list(runs), state)
    return Samples(rows=tuple(rows))


def _day(runs: Sequence[Run], state: State) -> Iterator[Sample]:
    for run in runs:
        halts = halts_of(run.tour)
        shown = list(_shown(run, halts, state))
        samples = list(_samples(run, shown, state))
        past = recorded(run.tour, run.telling)
        state.calibration = state.calibration.after(_outcomes(past, shown))
        state.margin.add([s.begun_at - s.carried_at for s in samples if s.begun_at and not s.already])
        state.past.append(past)
        yield from samples


@dataclass(frozen=True, kw_only=True)
class _Shown:
    """What was shown at one instant: by the model and by the timetable."""

    now_at: int
    etas: tuple[Eta, ...]
    carried: dict[str, int]


def _shown(run: Run, halts: tuple[Halt, ...], state: State) -> Iterator[_Shown]:
    tour, telling = run.tour, run.telling
    first, last = halts[0].leaves_at - BEFORE_S, halts[-1].end_at + OVER_S
    for now_at in [first, *(at for at in instants(telling) if first < at < last)]:
        known = known_at(tour, telling, now_at)
        fixes = fixes_until(telling, now_at)
        etas = predict(halts, known.told, fixes, now_at, state.learnt, state.calibration, crew_of(tour))
        yield _Shown(now_at=now_at, etas=etas, carried=carried(tour, known))


def _samples(run: Run, shown: Sequence[_Shown], state: State) -> Iterator[Sample]:
    """What was shown of each visit beside what truly came."""
    zero = epoch(run.tour.day.zero)
    calls = {call.ref: call for call in run.driven.calls}
    crates = sum(call.brought + call.ready for call in run.driven.calls)
    for one in shown:
        for eta in one.etas:
            call = calls[eta.visit]
            came_s, early, planned = call.arrival_s, call.visit.announced, call.visit.begin_s
            yield Sample(
                day=run.tour.date.toordinal(),
                round=run.tour.id,
                now_at=one.now_at,
                eta=eta,
                begun_at=None if call.begin_s is None else zero + call.begin_s,
                already=came_s is not None and zero + max(came_s, call.begin_s or 0) <= one.now_at,
                carried_at=one.carried.get(eta.visit, eta.p50_at),
                announced_s=(early.early - planned, early.late - planned),
                margin_s=tuple(state.margin.offsets_s),
                crates=crates,
            )


def _outcomes(past: RecordedRound, shown: Sequence[_Shown]) -> list[Outcome]:
    """What was told of visits that had been told of, by distance ahead."""
    signs = past.told.visits
    began = {
        halt.visit: begun_at(halt, signs.get(halt.visit))
        for halt in past.halts
        if halt.visit in signs and not signs[halt.visit].closed and signs[halt.visit].arrived_at
    }
    found = [
        Outcome(eta=eta, begun_at=at)
        for one in shown
        for eta in one.etas
        if (at := began.get(eta.visit)) is not None and at > one.now_at
    ]
    return sorted(found, key=lambda one: bin_of(one.eta.ahead_s, waiting=one.eta.basis == PLAN))
