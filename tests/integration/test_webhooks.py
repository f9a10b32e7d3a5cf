"""Webhooks: signed, sent to where they may go, tried again for a day, switched off after three."""

import ssl
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import col, select
from standardwebhooks import Webhook

from api.jobs.webhook_delivery import deliver, sweep
from api.service import Service
from api.services import delivery
from api.services.actor import Role
from api.services.checkup import Verdict, look
from api.services.outbound import Unreachable, post, target_of
from api.services.webhooks import EVENTS, emit
from models.tables.base import now
from models.tables.people import AuditRecord
from models.tables.service import DeliveryRecord, DeliveryState, WebhookRecord
from tests.integration.webhook_stand_in import Receiver, certificate_for, receiver
from tests.kept_jobs import Kept
from tests.service_fixtures import ClientAs

AT = datetime(2026, 12, 1, 9, tzinfo=UTC)


@pytest.fixture
def hook(service: Service) -> Iterator[Receiver]:
    """A receiver on this machine, which the settings allow."""
    service.settings.webhook_private = True
    with receiver() as listening:
        yield listening


def subscribe(client_as: ClientAs, port: int, host: str = "127.0.0.1") -> dict[str, str]:
    asked = {"url": f"http://{host}:{port}/in", "events": ["item.delivered"]}
    made = client_as(Role.COORDINATOR).post("/api/v1/webhooks", json=asked)
    assert made.status_code == 201, made.text
    told: dict[str, str] = made.json()
    return told


def say(service: Service, payload: dict[str, str] | None = None) -> None:
    with service.database.write() as session:
        emit(session, "item.delivered", payload or {"barcode": "111"})


def deliveries(service: Service) -> list[DeliveryRecord]:
    with service.database.read() as session:
        return list(session.exec(select(DeliveryRecord).order_by(col(DeliveryRecord.id))))


def webhook_of(service: Service) -> WebhookRecord:
    with service.database.read() as session:
        return session.exec(select(WebhookRecord)).one()


def test_an_event_arrives_signed(client_as: ClientAs, service: Service, kept: Kept, hook: Receiver) -> None:
    made = subscribe(client_as, hook.port)
    say(service, {"barcode": "111", "to": "cassel"})
    [(kind, ref, _)] = kept.jobs
    assert kind == "webhook_delivery"
    deliver(service, ref)
    [(headers, body)] = hook.got
    told = Webhook(made["secret"]).verify(body, headers)
    assert (told["type"], told["data"]) == ("item.delivered", {"barcode": "111", "to": "cassel"})
    assert headers["host"] == f"127.0.0.1:{hook.port}"
    [one] = deliveries(service)
    assert (one.state, one.status, one.attempts, one.next_at) == (DeliveryState.DONE, 204, 1, None)
    deliver(service, ref)  # carried out again after its process died: it is over
    assert len(hook.got) == 1


def test_only_who_listens_hears_and_nobody_of_what_was_not_stored(
    client_as: ClientAs, service: Service, kept: Kept, hook: Receiver
) -> None:
    subscribe(client_as, hook.port)
    with service.database.write() as session:
        assert emit(session, "plan.published", {}) == 0
    with suppress(ZeroDivisionError), service.database.write() as session:
        emit(session, "item.delivered", {})
        session.flush()
        raise ZeroDivisionError
    assert deliveries(service) == []


