"""Who wishes to hear when the window of their library breaks: asked for, confirmed, ended.

A mail address counts once its owner has followed the link in the first mail, and nobody writes there a second
time before. The same link ends it. Addresses are encrypted, and forgotten with the wish.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from api.repositories import notices as stored
from api.security.tokens import read_signed_id, signed_id
from api.service import Service
from models.errors import Conflict, Finding, Forbidden, InputError, NotFound, TooOften
from models.tables.base import now
from models.tables.predictions import NoticeChannel, NoticeRecord, NoticeWishRecord

CONFIRM_WITHIN = timedelta(days=3)
CONFIRM_JOB = "notice_confirm"
PURPOSE = "notice"  # of the key that addresses are encrypted with, and links signed
_MOST = 20  # wishes of one site at a time
_MOST_A_DAY = 5  # strangers that one library's link can have a mail sent to
_LONGEST = 254  # letters of an address, RFC 5321
_ADDRESS = re.compile(r"[^@\s\x00-\x1f,;<>\"]+@[^@\s\x00-\x1f,;<>\"]+\.[^@\s\x00-\x1f.,;<>\"]{2,}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """A wish as its site sees it: `shown` is enough of the address to know it by."""

    id: UUID
    channel: NoticeChannel
    shown: str
    created_at: datetime
    confirmed: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Linked:
    """What the link in a mail leads to."""

    wish: UUID
    site: str
    commune: str
    confirmed: bool
    ended: bool


def channels(service: Service) -> tuple[NoticeChannel, ...]:
    """How this installation can tell somebody."""
    settings = service.settings
    here = settings.public_url.startswith(("http://127.0.0.1", "http://localhost"))  # browsers trust it too
    able = {NoticeChannel.MAIL: bool(settings.smtp_host), NoticeChannel.PUSH: settings.push}
    able[NoticeChannel.PUSH] &= settings.https or here
    return tuple(channel for channel, can in able.items() if can)


def wish(session: Session, service: Service, site: str, channel: NoticeChannel, address: str) -> Wish:
    """Note a wish; a mail asks for its confirmation. Asked for again, it is the same wish, without a mail.

    InputError for what is no address, Conflict where this installation sends nothing or the site has too many
    wishes, TooOften when too many were expressed today, NotFound without such a site.
    """
    moment = now()
    if channel is not NoticeChannel.MAIL or channel not in channels(service):
        raise Conflict(
            "Cette installation de Navette n'envoie pas d'avis. Tout reste affiché sur votre page."
        )
    address = _checked(address)
    stored.get_site(session, site)
    living = [one for one in stored.living_wishes(session, [site]) if one.channel is channel]
    same = next((one for one in living if _address(service, one).lower() == address.lower()), None)
    if same is None:
        room_for(session, site, moment)
        same = NoticeWishRecord(
            site=site, channel=channel, address=service.keyring.encrypt(address, PURPOSE), created_at=moment
        )
        session.add(same)
        session.flush()
        service.jobs.submit(session, CONFIRM_JOB, str(same.id))
    return _told(service, same)


def wishes_of(session: Session, service: Service, site: str) -> list[Wish]:
    """The wishes of a site that have not ended, oldest first."""
    return [_told(service, one) for one in stored.living_wishes(session, [site])]


def end_at_site(session: Session, site: str, wish_id: UUID, at: datetime | None = None) -> None:
    """End a wish from the page of its library. NotFound when it is not one of that site."""
    found = stored.find_wish(session, wish_id)
    if found is None or found.site != site:
        raise NotFound("Cet avis n'existe pas ou plus.")
    _end(found, "Arrêté depuis la page de la bibliothèque.", at or now())
    session.add(found)


def token_of(service: Service, wish_id: UUID) -> str:
    """What the links in the mails to one address carry."""
    return signed_id(service.keyring, PURPOSE, wish_id)


def linked(session: Session, service: Service, token: str) -> Linked:
    """What a link leads to. NotFound for one that is not ours, or whose wish was never confirmed in time."""
    found = _by_token(session, service, token)
    return Linked(
        wish=found.id,
        site=found.site,
        commune=stored.get_site(session, found.site).commune,
        confirmed=found.confirmed_at is not None,
        ended=found.ended_at is not None,
    )


def confirm(session: Session, service: Service, token: str, at: datetime | None = None) -> None:
    """From now on the wish counts. Conflict when it has ended meanwhile."""
    found = _by_token(session, service, token)
    if found.ended_at is not None:
        raise Conflict("Ces avis ont été arrêtés. Demandez-les de nouveau depuis la page de la bibliothèque.")
    found.confirmed_at = found.confirmed_at or at or now()
    session.add(found)


def end(session: Session, service: Service, token: str, at: datetime | None = None) -> None:
    """Nothing more is sent there, and the address is forgotten."""
    found = _by_token(session, service, token)
    _end(found, "Arrêté par le lien du courrier.", at or now())
    session.add(found)


def notices_of(session: Session, site: str, since: datetime) -> Sequence[NoticeRecord]:
    """What a site was told of its visits from an instant on, newest first: what its page shows."""
    return stored.notices_of_site(session, site, since)


def room_for(session: Session, site: str, moment: datetime) -> None:
    """Conflict where a site has as many wishes as it may have, TooOften where it had too many today."""
    if len(stored.living_wishes(session, [site])) >= _MOST:
        raise Conflict(f"Cette bibliothèque a déjà {_MOST} adresses ou navigateurs. Retirez-en d'abord.")
    if stored.wishes_since(session, site, moment - timedelta(days=1)) >= _MOST_A_DAY:
        raise TooOften(
            f"{_MOST_A_DAY} adresses ou navigateurs ont été donnés aujourd'hui, et sont gardés. "
            "Recommencez demain.",
            86_400,
        )


def _checked(address: str) -> str:
    cleaned = address.strip()
    if len(cleaned) > _LONGEST or not _ADDRESS.fullmatch(cleaned):
        finding = Finding(
            where="address", message="ce n'est pas une adresse.", remedy="Écrivez-la ainsi : nom@exemple.fr."
        )
        raise InputError("Cette adresse ne peut pas recevoir de courrier.", (finding,))
    return cleaned


def _by_token(session: Session, service: Service, token: str) -> NoticeWishRecord:
    named = read_signed_id(service.keyring, PURPOSE, token)
    found = stored.find_wish(session, named) if named else None
    if found is None:
        raise NotFound(
            "Ce lien n'est plus valable. Demandez les avis de nouveau depuis la page de la bibliothèque."
        )
    return found


def _end(found: NoticeWishRecord, why: str, at: datetime) -> None:
    if found.ended_at is None:
        found.ended_at, found.ended_why, found.address = at, why, ""


def _address(service: Service, found: NoticeWishRecord) -> str:
    """Empty where it was encrypted with another secret: it can only be ended."""
    try:
        return service.keyring.decrypt(found.address, PURPOSE)
    except Forbidden:
        return ""


def _told(service: Service, found: NoticeWishRecord) -> Wish:
    return Wish(
        id=found.id,
        channel=found.channel,
        shown=_shown(found.channel, _address(service, found)),
        created_at=found.created_at,
        confirmed=found.confirmed_at is not None,
    )


def _shown(channel: NoticeChannel, address: str) -> str:
    if not address:
        return "adresse illisible, la clé de l'installation a changé"
    if channel is NoticeChannel.PUSH:
        return str(json.loads(address)["browser"])
    name, _, domain = address.partition("@")
    return f"{name[:2]}…@{domain}"
