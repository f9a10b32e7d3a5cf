"""What the road tells of a round → the run as it is driven today."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from routing.promise.chances import ONE
from routing.promise.timetable import Call, Delays, Live, Run

CERTAIN: Delays = ((0, ONE),)
_NINETY = 900_000
_EVEN = 500_000
_STEP_S, _NARROWEST_S, _MOVED_S = 300, 900, 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """What is known of a call: when crates are exchanged there from, told or likely, and until when (None: as
    long as planned). `over`, `off` and `missed` are those of `Live`. `p10_at` to `p90_at` is where it begins
    eight times in ten; None where only the likely time is known."""

    begin_at: int
    end_at: int | None = None
    over: bool = False
    off: bool = False
    missed: int = 0
    p10_at: int | None = None
    p90_at: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Road:
    """What is known of a round at `now_at`: its calls by ref, when it left and came home, None where nobody
    told. `ended`: nothing more is expected of it. `cut_off_s` and `late` are those of the timetable and of
    its chances."""

    now_at: int
    calls: Mapping[str, Seen]
    cut_off_s: int
    late: Delays
    started_at: int | None = None
    home_at: int | None = None
    ended: bool = False

    def of(self, call: Call) -> Seen:
        """As planned, where nothing is known of a call."""
        return self.calls.get(call.ref) or Seen(begin_at=call.begin_at, end_at=call.end_at)


def as_driven(run: Run, road: Road) -> Run:
    """The same run at the times that the road makes of it, its calls in their order in time.

    A late van makes nobody's cut-off later: what is ready after it may be taken along, and is not counted on.
    """
    calls: list[Call] = []
    for call in sorted(run.calls, key=lambda one: road.of(one).begin_at):
        free_at = calls[-1].end_at if calls else None
        calls.append(_call(call, road.of(call), road, free_at))
    left_at = run.start_at if road.started_at is None else road.started_at
    start_at = min([left_at, *(call.begin_at for call in calls[:1])])
    end_at = max([_home_at(run, road, calls), start_at + 1, *(call.end_at for call in calls[-1:])])
    return replace(run, start_at=start_at, end_at=end_at, calls=tuple(calls), late=_late_home(road, calls))


def spread(p50_at: int, p90_at: int, ordinary: Delays) -> Delays:
    """How far behind its likely time a van may be: nine times in ten by what is foreseen, beyond that as on
    other days."""
    nine_s = max(0, p90_at - p50_at)
    usual_s = max((late_s for late_s, share in ordinary if share <= _NINETY), default=0)
    steps = {0: _EVEN}
    steps[nine_s] = _NINETY
    for late_s, share in ordinary:
        if share > _NINETY:
            steps[nine_s + max(0, late_s - usual_s)] = share
    return tuple(sorted(steps.items()))


def _call(call: Call, seen: Seen, road: Road, free_at: int | None) -> Call:
    begin_at = seen.begin_at if free_at is None else max(seen.begin_at, free_at)
    window, late = (call.early_at, call.late_at), None
    if seen.over:
        late = CERTAIN
    elif seen.p10_at is not None and seen.p90_at is not None:
        late = spread(seen.begin_at, seen.p90_at, road.late)
    if not seen.over and seen.begin_at > call.late_at + _MOVED_S:
        window = _window(seen.p10_at or seen.begin_at, seen.p90_at or seen.begin_at)
    live = Live(
        by_at=min(call.early_at - road.cut_off_s, begin_at),
        announced=(call.early_at, call.late_at),
        over=seen.over,
        off=seen.off,
        missed=seen.missed,
        late=late,
    )
    return replace(
        call,
        early_at=window[0],
        late_at=window[1],
        begin_at=begin_at,
        end_at=_end_at(call, seen, road, begin_at),
        live=live,
    )


def _end_at(call: Call, seen: Seen, road: Road, begin_at: int) -> int:
    if seen.off:
        return begin_at + 1
    if seen.end_at is not None:
        return max(begin_at + 1, seen.end_at)
    return max(begin_at + call.end_at - call.begin_at, road.now_at)


def _window(early_at: int, late_at: int) -> tuple[int, int]:
    """Whole five minutes, a quarter of an hour at least: as libraries are told it."""
    early_at = early_at // _STEP_S * _STEP_S
    return early_at, max(-(-late_at // _STEP_S) * _STEP_S, early_at + _NARROWEST_S)


def _home_at(run: Run, road: Road, calls: list[Call]) -> int:
    """Told, or the last call and the way back as planned; a van that is still out is not home before now."""
    if road.home_at is not None:
        return road.home_at
    driven = [call for call in calls if not call.off]
    if not driven:
        return max(run.end_at, road.now_at)
    back_s = run.end_at - max(call.end_at for call in run.calls)
    return max(driven[-1].end_at + back_s, driven[-1].end_at if road.ended else road.now_at)


def _late_home(road: Road, calls: list[Call]) -> Delays | None:
    if road.home_at is not None:
        return CERTAIN
    last = next((call.live for call in reversed(calls) if call.live and not call.off), None)
    return last.late if last and not last.over else None
