"""Whatever a round's facts: in order, never before now, and no jump without a fact."""

from hypothesis import given, settings
from hypothesis import strategies as st

from routing.eta.conformal import Calibration
from routing.eta.learnt import UNTAUGHT
from routing.eta.predict import predict
from routing.eta.values import Halt, Sign, Told

START = 1_796_112_000


@st.composite
def rounds(draw: st.DrawFn) -> tuple[tuple[Halt, ...], Told, int]:
    """A plan, facts about its first halts, and the instant of the last one."""
    at, plan, signs, late = START, [], {}, draw(st.integers(-300, 3600))
    for k in range(draw(st.integers(1, 8))):
        leg_s, wait_s, door_s = draw(st.integers(60, 2400)), draw(st.integers(0, 1800)), 300
        arrival = at + leg_s
        at = arrival + wait_s + door_s
        plan.append(
            Halt(
                visit=f"R/s{k}", site=f"s{k}", from_site=f"s{k - 1}", arrival_at=arrival,
                begin_at=arrival + wait_s, end_at=at, opens_at=arrival + wait_s, leg_s=leg_s,
            )
        )  # fmt: skip
    known, now = draw(st.integers(0, len(plan))), START - 3600
    for halt in plan[:known]:
        now = max(now, halt.end_at + late)
        over = draw(st.booleans()) or halt is not plan[known - 1]
        signs[halt.visit] = Sign(arrived_at=now - 300, began_at=now - 300, last_at=now, over=over)
    return tuple(plan), Told(visits=signs), now


@settings(max_examples=50, deadline=None)
@given(rounds(), st.integers(0, 20_000), st.integers(1, 120))
def test_in_order_never_before_now_and_no_jump(
    drawn: tuple[tuple[Halt, ...], Told, int], silence_s: int, more_s: int
) -> None:
    plan, told, heard_at = drawn
    now = heard_at + silence_s
    before = predict(plan, told, (), now, UNTAUGHT, Calibration())
    after = predict(plan, told, (), now + more_s, UNTAUGHT, Calibration())
    assert before == predict(plan, told, (), now, UNTAUGHT, Calibration())
    for old, new in zip(before, after, strict=True):
        assert now <= old.p05_at <= old.p10_at <= old.p50_at <= old.p90_at <= old.p95_at
        assert new.p50_at >= old.p50_at - 1
        assert new.p90_at >= old.p90_at - 1
        # What is known is the same: an answer moves with the clock, a handful of times as fast at most.
        assert new.p50_at - old.p50_at <= 12 * more_s + 60
    # Nothing moves until the clock has passed the earliest scenario, which lies before p05; then by seconds,
    # as long as p05 is to come: the tail moves faster than the clock, for what was soonest is ruled out.
    quiet, passed_s = predict(plan, told, (), heard_at, UNTAUGHT, Calibration()), now + more_s - heard_at
    if quiet and told.visits and passed_s < 30 and now + more_s < quiet[0].p05_at:
        for first, later in zip(quiet, after, strict=True):
            assert 0 <= later.p05_at - first.p05_at <= 3 * passed_s + 2
            assert 0 <= later.p95_at - first.p95_at <= 3 * passed_s + 2
