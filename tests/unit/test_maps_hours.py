"""Opening hours as people say them."""

import pytest

from maps.hours import spoken
from maps.words import FIRM


@pytest.mark.parametrize(
    ("opening", "words"),
    [
        ("We 13:30-15:30; Sa 10:00-12:00; PH off", "mercredi de 13 h 30 à 15 h 30, samedi de 10 h à 12 h"),
        ("Mo-Fr 08:00-18:00", "du lundi au vendredi de 8 h à 18 h"),
        ("Tu,We 09:00-12:00", "mardi et mercredi de 9 h à 12 h"),
        ("Mo 09:00-12:00,14:00-17:00", "lundi de 9 h à 12 h et de 14 h à 17 h"),
        ("24/7", "du lundi au dimanche à toute heure"),
        ("", "jamais"),
        ("PH off", "jamais"),
    ],
)
def test_hours_are_said_in_french(opening: str, words: str) -> None:
    assert spoken(opening).replace(FIRM, " ") == words
