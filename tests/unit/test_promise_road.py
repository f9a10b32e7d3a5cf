"""A run as the road tells of it, by hand. Times in seconds; ordinary delays are of an hour at most."""

import random

from routing.promise.chances import ONE
from routing.promise.road import CERTAIN, Road, Seen, as_driven, spread
from routing.promise.timetable import Call, Run

LATE = ((0, 500_000), (1200, 900_000), (3600, ONE))


def call(ref: str, site: int, begin_at: int) -> Call:
    """Five minutes, announced from ten minutes before to twenty after."""
    return Call(
        site=site,
        ref=ref,
        early_at=begin_at - 600,
        late_at=begin_at + 1200,
        begin_at=begin_at,
        end_at=begin_at + 300,
    )


RUN = Run(
    code="r",
    start=0,
    end=0,
    start_at=36_000,
    end_at=39_000,  # 900 s after the last call ends
    calls=(call("a", 1, 36_600), call("b", 2, 37_200), call("c", 3, 37_800)),
)


def road(now_at: int, seen: dict[str, Seen], **fields: int | bool) -> Road:
    return Road(now_at=now_at, calls=seen, cut_off_s=1800, late=LATE, **fields)  # type: ignore[arg-type]


def test_what_is_over_what_is_expected_and_what_does_not_come() -> None:
    """Left at 36,300, a from 36,900 to 37,300; b closed at 38,000; c foreseen at 39,300, when it
    was told 39,000 at the latest. What it takes is ready by 37,200 - 1,800 all the same."""
    seen = {
        "a": Seen(begin_at=36_900, end_at=37_300, over=True),
        "b": Seen(begin_at=38_000, over=True, off=True),
        "c": Seen(begin_at=39_300, p10_at=39_100, p90_at=39_900, missed=20_000),
    }
    run = as_driven(RUN, road(38_100, seen, started_at=36_300))
    a, b, c = run.calls
    assert (run.start_at, a.begin_at, a.end_at) == (36_300, 36_900, 37_300)
    assert (b.off, c.off, c.begin_at, c.end_at) == (True, False, 39_300, 39_600)
    # whole five minutes: 39,000 to 39,900
    assert (c.early_at, c.late_at) == (39_000, 39_900)
    assert a.live
    assert c.live
    assert (a.live.late, c.live.announced, c.live.by_at) == (CERTAIN, (37_200, 39_000), 35_400)
    assert c.live.missed == 20_000
    assert run.end_at == 39_600 + 900


def test_behind_what_is_likely_by_what_is_foreseen_and_then_as_on_other_days() -> None:
    """Nine in ten 600 s after even chances; the last one in ten as usual from there: 3,600 - 1,200 s more."""
    assert spread(100, 700, LATE) == ((0, 500_000), (600, 900_000), (3000, ONE))
    assert spread(100, 100, LATE) == ((0, 900_000), (2400, ONE))
    assert spread(100, 700, CERTAIN) == ((0, 500_000), (600, ONE))


def test_calls_are_in_the_order_in_which_they_are_made() -> None:
    """c was done before b, which is expected to begin when c is over at the earliest."""
    seen = {
        "a": Seen(begin_at=36_600, end_at=36_900, over=True),
        "b": Seen(begin_at=37_900),
        "c": Seen(begin_at=37_800, end_at=38_100, over=True),
    }
    run = as_driven(RUN, road(38_000, seen))
    assert [one.ref for one in run.calls] == ["a", "c", "b"]
    assert (run.calls[2].begin_at, run.calls[2].early_at) == (38_100, 36_600)  # within what was announced


def test_a_van_that_is_out_is_not_home_before_now() -> None:
    seen = {
        ref: Seen(begin_at=at, end_at=at + 300, over=True)
        for ref, at in (("a", 36_600), ("b", 37_200), ("c", 37_800))
    }
    assert as_driven(RUN, road(40_000, seen)).end_at == 40_000
    assert as_driven(RUN, road(40_000, seen, ended=True)).end_at == 39_000
    told = as_driven(RUN, road(40_000, seen, ended=True, home_at=38_900))
    assert (told.end_at, told.late) == (38_900, CERTAIN)


def test_whatever_is_told_it_stays_a_run_of_the_same_calls() -> None:
    """Phones have wrong clocks: times in any order, before the start, after the end."""
    for seed in range(300):
        chance = random.Random(seed)
        seen = {
            ref: Seen(
                begin_at=chance.randint(35_000, 41_000),
                end_at=chance.choice((None, chance.randint(35_000, 41_000))),
                over=chance.random() < 0.5,
                off=chance.random() < 0.3,
                p10_at=chance.choice((None, chance.randint(35_000, 41_000))),
                p90_at=chance.choice((None, chance.randint(35_000, 41_000))),
            )
            for ref in chance.sample("abc", chance.randint(0, 3))
        }
        told = {
            name: chance.choice((None, chance.randint(35_000, 41_000))) for name in ("started_at", "home_at")
        }
        run = as_driven(RUN, road(chance.randint(35_000, 41_000), seen, **told))  # type: ignore[arg-type]
        assert sorted(one.ref for one in run.calls) == ["a", "b", "c"]
        assert [one.live.off for one in run.calls if one.live and one.ref in seen] == [
            seen[one.ref].off for one in run.calls if one.ref in seen
        ]
