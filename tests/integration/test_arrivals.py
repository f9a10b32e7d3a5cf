"""What a library is told of the visits to come."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.service import Service
from api.services.actor import Role
from tests.on_the_road import foresee, tell
from tests.road import ARNEKE, BAVINCHOVE, CASSEL, CASSEL_AGAIN, ROUND, clock, fact
from tests.service_fixtures import ClientAs

pytestmark = pytest.mark.usefixtures("round_of_tuesday")


@pytest.mark.parametrize(
    ("facts", "clock_at", "words"),
    [
        ([], "8:50", "La navette n'est pas encore partie."),
        ([], "9:05", "Pas encore de nouvelles de la navette."),
        (
            [("left", f"{ROUND}/depot", "9:02")],
            "9:05",
            "La navette a quitté le dépôt à 9 h 02. Encore 2 arrêts avant vous.",
        ),
        (
            [("arrived", CASSEL, "9:10")],
            "9:12",
            "La navette est à Cassel depuis 9 h 10. Encore 1 arrêt avant vous.",
        ),
        (
            [("left", ARNEKE, "9:31")],
            "9:32",
            "La navette a quitté Arnèke à 9 h 31. Vous êtes le prochain arrêt.",
        ),
        ([("arrived", BAVINCHOVE, "9:41")], "9:42", "La navette est chez vous depuis 9 h 41."),
        (
            [("delivered", BAVINCHOVE, "9:41", 3), ("picked_up", BAVINCHOVE, "9:42", 1)],
            "9:50",
            "La navette est passée à 9 h 41 : 3 bacs déposés, 1 bac repris.",
        ),
        ([("closed", BAVINCHOVE, "9:41")], "9:50", "La navette est passée à 9 h 41 et a trouvé porte close."),
        (
            [("left", CASSEL_AGAIN, "10:01")],
            "10:02",
            "La navette a continué sa route sans que votre passage soit pointé. Appelez la coordination.",
        ),
    ],
)
def test_a_library_is_told_where_the_shuttle_is(
    client_as: ClientAs, driver: TestClient, at: Any, facts: Any, clock_at: str, words: str
) -> None:
    at(clock_at)
    tell(driver, *(fact(kind, ref, when, count=dict(enumerate(n)).get(0)) for kind, ref, when, *n in facts))
    library = client_as(Role.LIBRARY, site="bavinchove")
    [arrival] = library.get("/api/v1/sites/bavinchove/arrivals").json()["arrivals"]
    assert arrival["words"].replace(" ", " ") == words
    assert arrival["basis"] == ("pointages" if facts else "planning")
    assert (arrival["announced_early_at"], arrival["announced_late_at"]) == tuple(
        clock(text).isoformat() for text in ("9:30", "10:00")
    )


def test_the_age_of_an_expectation_is_told(
    service: Service, client_as: ClientAs, driver: TestClient, at: Any
) -> None:
    at("9:20")
    tell(driver, fact("left", CASSEL, "9:15"))
    foresee(service, "9:20", bavinchove="9:40")
    at("9:22")
    library = client_as(Role.LIBRARY, site="bavinchove")
    [arrival] = library.get("/api/v1/sites/bavinchove/arrivals").json()["arrivals"]
    assert (arrival["expected_at"], arrival["age_s"]) == (clock("9:40").isoformat(), 420)


def test_arrivals_are_for_the_library_itself(client_as: ClientAs, at: Any) -> None:
    library = client_as(Role.LIBRARY, site="cassel")
    assert library.get("/api/v1/sites/arneke/arrivals").status_code == 403
    assert len(library.get("/api/v1/sites/cassel/arrivals").json()["arrivals"]) == 2
    assert client_as(Role.COORDINATOR).get("/api/v1/sites/nulle-part/arrivals").status_code == 404
