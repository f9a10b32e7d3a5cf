"""French figures, as people read them."""

from datetime import date

import pytest

from maps import words
from models.service_day import IsoWeek
from models.values import TimeWindow


def plain(text: str) -> str:
    """No-break spaces as ordinary ones, so that the expected strings can be read."""
    return text.replace(words.THIN, " ").replace(words.FIRM, " ")


@pytest.mark.parametrize(
    ("second", "said"),
    [
        (36_000, "10 h"),
        (37_200, "10 h 20"),
        (37_259, "10 h 20"),  # 10:20:59 is still 10 h 20
        (29_100, "8 h 05"),
        (0, "0 h"),
        (86_400 + 600, "0 h 10"),  # ten past midnight, the night after
    ],
)
def test_clock(second: int, said: str) -> None:
    assert plain(words.clock(second)) == said


def test_columns_keep_their_minutes() -> None:
    assert plain(words.clock_full(36_000)) == "10 h 00"
    assert plain(words.span(TimeWindow(34_800, 35_700))) == "9 h 40 – 9 h 55"


def test_between() -> None:
    assert plain(words.between(TimeWindow(36_000, 39_600))) == "entre 10 h et 11 h"
    assert plain(words.between(TimeWindow(36_000, 36_000))) == "à 10 h"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 min"),
        (29, "0 min"),
        (-29, "0 min"),
        (30, "1 min"),
        (2700, "45 min"),
        (3570, "1 h"),  # 59.5 min rounds up to the hour
        (3900, "1 h 05"),
        (-720, "−12 min"),
    ],
)
def test_duration(seconds: int, said: str) -> None:
    assert plain(words.duration(seconds)) == said


@pytest.mark.parametrize(
    ("metres", "said"),
    [
        (0, "0,0 km"),
        (12_349, "12,3 km"),
        (12_350, "12,4 km"),
        (99_949, "99,9 km"),
        (99_950, "100 km"),
        (1_234_400, "1 234 km"),
    ],
)
def test_distance(metres: int, said: str) -> None:
    assert plain(words.distance(metres)) == said


def test_money() -> None:
    assert plain(words.euros(41_249)) == "412 €"
    assert plain(words.euros(41_250)) == "413 €"
    assert plain(words.euros(123_405, exact=True)) == "1 234,05 €"
    assert plain(words.euros(-1_050, exact=True)) == "−10,50 €"
    assert plain(words.euros(-20)) == "0 €"


def test_counts() -> None:
    assert [plain(words.crates(n)) for n in (0, 1, 2, 1200)] == ["0 bac", "1 bac", "2 bacs", "1 200 bacs"]
    assert plain(words.count(3, "journal", "journaux")) == "3 journaux"


def test_days() -> None:
    assert plain(words.day(date(2026, 12, 3))) == "jeudi 3 décembre"
    assert plain(words.day_and_year(date(2026, 12, 1))) == "mardi 1er décembre 2026"
    assert plain(words.short_day(date(2026, 2, 4))) == "mer. 4 févr."


@pytest.mark.parametrize(
    ("year", "number", "said"),
    [
        (2026, 49, "semaine 49, du 30 novembre au 6 décembre 2026"),
        (2026, 50, "semaine 50, du 7 au 13 décembre 2026"),
        (2026, 53, "semaine 53, du 28 décembre 2026 au 3 janvier 2027"),
    ],
)
def test_week(year: int, number: int, said: str) -> None:
    assert plain(words.week(IsoWeek(year, number))) == said


def test_phone_numbers_are_never_cut() -> None:
    assert words.phone("03 00 00 00 01 (à compléter)") == "03\u00a000\u00a000\u00a000\u00a001 (à compléter)"


def test_listing() -> None:
    assert words.listing([]) == ""
    assert words.listing(["lundi"]) == "lundi"
    assert words.listing(["lundi", "mardi", "jeudi"]) == "lundi, mardi et jeudi"


def test_typeset_binds_marks_and_curls_apostrophes() -> None:
    said = words.typeset("Staple n'ouvre qu'une heure : « le mercredi » ! D'accord ?")
    assert said == ("Staple n’ouvre qu’une heure\u202f: «\u202fle mercredi\u202f»\u202f! D’accord\u202f?")


def test_typeset_leaves_addresses_and_times_alone() -> None:
    for text in ("https://exemple.fr/saisie", "12:30", "a ;b"):
        assert words.typeset(text) == text


def test_typeset_twice_is_typeset_once() -> None:
    once = words.typeset("Fermé ? « Oui » : voir l'affiche ; merci !")
    assert words.typeset(once) == once


def test_quoted_and_capital() -> None:
    assert words.quoted("horaires supposés") == "«\u202fhoraires supposés\u202f»"
    assert words.capital("écart de 3 km") == "Écart de 3 km"
    assert words.capital("") == ""