def test_a_name_is_asked_for_once_and_sent_along(
    client_as: ClientAs, service: Service, kept: Kept, hook: Receiver
) -> None:
    asked: list[str] = []

    def resolver(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"]

    subscribe(client_as, hook.port, "hook.exemple.fr")
    say(service)
    deliver(service, kept.jobs[0][1], resolver)
    assert asked == ["hook.exemple.fr"]
    assert hook.got[0][0]["host"] == f"hook.exemple.fr:{hook.port}"


def test_nothing_goes_into_our_own_network(
    client_as: ClientAs, service: Service, kept: Kept, hook: Receiver
) -> None:
    subscribe(client_as, hook.port, "hook.exemple.fr")
    service.settings.webhook_private = False
    with service.database.write() as session:
        session.exec(select(WebhookRecord)).one().url = f"https://hook.exemple.fr:{hook.port}/in"
    say(service)
    deliver(service, kept.jobs[0][1], lambda *_: ["8.8.8.8", "127.0.0.1"])
    assert hook.got == []
    [one] = deliveries(service)
    assert "réseau privé" in one.note
    refused = client_as(Role.COORDINATOR).post(
        "/api/v1/webhooks", json={"url": "https://169.254.169.254/latest", "events": ["plan.published"]}
    )
    assert (refused.status_code, "réseau privé" in refused.json()["detail"]) == (422, True)


def test_the_certificate_is_that_of_the_name(tmp_path: Path) -> None:
    with receiver(certificate_for("hook.exemple.fr", tmp_path)) as listening:
        trusting = ssl.create_default_context(cafile=tmp_path / "hook.exemple.fr.pem")
        right = target_of(f"https://hook.exemple.fr:{listening.port}/in", private=False)
        assert post(right, "127.0.0.1", "{}", {}, verify=trusting)[0] == 204
        wrong = target_of(f"https://other.exemple.fr:{listening.port}/in", private=False)
        with pytest.raises(Unreachable):
            post(wrong, "127.0.0.1", "{}", {}, verify=trusting)


@pytest.mark.parametrize(("drip_s", "within_s"), [(0.0, 5.0), (0.05, 5.0)])
def test_little_is_read_of_an_endless_answer(
    monkeypatch: pytest.MonkeyPatch, drip_s: float, within_s: float
) -> None:
    monkeypatch.setattr("api.services.outbound._WHOLE_S", 0.5)
    with receiver() as listening:
        listening.endless, listening.drip_s, listening.status = True, drip_s, 200
        began = datetime.now(UTC)
        status, said = post(
            target_of(f"http://127.0.0.1:{listening.port}/", private=True), "127.0.0.1", "{}", {}
        )
        assert (status, set(said)) == (200, {"x"})
        assert (datetime.now(UTC) - began).total_seconds() < within_s


@pytest.mark.parametrize("status", [302, 400, 500])
def test_what_is_no_success_is_tried_again(
    client_as: ClientAs, service: Service, kept: Kept, hook: Receiver, status: int
) -> None:
    subscribe(client_as, hook.port)
    hook.status = status
    say(service)
    deliver(service, kept.jobs[0][1])
    assert len(hook.got) == 1  # nobody was followed
    [one] = deliveries(service)
    assert (one.state, one.status, one.note) == (DeliveryState.PENDING, status, f"Réponse {status}.")
    assert kept.jobs[1][2] == 5
    deliver(service, one.id.hex)  # not due yet: the first wait is 5 s
    assert len(hook.got) == 1
    assert webhook_of(service).failing_since is not None


def test_the_waits_make_a_day_and_then_it_is_given_up(service: Service, kept: Kept) -> None:
    assert 23.5 * 3600 < sum(delivery.AGAIN_S) < 24.5 * 3600
    with service.database.write() as session:
        webhook = WebhookRecord(url="https://exemple.fr/", secret="", events=["item.delivered"])
        session.add(webhook)
    say(service)
    key, at, waits = UUID(kept.jobs[0][1]), now(), []
    while True:
        with service.database.write() as session:
            claimed = delivery.claim(session, key, at)
            assert claimed is not None
            assert delivery.claim(session, key, at) is None  # taken
        with service.database.write() as session:
            wait_s = delivery.failed(session, key, 500, "Réponse 500.", at)
        if wait_s is None:
            break
        waits.append(wait_s)
        at += timedelta(seconds=wait_s)
    assert tuple(waits) == delivery.AGAIN_S
    [one] = deliveries(service)
    assert (one.state, one.attempts, one.note) == (DeliveryState.FAILED, 8, "Réponse 500.")
    assert webhook_of(service).disabled_at is None  # one day of three


def test_three_days_of_failure_switch_it_off_and_one_success_clears_it(
    client_as: ClientAs, service: Service, kept: Kept
) -> None:
    with service.database.write() as session:
        session.add(WebhookRecord(url="https://exemple.fr/", secret="", events=["item.delivered"]))

    def fail(at: datetime) -> None:
        say(service)
        key = UUID(kept.jobs[-1][1])
        with service.database.write() as session:
            assert delivery.claim(session, key, max(at, now()))
            delivery.failed(session, key, None, "Pas de réponse à temps.", at)

    fail(AT)
    with service.database.write() as session:
        delivery.succeeded(session, UUID(kept.jobs[0][1]), 200, AT)
    assert webhook_of(service).failing_since is None
    fail(AT + timedelta(days=1))
    fail(AT + timedelta(days=3, hours=23))  # two days and 23 hours after the first failure
    assert webhook_of(service).disabled_at is None
    fail(AT + timedelta(days=4))
    webhook = webhook_of(service)
    assert webhook.disabled_at == AT + timedelta(days=4)
    assert webhook.disabled_why == (
        "Aucune livraison n'a réussi depuis trois jours. Dernière raison : Pas de réponse à temps."
    )
    say(service)
    assert len(deliveries(service)) == 4  # it is told nothing any more
    client = client_as(Role.COORDINATOR)
    path = f"/api/v1/webhooks/{webhook.id}"
    assert client.post(f"{path}/ping").status_code == 409
    seen = {"If-Match": client.get(path).headers["etag"]}
    asked = {"url": "https://exemple.fr/", "events": ["item.delivered"]}
    assert client.put(path, json=asked, headers=seen).json()["disabled_at"] is None
    assert client.post(f"{path}/ping").status_code == 202


def test_whoever_is_gone_is_not_asked_again(
    client_as: ClientAs, service: Service, kept: Kept, hook: Receiver
) -> None:
    subscribe(client_as, hook.port)
    hook.status = 410
    say(service)
    deliver(service, kept.jobs[0][1])
    assert "ne veut plus rien recevoir" in webhook_of(service).disabled_why
    with service.database.read() as session:
        noted = session.exec(select(AuditRecord).where(AuditRecord.action == "disabled")).one()
    assert noted.subject == "webhook"
    told = [one for one in look(service.settings, service.database, lambda _: True) if one.about == "webhook"]
    assert [(one.verdict, "ne veut plus rien recevoir" in one.told) for one in told] == [
        (Verdict.AMISS, True)
    ]
    assert len(kept.jobs) == 1


def test_what_was_left_lying_is_handed_on(service: Service, kept: Kept) -> None:
    with service.database.write() as session:
        session.add(WebhookRecord(url="https://exemple.fr/", secret="", events=["item.delivered"]))
    say(service)
    kept.jobs.clear()
    assert sweep(service) == 0  # its own job has a minute
    with service.database.write() as session:
        session.exec(select(DeliveryRecord)).one().next_at = now() - timedelta(minutes=2)
    assert sweep(service) == 1
    assert len(kept.jobs) == 1


def test_webhooks_are_kept_by_coordinators(client_as: ClientAs, service: Service, kept: Kept) -> None:
    client = client_as(Role.COORDINATOR)
    asked = {"url": "https://exemple.fr/navette", "events": ["plan.published"]}
    made = client.post("/api/v1/webhooks", json=asked)
    path, secret = made.headers["location"], made.json()["secret"]
    assert secret.startswith("whsec_")
    for text in (client.get(path).text, client.get("/api/v1/webhooks").text):
        assert secret not in text
    assert secret not in webhook_of(service).secret
    assert client.post(f"{path}/secret").json()["secret"] != secret
    assert client.post("/api/v1/webhooks", json={**asked, "events": ["nothing"]}).status_code == 422
    assert client.post("/api/v1/webhooks", json={**asked, "url": "http://exemple.fr"}).status_code == 422
    assert client.put(path, json=asked).status_code == 428
    assert client.put(path, json=asked, headers={"If-Match": '"v1"'}).status_code == 409
    assert client.post(f"{path}/ping").status_code == 202
    [sent] = client.get(f"{path}/deliveries").json()["items"]
    assert (sent["event"], sent["state"]) == ("ping", "pending")
    for role in (Role.OFFICIAL, Role.DRIVER, Role.LIBRARY, Role.INTEGRATOR):
        assert client_as(role, site="cassel").get("/api/v1/webhooks").status_code == 403
    seen = {"If-Match": client.get(path).headers["etag"]}
    assert client.delete(path, headers=seen).status_code == 204
    assert client.get(path).status_code == 404
    assert deliveries(service) == []


def test_events_are_those_that_can_be_asked_for() -> None:
    from api.wire.webhooks import Event  # noqa: PLC0415

    assert {*Event.__args__, "ping"} == set(EVENTS)  # type: ignore[attr-defined]
