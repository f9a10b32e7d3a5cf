"""Whatever is told of a round: what is expected lies ahead, in order, and every visit is in one heap."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from models.custody.facts import Scan, ScanKind
from models.custody.rounds import Expected, RoundState, round_progress
from models.custody.visits import VisitState, visits_progress

NINE = datetime(2026, 12, 1, 9, tzinfo=UTC)
START, END = "R/depot", "R/depot"
TELLING = [kind for kind in ScanKind if kind not in {ScanKind.CORRECTION, ScanKind.UNDO}]


@st.composite
def plans(draw: st.DrawFn) -> list[Expected]:
    """One to six visits: legs, waits and services of whole minutes."""
    found: list[Expected] = []
    at = NINE
    for number in range(draw(st.integers(1, 6))):
        leg, wait, service = (timedelta(minutes=draw(st.integers(1, 20))) for _ in range(3))
        wait *= draw(st.integers(0, 1))
        arrival = at + leg
        begin = arrival + wait
        found.append(
            Expected(
                visit=f"R/{number}",
                arrival_at=arrival,
                begin_at=begin,
                end_at=begin + service,
                opens_at=begin if wait else NINE - timedelta(hours=2),
                announced_late_at=begin + timedelta(minutes=20),
                leg_s=leg // timedelta(seconds=1),
            )
        )
        at = begin + service
    return found


def facts(draw: st.DrawFn, plan: list[Expected]) -> list[Scan]:
    refs = [START, "R/elsewhere", *(one.visit for one in plan)]
    number = draw(st.integers(0, 8))
    found = []
    for key in range(number):
        at = NINE + timedelta(minutes=draw(st.integers(-30, 200)))
        found.append(
            Scan(
                id=UUID(int=key),
                kind=draw(st.sampled_from(TELLING)),
                visit=draw(st.sampled_from(refs)),
                count=draw(st.sampled_from((None, 0, 2))),
                occurred_at=at,
                sent_at=at,
                received_at=at,
                untimed=draw(st.booleans()),
            )
        )
    return found


@given(st.data())
def test_what_is_expected_lies_ahead_in_order(data: st.DataObject) -> None:
    plan = data.draw(plans())
    told = data.draw(st.composite(facts)(plan))
    now = NINE + timedelta(minutes=data.draw(st.integers(0, 240)))
    known = visits_progress(told)
    progress = round_progress(plan, known, now, start=START, end=END)

    begins = [one.begin_at for one in progress.ahead]
    assert begins == sorted(begins)
    assert all(begin >= now for begin in begins)
    assert [one.visit for one in progress.ahead] == sorted(one.visit for one in progress.ahead)
    opens = {one.visit: one.opens_at for one in plan}
    assert all(one.begin_at >= opens[one.visit] for one in progress.ahead)

    heaps = [progress.done, progress.closed, progress.skipped, tuple(one.visit for one in progress.ahead)]
    assert sum(map(len, heaps)) == len(set().union(*heaps))
    assert set(progress.unexpected) <= {"R/elsewhere"}
    states = {ref: one.state for ref, one in known.items()}
    assert all(states[ref] in {VisitState.DONE, VisitState.LEFT} for ref in progress.done)
    if progress.state is RoundState.ENDED:
        assert progress.ahead == ()


@given(plans())
def test_a_round_without_news_is_expected_as_planned(plan: list[Expected]) -> None:
    progress = round_progress(plan, {}, NINE, start=START, end=END)
    assert progress.state is RoundState.WAITING
    assert [one.begin_at for one in progress.ahead] == [one.begin_at for one in plan]
    assert progress.delay_s is None


@given(plans(), st.integers(0, 90))
def test_a_delay_never_grows_by_itself(plan: list[Expected], late: int) -> None:
    """Left the first visit `late` minutes late: the next are at most that late, less what waits take up."""
    at = plan[0].end_at + timedelta(minutes=late)
    left = Scan(id=UUID(int=1), kind=ScanKind.LEFT, visit="R/0", occurred_at=at, sent_at=at, received_at=at)
    progress = round_progress(plan, visits_progress([left]), at, start=START, end=END)
    delays = [one.delay_s for one in progress.ahead]
    assert delays == sorted(delays, reverse=True)
    assert all(0 <= delay <= late * 60 for delay in delays)
