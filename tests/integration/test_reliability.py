"""Fiabilité: predictions, announced windows and promises beside what came, each with its number of cases."""

from datetime import timedelta
from typing import Any

from api.service import Service
from api.services.actor import Role
from models.custody.visits import VisitState
from models.tables.predictions import PredictionRecord, PromiseRecord
from models.tables.scans import OutcomeRecord
from tests.queries import count_queries
from tests.road import ARNEKE, CASSEL, ROUND, TUESDAY, clock, publish
from tests.service_fixtures import ClientAs

PERIOD = "/api/v1/reliability?from=2026-12-01&to=2026-12-01"


def _prediction(visit: str, made: str, likely: str) -> PredictionRecord:
    """10 minutes either side of the likely time, eight times out of ten; 15 minutes, nine times."""
    at = clock(likely)
    fields: dict[str, Any] = {
        f"{name}_at": at + timedelta(minutes=minutes)
        for name, minutes in (("p05", -15), ("p10", -10), ("p50", 0), ("p90", 10), ("p95", 15))
    }
    told: dict[str, Any] = {"round": ROUND, "visit": visit, "site": visit.split("/")[1], "day": TUESDAY}
    return PredictionRecord(**told, **fields, made_at=clock(made), stamp=made, basis="pointages")


def test_what_was_announced_is_held_against_what_came(service: Service, client_as: ClientAs) -> None:
    begun = {CASSEL: "9:12", ARNEKE: "9:52"}
    with service.database.write() as session:
        publish(session)
        for visit, text in begun.items():
            site = visit.split("/")[1]
            fields: dict[str, Any] = {"visit": visit, "round": ROUND, "site": site, "day": TUESDAY}
            fields |= {"began_at": clock(text), "arrived_at": clock(text)}
            session.add(OutcomeRecord(**fields, state=VisitState.DONE))
        session.add(_prediction(CASSEL, "9:02", "9:10"))
        session.add(_prediction(ARNEKE, "9:20", "9:40"))  # 9:30 to 9:50, or 9:25 to 9:55
        session.add(_prediction(ARNEKE, "9:55", "9:56"))  # after it had begun: foretells nothing
        for kept in (True, True, False):
            session.add(
                PromiseRecord(
                    origin="cassel",
                    destination="arneke",
                    pickup=f"{CASSEL}{kept}",
                    item=str(len(session.new)),
                    ready_at=clock("8:00"),
                    likely_at=clock("9:00"),
                    due_at=clock("10:00"),
                    worst_at=clock("11:00"),
                    chance_permille=910,
                    basis="planning publié",
                    kept=kept,
                )
            )
    with count_queries(service.database) as sent:
        told = client_as(Role.OFFICIAL).get(PERIOD).json()
    assert len([one for one in sent if one.startswith("SELECT")]) == 4
    eighty, ninety = told["windows"]
    assert (eighty["kept"], eighty["of"], ninety["kept"]) == (1, 2, 2)
    # Cassel was announced from 9:00 to 9:30, Arneke from 9:15 to 9:45.
    assert (told["announced"]["kept"], told["announced"]["of"], told["announced"]["few"]) == (1, 2, True)
    [promise] = told["promises"]
    assert (promise["announced_permille"], promise["kept"], promise["of"]) == (900, 2, 3)
    assert [(one["ahead_min"], one["median_s"]) for one in told["widths"]] == [(15, 1200), (60, 1200)]
    text = client_as(Role.COORDINATOR).get("/fiabilite?du=2026-12-01&au=2026-12-01").text
    assert "50 % des 2" in text.replace("\u202f", " ").replace("\xa0", " ")
    assert "peu de cas" in text


def test_an_empty_period_says_what_to_do(service: Service, client_as: ClientAs) -> None:
    answer = client_as(Role.OFFICIAL).get("/fiabilite?du=2026-12-01&au=2026-12-02")
    assert answer.status_code == 200
    assert "revenez après la prochaine tournée" in answer.text
    assert client_as(Role.LIBRARY, site="cassel").get("/fiabilite").status_code == 403
