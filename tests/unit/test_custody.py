"""The fold of facts, case by case: what counts, what is kept beside it, where crates are."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest

from models.custody.crates import Holder, custody_of
from models.custody.facts import Scan, ScanKind, round_of, site_of
from models.custody.notes import Note, notes_on_clocks
from models.custody.settle import settle
from models.custody.visits import Claim, VisitState, visits_progress

NINE = datetime(2026, 12, 1, 9, tzinfo=UTC)
CASSEL, STAPLE = "2026-W49-mar-matin-V1/cassel", "2026-W49-mar-matin-V1/staple"


def scan(key: int, kind: str, minute: int = 0, **fields: Any) -> Scan:
    """A fact of so many minutes after nine, heard at once."""
    at = NINE + timedelta(minutes=minute)
    told: dict[str, Any] = {"visit": CASSEL, "occurred_at": at, "sent_at": at, "received_at": at}
    if "target" in fields:
        fields["target"] = UUID(int=fields["target"])
    return Scan(id=UUID(int=key), kind=ScanKind(kind), **(told | fields))


def delivered(*scans: Scan) -> int | None:
    visit = visits_progress(scans).get(CASSEL)
    return visit.delivered.crates if visit and visit.delivered else None


@pytest.mark.parametrize(
    ("ref", "round_", "site"),
    [
        (CASSEL, "2026-W49-mar-matin-V1", "cassel"),
        (f"{CASSEL}~2", "2026-W49-mar-matin-V1", "cassel"),
        ("cassel", None, None),
        ("/cassel", None, None),
        ("2026/", None, None),
        ("2026/~2", "2026", None),
        ("", None, None),
    ],
)
def test_a_ref_names_its_round_and_site(ref: str, round_: str | None, site: str | None) -> None:
    assert (round_of(ref), site_of(ref)) == (round_, site)


def test_a_clock_that_is_ahead_is_set_right() -> None:
    # the phone is an hour ahead: it says 10:05, sent at 10:06; heard at 9:06
    fact = scan(
        1,
        "arrived",
        occurred_at=NINE + timedelta(minutes=65),
        sent_at=NINE + timedelta(minutes=66),
        received_at=NINE + timedelta(minutes=6),
    )
    assert fact.happened_at == NINE + timedelta(minutes=5)
    assert notes_on_clocks(fact) == [Note.CLOCK_OFF]


def test_what_comes_late_is_believed() -> None:
    # sent at 9:05 and again unchanged at eight in the evening, or by a phone that is hours behind: who knows
    fact = scan(1, "arrived", 5, received_at=NINE + timedelta(hours=11))
    assert fact.happened_at == NINE + timedelta(minutes=5)
    assert notes_on_clocks(fact) == [Note.CLOCK_OFF]
    days_later = scan(1, "arrived", 5, sent_at=NINE + timedelta(days=3), received_at=NINE + timedelta(days=3))
    assert notes_on_clocks(days_later) == [Note.LATE]


def test_a_little_difference_is_none() -> None:
    fact = scan(1, "arrived", 5, sent_at=NINE + timedelta(minutes=9), received_at=NINE + timedelta(minutes=5))
    assert (fact.happened_at, notes_on_clocks(fact)) == (NINE + timedelta(minutes=5), [])


def test_nothing_happens_after_it_was_heard() -> None:
    fact = scan(1, "arrived", 5, occurred_at=NINE + timedelta(days=900))
    assert fact.happened_at == fact.received_at
    assert notes_on_clocks(fact) == [Note.FUTURE]


def test_undo_and_redo() -> None:
    first, undo, redo = (
        scan(1, "delivered", 1, count=3),
        scan(2, "undo", 2, target=1),
        scan(3, "undo", 3, target=2),
    )
    again = scan(4, "undo", 4, target=3)
    assert delivered(first) == 3
    assert delivered(first, undo) is None
    assert delivered(first, undo, redo) == 3
    assert delivered(first, undo, redo, again) is None
    assert visits_progress([undo]) == {}  # of what? it waits


def test_two_undos_of_one_fact_are_one_and_both_must_go() -> None:
    first = scan(1, "delivered", 1, count=3)
    twice = scan(2, "undo", 2, target=1), scan(3, "undo", 2, target=1)
    assert delivered(first, *twice) is None
    assert delivered(first, *twice, scan(4, "undo", 3, target=2)) is None
    assert delivered(first, *twice, scan(4, "undo", 3, target=2), scan(5, "undo", 3, target=3)) == 3


def test_undos_in_a_ring_have_no_effect() -> None:
    first = scan(1, "delivered", 1, count=3)
    ring = scan(2, "undo", 2, target=3), scan(3, "undo", 3, target=2)
    assert delivered(first, *ring) == 3
    assert delivered(first, scan(2, "undo", 2, target=2)) == 3


def test_the_latest_correction_counts_whatever_it_corrects() -> None:
    first = scan(1, "delivered", 1, count=3)
    second = scan(2, "correction", 2, target=1, count=4)
    third = scan(3, "correction", 3, target=2, count=5)
    for order in permutations([first, second, third]):
        visit = visits_progress(order)[CASSEL]
        assert visit.delivered is not None
        assert (visit.delivered.crates, visit.delivered.told, visit.delivered.corrected) == (5, 3, True)
    # the second is undone: the third still says that five were left
    assert delivered(first, second, third, scan(4, "undo", 4, target=2)) == 5
    assert delivered(first, second, third, scan(4, "undo", 4, target=3)) == 4
    assert delivered(first, second, third, scan(4, "undo", 4, target=1)) is None


def test_a_correction_replaces_only_what_it_gives() -> None:
    first = scan(1, "delivered", 10, count=3)
    [fact] = settle(
        [
            first,
            scan(2, "correction", 11, target=1, retimed_to=NINE + timedelta(minutes=2)),
            scan(3, "correction", 12, target=1, count=4),
        ]
    )
    assert (fact.count, fact.at, fact.corrections) == (
        4,
        NINE + timedelta(minutes=2),
        (UUID(int=2), UUID(int=3)),
    )
    assert (fact.scan.count, fact.scan.happened_at) == (3, NINE + timedelta(minutes=10))


def test_corrections_in_a_ring_or_of_nothing_have_no_effect() -> None:
    first = scan(1, "delivered", 1, count=3)
    ring = scan(2, "correction", 2, target=3, count=8), scan(3, "correction", 3, target=2, count=9)
    assert delivered(first, *ring, scan(4, "correction", 4, count=7)) == 3


def test_a_count_is_a_total_and_tellers_may_differ() -> None:
    phone = scan(1, "delivered", 1, count=3, teller="Dominique")
    more = scan(2, "delivered", 2, count=4, teller="Dominique")  # the same person says it anew: no dispute
    paper = scan(3, "delivered", 3, count=2, teller="Camille")
    visit = visits_progress([phone, more])[CASSEL]
    assert visit.delivered is not None
    assert (visit.delivered.crates, visit.disputed) == (4, False)
    visit = visits_progress([phone, more, paper])[CASSEL]
    assert visit.delivered is not None
    assert visit.delivered.crates == 2
    assert visit.delivered.claims == (Claim(teller="Camille", crates=2), Claim(teller="Dominique", crates=4))
    same = scan(4, "delivered", 4, count=4, teller="Camille")
    assert not visits_progress([phone, more, paper, same])[CASSEL].disputed  # they agree now


def test_scanned_crates_are_a_set_within_the_total() -> None:
    scanned = [scan(k, "delivered", k, crate=f"B{k % 2}", teller=f"téléphone {k}") for k in range(1, 5)]
    assert delivered(*scanned) == 2  # B0 and B1, twice each
    assert delivered(*scanned, scan(9, "delivered", 9, count=5)) == 5  # three had no barcode
    visit = visits_progress([*scanned, scan(9, "delivered", 9, count=1, teller="Camille")])[CASSEL]
    assert visit.delivered is not None
    assert (visit.delivered.crates, visit.delivered.claims) == (2, (Claim(teller="Camille", crates=1),))


@pytest.mark.parametrize(
    ("kinds", "state"),
    [
        (["problem"], VisitState.PROBLEM),
        (["arrived"], VisitState.ARRIVED),
        (["arrived", "problem"], VisitState.ARRIVED),
        (["left"], VisitState.LEFT),
        (["closed"], VisitState.CLOSED),
        (["closed", "left"], VisitState.CLOSED),
        (["delivered 0"], VisitState.DONE),
        (["closed", "delivered 0"], VisitState.CLOSED),
        (["closed", "delivered 2"], VisitState.DONE),
        (["empty 1"], VisitState.ARRIVED),
        (["arrived", "picked_up"], VisitState.DONE),
    ],
)
def test_how_far_a_visit_has_got(kinds: list[str], state: VisitState) -> None:
    told = [one.split() for one in kinds]
    scans = [scan(k, kind, k, count=int(n[0]) if n else None) for k, (kind, *n) in enumerate(told, start=1)]
    assert visits_progress(scans)[CASSEL].state is state


def test_when_a_visit_began_and_ended() -> None:
    scans = [
        scan(1, "problem", 1, text="porte bloquée"),
        scan(2, "arrived", 5),
        scan(3, "arrived", 4),
        scan(4, "left", 9),
        scan(5, "left", 12),
    ]
    visit = visits_progress(scans)[CASSEL]
    assert visit.arrived is not None
    assert visit.left is not None
    assert (visit.arrived.at, visit.left.at) == (NINE + timedelta(minutes=4), NINE + timedelta(minutes=12))
    assert (visit.began_at, visit.problems) == (NINE + timedelta(minutes=4), ("porte bloquée",))


def where(*scans: Scan) -> tuple[Holder, str, bool | None] | None:
    custody = custody_of(scans).get("B1")
    return (custody.holder, custody.place, custody.empty) if custody else None


def test_a_crate_goes_from_site_to_round_to_site() -> None:
    taken = scan(1, "picked_up", 1, crate="B1")
    given = scan(2, "delivered", 20, crate="B1", visit=STAPLE)
    assert where() is None
    assert where(taken) == (Holder.ROUND, "2026-W49-mar-matin-V1", False)
    assert where(given, taken) == (Holder.SITE, "staple", False)
    assert where(given) == (Holder.SITE, "staple", None)
    assert where(taken, given, scan(3, "undo", 30, target=2)) == (
        Holder.ROUND,
        "2026-W49-mar-matin-V1",
        False,
    )
    nowhere = scan(4, "delivered", 40, crate="B1", visit="")
    assert where(taken, given, nowhere) == (Holder.UNKNOWN, "", None)


def test_an_empty_crate_stays_empty_in_the_van() -> None:
    taken = scan(1, "picked_up", 1, crate="B1")
    empty = scan(2, "empty", 2, crate="B1")
    given = scan(3, "delivered", 20, crate="B1", visit=STAPLE)
    assert where(taken, empty) == (Holder.ROUND, "2026-W49-mar-matin-V1", True)
    assert where(taken, empty, given) == (Holder.SITE, "staple", True)
    # emptied before it was lifted, or declared so after: the same visit, the same crate
    before = scan(2, "empty", 0, crate="B1")
    assert where(before, taken, given) == (Holder.SITE, "staple", True)
    # taken again a week later, and nobody says that it is empty: it was filled
    again = scan(4, "picked_up", 7 * 24 * 60, crate="B1", visit="2026-W50-mar-matin-V1/staple")
    assert where(taken, empty, given, again) == (Holder.ROUND, "2026-W50-mar-matin-V1", False)


def test_a_crate_that_was_another_one() -> None:
    given = scan(1, "delivered", 1, crate="B2")
    assert where(given, scan(2, "correction", 2, target=1, crate="B1")) == (Holder.SITE, "cassel", None)
    assert "B2" not in custody_of([given, scan(2, "correction", 2, target=1, crate="B1")])


def test_a_scan_is_valid_or_is_none() -> None:
    with pytest.raises(ValueError, match="fewer than no crates"):
        scan(1, "delivered", count=-1)
    with pytest.raises(ValueError, match="naive"):
        scan(1, "delivered", sent_at=datetime(2026, 12, 1))  # noqa: DTZ001
