"""A notice on its way to a browser: encrypted for it, signed as ours, sent where webhooks may go too."""

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr

from api.security.webpush import Subscription, authorization, encrypt, point_of, written
from api.service import Service
from api.services.mail import NotSent
from api.services.outbound import Resolver, Unreachable, checked_address, post, system_resolver, target_of
from models.errors import InputError
from models.tables.base import now

PURPOSE = "push"  # of the key that signs
_SIGNED_FOR = timedelta(hours=12)  # a day at most, RFC 8292, 2
_GONE = frozenset({404, 410})  # the browser has unsubscribed, RFC 8030, 7.3
_LATER = frozenset({408, 425, 429})


@dataclass(frozen=True, kw_only=True, slots=True)
class Push:
    """What a browser shows: `title` and `text`, and the `path` that it opens. A later one with the same
    `about` takes its place; after `until` it is of no use. `name` tells it from all others."""

    to: Subscription
    title: str
    text: str
    path: str
    about: str
    until: datetime
    urgent: bool
    name: str


def public_key(service: Service) -> str:
    """What browsers are given when they subscribe: they take messages from nobody else."""
    return written(point_of(service.keyring.signing_key(PURPOSE)))


def send(service: Service, push: Push, resolver: Resolver = system_resolver) -> None:
    """Hand it to the browser's push service. NotSent when that is away or does not take it; `refused` where
    the browser has unsubscribed."""
    private = service.settings.webhook_private
    try:
        target = target_of(push.to.endpoint, private=private)
        address = checked_address(target, resolver, private=private)
        status, _ = post(target, address, encrypt(body_of(push), push.to), _headers(service, push))
    except Unreachable as error:
        raise NotSent(str(error), again=True) from error
    except (InputError, ValueError) as error:
        raise NotSent(f"Ce message ne peut pas partir : {error}", again=False) from error
    if status in _GONE:
        raise NotSent(f"Ce navigateur ne reçoit plus rien ({status}).", again=False, refused=True)
    if not 200 <= status < 300:
        again = status in _LATER or status >= 500
        raise NotSent(f"Réponse {status} du service de notification.", again=again)


def body_of(push: Push) -> bytes:
    """What the worker of the library's page reads."""
    told = {"titre": push.title, "texte": push.text, "page": push.path, "sujet": push.about}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _headers(service: Service, push: Push) -> dict[str, str]:
    moment = now()
    key, until = service.keyring.signing_key(PURPOSE), int((moment + _SIGNED_FOR).timestamp())
    return {
        "Content-Type": "application/octet-stream",
        "Content-Encoding": "aes128gcm",
        "TTL": str(max(0, int((push.until - moment).total_seconds()))),
        "Topic": _topic(push.about),
        "Urgency": "high" if push.urgent else "normal",
        "Authorization": authorization(key, push.to.endpoint, _contact(service), until),
    }


def _topic(about: str) -> str:
    """32 letters of base64url at most, RFC 8030, 5.4."""
    return base64.urlsafe_b64encode(hashlib.sha256(about.encode()).digest())[:32].decode()


def _contact(service: Service) -> str:
    """Where operators of push services reach us; empty on a machine that only tries."""
    address = parseaddr(service.settings.smtp_from)[1]
    if address:
        return f"mailto:{address}"
    return service.settings.public_url if service.settings.https else ""
