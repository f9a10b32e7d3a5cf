"""Browsers that wish to hear of changes: subscribed at a library's page, for as long as its link counts.

What a browser gives is kept encrypted, with the link it came by: once that is revoked or renewed, nothing
more is sent. The browser's owner has agreed by allowing it; nothing else is to be confirmed.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from api.repositories import credentials
from api.repositories import notices as stored
from api.repositories.turns import take_turns
from api.security.webpush import Subscription
from api.service import Service
from api.services.links import path_of
from api.services.notice_words import subject, why
from api.services.notices import PURPOSE, channels, room_for
from api.services.outbound import target_of
from api.services.pushing import Push, public_key
from api.services.saying import browser_name
from models.errors import Conflict, Forbidden, InputError, NotFound
from models.tables.base import now
from models.tables.people import LinkRecord
from models.tables.predictions import NoticeChannel, NoticeRecord, NoticeWishRecord

SOON_S = 7200  # less than that ahead, a notice is urgent
_LONGEST = 1000  # letters of an endpoint
_CHANGED = "Le lien de la bibliothèque, ou la clé de l'installation, a changé."
_WRONG = "Ce navigateur n'a pas donné ce qu'il faut pour être prévenu. Rien n'a changé : donnez une adresse."


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """What a page needs to subscribe: our public key, and marks by which browsers know that they have."""

    key: str
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """What a browser gives, as text, and what it says it is."""

    endpoint: str
    p256dh: str
    auth: str
    agent: str = ""


def offer(session: Session, service: Service, site: str) -> Offer | None:
    """None where this installation pushes nothing."""
    if NoticeChannel.PUSH not in channels(service):
        return None
    known = [_read(service, one) for one in _living(session, site)]
    return Offer(key=public_key(service), known=tuple(mark(one["endpoint"]) for one in known if one))


def subscribe(session: Session, service: Service, site: str, link: UUID, given: Given) -> UUID:
    """Note a browser; subscribed again, it is the same wish, by its latest link and keys.

    InputError for what is no subscription, Conflict where this installation pushes nothing or the site has
    too many wishes, TooOften when too many were expressed today, NotFound without such a link or site.
    """
    if NoticeChannel.PUSH not in channels(service):
        raise Conflict("Cette installation de Navette ne prévient pas les navigateurs. Donnez une adresse.")
    _check(service, given)
    found = credentials.find_link(session, link)
    if found is None:
        raise NotFound("Ce lien n'est plus valable. Demandez le nouveau à la coordination.")
    stored.get_site(session, site)
    take_turns(session, [f"push {site}"])  # two taps are one wish
    address = service.keyring.encrypt(json.dumps(_kept(found, given)), PURPOSE)
    living, moment = _living(session, site), now()
    same = next((one for one in living if _read(service, one).get("endpoint") == given.endpoint), None)
    if same is None:
        room_for(session, site, moment)
        same = NoticeWishRecord(site=site, channel=NoticeChannel.PUSH, address=address, confirmed_at=moment)
        same.created_at = moment
    same.address = address
    session.add(same)
    session.flush()
    return same.id


def push_of(
    session: Session, service: Service, notice: NoticeRecord, wish: NoticeWishRecord, at: datetime
) -> Push | None:
    """The same as the mail says. None for a link that counts no longer: the wish ends with it."""
    known = _read(service, wish)
    link = credentials.find_link(session, UUID(known["link"])) if known else None
    if link is None or link.generation != known["generation"] or link.subject != wish.site:
        wish.ended_at, wish.ended_why, wish.address = (
            at,
            "Le lien de la bibliothèque, ou la clé de l'installation, a changé.",
            "",
        )
        session.add(wish)
        return None
    return Push(
        to=Subscription.of_text(known["endpoint"], known["p256dh"], known["auth"]),
        title=subject(notice, stored.get_site(session, notice.site).commune),
        text=f"{notice.words} {why(notice)}",
        path=path_of(service.keyring, link),
        about=notice.visit,
        until=notice.late_at,
        urgent=(notice.early_at - at).total_seconds() <= SOON_S,
        name=f"avis-{notice.id}-{wish.id}",
    )


def mark(endpoint: str) -> str:
    """By which a browser finds itself among those that are known, and nobody finds its endpoint."""
    return hashlib.sha256(endpoint.encode()).hexdigest()[:16]


def _living(session: Session, site: str) -> Sequence[NoticeWishRecord]:
    return [one for one in stored.living_wishes(session, [site]) if one.channel is NoticeChannel.PUSH]


def _check(service: Service, given: Given) -> None:
    try:
        target_of(given.endpoint[: _LONGEST + 1], private=service.settings.webhook_private)
        Subscription.of_text(given.endpoint, given.p256dh, given.auth)
    except (InputError, ValueError) as error:
        raise InputError(_WRONG) from error
    if len(given.endpoint) > _LONGEST:
        raise InputError(_WRONG)


def _kept(link: LinkRecord, given: Given) -> Mapping[str, Any]:
    return {
        "endpoint": given.endpoint,
        "p256dh": given.p256dh,
        "auth": given.auth,
        "browser": browser_name(given.agent),
        "link": str(link.id),
        "generation": link.generation,
    }


def _read(service: Service, wish: NoticeWishRecord) -> dict[str, Any]:
    """What is kept of a browser; empty where that is from another secret of this installation."""
    try:
        found: dict[str, Any] = json.loads(service.keyring.decrypt(wish.address, PURPOSE))
    except Forbidden:
        return {}
    return found
