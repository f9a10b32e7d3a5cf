"""Pins, access and what is only assumed."""

from dataclasses import replace
from datetime import date, timedelta

from maps import marks, words
from models.network.values import Access
from tests.sample_network import sample_network
from tests.sample_plan import sample_plan


def test_every_day_has_its_own_letter() -> None:
    letters = [marks.day_letter(date(2026, 11, 30) + timedelta(days=k)) for k in range(7)]
    assert letters == ["L", "Ma", "Me", "J", "V", "S", "D"]


def test_pin_is_day_and_number() -> None:
    tour = sample_plan().rounds[0]
    assert marks.pin(tour, tour.visits[2]) == "Ma3"


def test_every_access_is_told() -> None:
    site = sample_network().site("LI8461")
    said = {marks.access(replace(site, access=access)) for access in Access}
    assert len(said) == len(Access)
    assert marks.access_word(site) == "Clé"


def test_assumed_names_only_what_is_asked_and_assumed() -> None:
    site = sample_network().site("S59308")
    assert marks.assumed(site, "site", "téléphone", "horaires") == ("site supposé", "horaires supposés")
    assert "position supposée" in marks.assumed(site)
    assert marks.assumed(sample_network().site("LI2465")) == ()


def test_remarks_tell_the_stand_in_the_estimate_and_the_notes() -> None:
    network, plan = sample_network(), sample_plan()
    said = marks.remarks(plan, network.site("S59308"), plan.rounds[2].visits[4])
    assert said == (
        "site supposé",
        "horaires supposés",
        "temps de route estimé",
        words.typeset("arrive 5 min avant l'heure souhaitée"),
    )


def test_cost_terms_are_french_and_unknown_ones_survive() -> None:
    assert marks.cost_term("waiting") == "Attente des lecteurs"
    assert marks.cost_term("péages") == "péages"
