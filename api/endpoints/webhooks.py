"""Webhooks: other software that is told of what happens."""

from uuid import UUID

from fastapi import APIRouter, Response

from api.endpoints.caller import Coordinator
from api.endpoints.paging import Paging
from api.endpoints.problems import described
from api.endpoints.versions import Seen, tagged
from api.repositories import webhooks as stored
from api.services import webhooks
from api.services.delivery import new_secret
from api.services.outbound import target_of
from api.wire.base import Listed, all_of, listed
from api.wire.webhooks import (
    DeliveryOut,
    WebhookIn,
    WebhookMade,
    WebhookOut,
    delivery_out,
    webhook_made,
    webhook_out,
)

router = APIRouter(prefix="/webhooks", tags=["webhooks"])


@router.get("", summary="Les logiciels prévenus")
def list_webhooks(caller: Coordinator) -> Listed[WebhookOut]:
    with caller.read() as session:
        return all_of(stored.list_webhooks(session), webhook_out)


@router.post(
    "", summary="Prévenir un logiciel de plus : son secret n'est montré qu'une fois", status_code=201
)
def add_webhook(asked: WebhookIn, caller: Coordinator, response: Response) -> WebhookMade:
    secret, private = new_secret(), caller.service.settings.webhook_private
    locked = caller.service.keyring.encrypt(secret)
    with caller.write() as session:
        record = webhooks.create(session, asked.url, asked.events, locked, private=private)
        response.headers["Location"] = f"/api/v1/webhooks/{record.id}"
        return tagged(response, webhook_made(record, secret))


@router.get("/{webhook}", summary="Un logiciel prévenu", responses=described(404))
def show_webhook(webhook: UUID, caller: Coordinator, response: Response) -> WebhookOut:
    with caller.read() as session:
        return tagged(response, webhook_out(stored.get_webhook(session, webhook)))


@router.put("/{webhook}", summary="Changer l'adresse ou les événements", responses=described(404, 409, 428))
def change_webhook(
    webhook: UUID, asked: WebhookIn, caller: Coordinator, seen: Seen, response: Response
) -> WebhookOut:
    target_of(asked.url, private=caller.service.settings.webhook_private)
    with caller.write() as session:
        record = webhooks.seen_webhook(session, webhook, seen, webhook_out)
        webhooks.change(session, record, asked.url, asked.events, active=asked.active)
        return tagged(response, webhook_out(record))


@router.post(
    "/{webhook}/secret", summary="Un secret neuf ; l'ancien ne vaut plus", responses=described(404, 409)
)
def renew_secret(webhook: UUID, caller: Coordinator, response: Response) -> WebhookMade:
    secret = new_secret()
    with caller.write() as session:
        record = stored.get_webhook(session, webhook)
        record.secret = caller.service.keyring.encrypt(secret)
        session.add(record)
        session.flush()
        return tagged(response, webhook_made(record, secret))


@router.delete(
    "/{webhook}", summary="Ne plus prévenir ce logiciel", status_code=204, responses=described(404, 409, 428)
)
def remove_webhook(webhook: UUID, caller: Coordinator, seen: Seen) -> Response:
    with caller.write() as session:
        webhooks.remove(session, webhooks.seen_webhook(session, webhook, seen, webhook_out))
    return Response(status_code=204)


@router.post("/{webhook}/ping", summary="Envoyer un essai", status_code=202, responses=described(404, 409))
def ping(webhook: UUID, caller: Coordinator) -> DeliveryOut:
    with caller.write() as session:
        return delivery_out(webhooks.ping(session, webhook))


@router.get("/{webhook}/deliveries", summary="Ce qui lui a été envoyé", responses=described(404))
def list_deliveries(webhook: UUID, caller: Coordinator, paging: Paging) -> Listed[DeliveryOut]:
    with caller.read() as session:
        stored.get_webhook(session, webhook)
        return listed(stored.list_deliveries(session, webhook, paging), delivery_out)
