"""What promises say, and what they never say."""

import pytest

from api.services.promises import words
from api.services.promises.learning import chances_of, content_of, learnt
from routing.promise.chances import ONE, Chances
from routing.promise.lateness import punctual


@pytest.mark.parametrize(
    ("permille", "told"),
    [
        (999, "99 chances sur 100"),
        (989, "19 chances sur 20"),
        (949, "9 chances sur 10"),
        (900, "9 chances sur 10"),
        (899, "8 chances sur 10"),
        (199, "1 chance sur 10"),
        (99, "moins d'une chance sur 10"),
    ],
)
def test_chances_are_never_rounded_up(permille: int, told: str) -> None:
    assert words.chance(permille) == told


@pytest.mark.parametrize(("name", "told"), [("Cassel", "à Cassel"), ("Le Doulieu", "au Doulieu")])
def test_articles_are_contracted(name: str, told: str) -> None:
    assert words.at_place(name) == told


def test_what_is_learnt_leans_on_what_is_assumed() -> None:
    """20 visits' worth of it: all sites (80 + 20 × 0.97) / 120, one of them (0 + 20 × that) / 40."""
    seen = [("cassel", True)] * 80 + [("staple", False)] * 20
    found = learnt(seen, [0] * 30 + [5000] * 10)
    assert found.take_any == (80 * ONE + 20 * 970_000) // 120
    assert found.take["staple"] == 20 * found.take_any // 40
    assert found.take["cassel"] > found.take_any > found.take["staple"]
    assert (found.seen, found.late[-1][1]) == (100, ONE)
    assert punctual(found.late, 0) == (30 * ONE + 20 * 500_000) // 60
    assert chances_of(content_of(found)) == found


@pytest.mark.parametrize("content", [None, {}, {"late": []}, {"nonsense": 1, "late": [[0, 1]]}, {"late": 3}])
def test_what_cannot_be_used_is_as_if_nothing_was_learnt(content: dict[str, object] | None) -> None:
    assert chances_of(content) == Chances()
