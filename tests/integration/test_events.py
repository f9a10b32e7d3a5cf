"""What happens is told to other software, and documents go where their crates are scanned."""

from datetime import datetime, timedelta

from sqlmodel import col, select
from uuid_utils.compat import uuid7

from api.service import Service
from api.services.actor import SYSTEM, Role
from api.services.plans.store import save_plan
from api.services.webhooks import EVENTS
from models.plan import Plan
from models.tables.base import now
from models.tables.demand import CrateRecord, ItemRecord
from models.tables.service import DeliveryRecord, WebhookRecord
from models.transfers.values import ItemState
from tests.service_fixtures import ClientAs

ROUND = "2026-W49-mar-matin-V1"


def listen(service: Service) -> None:
    with service.database.write() as session:
        session.add(WebhookRecord(url="https://exemple.fr/", secret="", events=sorted(EVENTS)))


def told(service: Service) -> list[tuple[str, dict[str, object]]]:
    with service.database.read() as session:
        found = session.exec(select(DeliveryRecord).order_by(col(DeliveryRecord.id))).all()
    return [(one.event, one.payload) for one in found]


def fact(kind: str, site: str, at: datetime, crate: str) -> dict[str, str]:
    moment = at.isoformat()
    about = {"kind": kind, "visit": f"{ROUND}/{site}", "crate": crate}
    return {"id": str(uuid7()), **about, "occurred_at": moment, "sent_at": moment}


def test_a_scanned_crate_takes_its_documents_along(client_as: ClientAs, service: Service) -> None:
    listen(service)
    at = now() - timedelta(hours=1)
    with service.database.write() as session:
        session.add(CrateRecord(code="B12"))
        for k, destination in enumerate(("arneke", "hazebrouck")):
            session.add(
                ItemRecord(
                    barcode=str(k),
                    reference=str(k),
                    origin="cassel",
                    destination=destination,
                    requested_at=at,
                    source="Orphée",
                    crate="B12",
                    state=ItemState.PACKED,
                )
            )
    driver, desk = client_as(Role.DRIVER, driver="C1"), client_as(Role.COORDINATOR)
    driver.post("/api/v1/scans", json={"scans": [fact("picked_up", "cassel", at, "B12")]})
    assert desk.get("/api/v1/items/0").json()["where"] == "en route"
    later = fact("delivered", "arneke", at + timedelta(minutes=9), "B12")
    driver.post("/api/v1/scans", json={"scans": [later]})
    # The crate is at Arnèke: what was for Arnèke has arrived, what is for Hazebrouck is still on its way.
    assert [desk.get(f"/api/v1/items/{k}").json()["where"] for k in (0, 1)] == ["livré", "en route"]
    driver.post("/api/v1/scans", json={"scans": [later]})  # again: nothing is told twice
    events = told(service)
    assert [name for name, _ in events] == [
        "crate.moved",
        "round.progressed",
        "item.delivered",
        "crate.moved",
        "round.progressed",
    ]
    assert events[1] == ("round.progressed", {"round": ROUND})
    assert events[2][1] == {"barcode": "0", "from": "cassel", "to": "arneke", "source": "Orphée"}
    assert (events[3][1]["holder"], events[3][1]["place"]) == ("site", "arneke")


def test_what_coordinators_and_libraries_do_is_told(
    client_as: ClientAs, service: Service, planned: Plan
) -> None:
    listen(service)
    desk, library = client_as(Role.COORDINATOR), client_as(Role.LIBRARY, site="cassel")
    with service.database.write() as session:
        draft = save_plan(session, planned, actor=SYSTEM)
    published = desk.post(
        f"/api/v1/plans/{draft.id}/publish", json={"replaces": None}, headers={"If-Match": '"v1"'}
    )
    assert published.status_code == 200, published.text
    asked = {"starts_on": "2026-12-21", "ends_on": "2026-12-24", "reason": "inventaire"}
    closure = library.post("/api/v1/sites/cassel/closures", json=asked)
    assert closure.status_code == 201, closure.text
    path = f"/api/v1/closures/{closure.json()['id']}/accept"
    assert desk.post(path, headers={"If-Match": '"v1"'}).status_code == 200
    sent = library.post("/api/v1/messages", json={"site": "cassel", "text": "Bonjour, c'est Jeanne."})
    assert sent.status_code in {200, 201}, sent.text
    desk.post("/api/v1/messages", json={"site": "cassel", "text": "Bonjour"})  # ours: nobody is told
    events = dict(told(service))
    assert list(events) == ["plan.published", "closure.decided", "message.received"]
    assert events["plan.published"] == {"plan": str(draft.id), "number": draft.number, "week": "2026-W49"}
    assert (events["closure.decided"]["site"], events["closure.decided"]["status"]) == ("cassel", "accepted")
    assert "Jeanne" not in str(events)
