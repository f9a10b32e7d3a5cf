"""Whatever facts come, in whatever order, however often: the fold tells one story."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from models.custody.crates import Holder, custody_of
from models.custody.facts import MENDING, Scan, ScanKind
from models.custody.settle import settle
from models.custody.tally import Tally
from models.custody.visits import VisitState, progress, tallies, visits_progress

_ADAPTER = TypeAdapter(Tally)

MORNING = datetime(2026, 12, 1, 8, tzinfo=UTC)
VISITS = ("2026-W49-mar-matin-V1/cassel", "2026-W49-mar-matin-V1/staple", "2026-W49-mar-matin-V1/cassel~2")
IDS = [UUID(int=k) for k in range(1, 13)]  # few, so that targets are often met

minutes = st.integers(0, 300).map(lambda k: MORNING + timedelta(minutes=k))
scans = st.builds(
    Scan,
    id=st.sampled_from(IDS),
    kind=st.sampled_from(ScanKind),
    visit=st.sampled_from(VISITS),
    crate=st.sampled_from((None, None, "B1", "B2")),
    count=st.sampled_from((None, 0, 2, 3)),
    target=st.sampled_from((None, *IDS)),
    retimed_to=st.none() | minutes,
    text=st.sampled_from(("", "porte bloquée")),
    occurred_at=minutes,
    sent_at=minutes,
    received_at=minutes.map(lambda moment: moment + timedelta(minutes=30)),
    teller=st.sampled_from(("téléphone", "papier")),
)
# As the database keeps them: one content under each id.
stories = st.lists(scans, max_size=12, unique_by=lambda scan: scan.id)


def _all(told: list[Scan]) -> tuple[object, object]:
    return visits_progress(told), custody_of(told)


@given(stories.flatmap(lambda told: st.tuples(st.just(told), st.permutations(told))))
def test_the_order_of_arrival_changes_nothing(told: tuple[list[Scan], list[Scan]]) -> None:
    assert _all(told[0]) == _all(told[1])


@given(st.lists(scans, max_size=12).flatmap(lambda told: st.tuples(st.just(told), st.permutations(told))))
def test_also_where_one_id_comes_with_two_contents(told: tuple[list[Scan], list[Scan]]) -> None:
    assert _all(told[0]) == _all(told[1])


@given(stories, st.data())
def test_repeats_change_nothing(told: list[Scan], data: st.DataObject) -> None:
    again = data.draw(st.lists(st.sampled_from(told), max_size=10)) if told else []
    assert _all([*again, *told, *again]) == _all(told)


@given(stories)
def test_when_everything_is_undone_nothing_is_left(told: list[Scan]) -> None:
    facts = [scan for scan in told if scan.kind is not ScanKind.UNDO]
    undos = [_undo(UUID(int=100 + k), scan.id, scan.received_at) for k, scan in enumerate(facts)]
    assert _all([*facts, *undos]) == ({}, {})


@given(stories)
def test_undoing_every_undo_is_as_if_there_were_none(told: list[Scan]) -> None:
    undos = [scan for scan in told if scan.kind is ScanKind.UNDO]
    against = [_undo(UUID(int=100 + k), scan.id, scan.received_at) for k, scan in enumerate(undos)]
    without = [scan for scan in told if scan.kind is not ScanKind.UNDO]
    assert _all([*told, *against]) == _all(without)


@given(stories)
def test_an_undo_sent_twice_under_two_ids_is_one(told: list[Scan]) -> None:
    # nobody may target the twin, so none of the drawn undos does
    twins = [_undo(UUID(int=100 + k), s.target, s.received_at) for k, s in enumerate(told) if _top(s, told)]
    assert _all([*told, *twins]) == _all(told)


@given(stories)
def test_corrections_keep_what_was_told_first(told: list[Scan]) -> None:
    first = {scan.id: scan for scan in told}
    for fact in settle(told):
        assert fact.scan == first[fact.scan.id]
        assert fact.kind not in MENDING
        if not fact.corrections:
            assert (fact.count, fact.crate, fact.at) == (
                fact.scan.count,
                fact.scan.crate,
                fact.scan.happened_at,
            )


@given(stories)
def test_a_crate_is_in_exactly_one_place_and_there_for_a_reason(told: list[Scan]) -> None:
    facts = {fact.scan.id: fact for fact in settle(told)}
    for crate, custody in custody_of(told).items():
        assert custody.crate == crate
        deciding = facts[custody.scan]  # it stands
        assert (deciding.crate, deciding.at) == (crate, custody.since)
        assert (custody.holder is Holder.UNKNOWN) == (custody.place == "")
        later = [
            fact
            for fact in facts.values()
            if fact.crate == crate
            and fact.kind in {ScanKind.DELIVERED, ScanKind.PICKED_UP}
            and fact.moment > deciding.moment
        ]
        assert later == []


@given(stories)
def test_nothing_happens_after_it_was_heard(told: list[Scan]) -> None:
    heard = max((scan.received_at for scan in told), default=MORNING)
    assert all(fact.at <= heard for fact in settle(told))


@given(stories)
def test_a_visit_without_standing_facts_is_not_told_of(told: list[Scan]) -> None:
    standing = {fact.visit for fact in settle(told)}
    found = visits_progress(told)
    assert set(found) == standing
    assert all(one.state is not VisitState.NOTHING for one in found.values())


def _undo(key: UUID, target: UUID | None, at: datetime) -> Scan:
    return Scan(id=key, kind=ScanKind.UNDO, target=target, occurred_at=at, sent_at=at, received_at=at)


def _top(scan: Scan, told: list[Scan]) -> bool:
    """An undo that no other undo is about."""
    undos = [other for other in told if other.kind is ScanKind.UNDO]
    return scan.kind is ScanKind.UNDO and all(other.target != scan.id for other in undos)


@given(stories, st.data())
def test_facts_may_be_added_to_a_tally_that_nothing_mends(told: list[Scan], data: st.DataObject) -> None:
    # Late ones, that nothing is about and that are about nothing: the earlier need not be read again.
    late = [
        replace(scan, id=UUID(int=200 + k), target=None)
        for k, scan in enumerate(data.draw(st.lists(scans, max_size=6)))
        if scan.kind not in MENDING
    ]
    kept = {
        ref: _ADAPTER.validate_json(_ADAPTER.dump_json(one)) for ref, one in tallies(settle(told)).items()
    }
    for fact in settle(late):
        kept.setdefault(fact.visit, Tally()).add([fact])
    assert {ref: progress(ref, one) for ref, one in kept.items()} == visits_progress([*told, *late])
