"""Lines of contacts, seasons, closures and absences: what they mean, and what is said of wrong ones."""

from datetime import date

import pytest

from models.errors import Finding
from models.network.annexes import READERS, Standing
from models.network.cells import Cells
from models.network.sheet import Row


def _read(name: str, **cells: str) -> tuple[dict[str, object], list[Finding]]:
    found: list[Finding] = []
    return READERS[name](Cells(name, Row(line=2, cells=cells), found)), found


@pytest.mark.parametrize("text", ["2026-12-24", "24/12/2026", "2026-12-24T00:00:00"])
def test_dates_are_read_as_people_and_spreadsheets_write_them(text: str) -> None:
    fields, found = _read("closures.csv", lieu="cassel", du=text, au=text)
    assert (fields["starts_on"], found) == (date(2026, 12, 24), [])


def test_a_closure_is_accepted_and_of_the_whole_network_unless_it_says_otherwise() -> None:
    fields, found = _read("closures.csv", lieu="", du="1/5/2027", au="2/5/2027", etat="")
    assert (fields["site"], fields["status"], found) == (None, Standing.ACCEPTED, [])
    fields, _ = _read("closures.csv", lieu="cassel", du="1/5/2027", au="2/5/2027", etat="Proposee")
    assert fields["status"] is Standing.PROPOSED


@pytest.mark.parametrize(
    ("name", "cells", "said"),
    [
        ("closures.csv", {"lieu": "a", "du": "30/2/2027", "au": "1/3/2027"}, "« du » vaut « 30/2/2027 »"),
        ("closures.csv", {"lieu": "a", "du": "2/3/2027", "au": "1/3/2027"}, "la fin vient avant le début"),
        ("closures.csv", {"lieu": "a", "du": "", "au": "1/3/2027"}, "« du » est vide"),
        ("closures.csv", {"lieu": "a", "du": "1/3/2027", "au": "1/3/2027", "etat": "peut-être"}, "« etat »"),
        ("absences.csv", {"du": "1/3/2027", "au": "1/3/2027"}, "un seul des deux"),
        ("absences.csv", {"du": "1/3/2027", "au": "1/3/2027", "chauffeur": "c", "vehicule": "v"}, "un seul"),
        ("contacts.csv", {"lieu": "a", "nom": ""}, "« nom » est vide"),
        ("contacts.csv", {"lieu": "a", "nom": "b", "courriel": "nulle part"}, "n'est pas une adresse"),
        (
            "seasons.csv",
            {"lieu": "a", "du": "1/3/2027", "au": "1/3/2027", "horaires": "jamais"},
            "illisibles",
        ),
    ],
)
def test_what_is_wrong_is_said_once(name: str, cells: dict[str, str], said: str) -> None:
    _, found = _read(name, **cells)
    assert len(found) == 1
    assert said in found[0].message
