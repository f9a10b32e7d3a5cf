"""What a library does at its page: crates ready, received, a problem, a message."""

from datetime import date, datetime, timedelta

from sqlmodel import Session

from api.repositories import library, published_visits
from api.services.library import phrases
from api.services.library.repeat import Sent
from api.services.road import incidents, messages, shipments
from api.services.road.photos import Picture
from api.services.road.record import Batch, record, source_of
from api.wire.incidents import IncidentIn, MessageIn
from api.wire.scans import ScanIn
from api.wire.shipments import ShipmentChange, ShipmentIn
from models.custody.facts import ScanKind, site_of
from models.errors import Finding, InputError, NotFound
from models.service_day import ServiceDay
from models.tables.demand import ShipmentState

_LONGEST_TEXT = 4000


def ready(session: Session, sent: Sent, crates: int) -> None:
    """So many crates are ready: a total, in place of what was announced before and has not been taken."""
    before = library.own_shipment(session, sent.site, sent.actor.name, to_change=True)
    if before is not None:
        shipments.change(session, sent.actor, before, ShipmentChange(crates=crates), before.version)
        return
    day = _ready_on(session, sent.site, sent.at)
    shipments.declare(session, sent.actor, ShipmentIn(origin=sent.site, crates=crates, ready_on=day))


def not_ready(session: Session, sent: Sent) -> None:
    """Take back what was announced, if nobody has taken it yet."""
    before = library.own_shipment(session, sent.site, sent.actor.name, to_change=True)
    if before is not None:
        cancelled = ShipmentChange(state=ShipmentState.CANCELLED)
        shipments.change(session, sent.actor, before, cancelled, before.version)


def _ready_on(session: Session, site: str, at: datetime) -> date:
    """Today; after today's last visit, tomorrow: what is told late of that visit must not carry it off."""
    today = phrases.iso_today(at)
    calls = published_visits.calls_at(session, site, today, today)
    over = calls and all(ServiceDay(tour.day).at(visit.announced_late) < at for tour, visit in calls)
    return today + timedelta(days=1) if over else today


def received(session: Session, sent: Sent, visit: str, crates: int) -> None:
    """So many crates were left at a visit: a fact, told by the library. NotFound for another's visit."""
    if site_of(visit) != sent.site or not published_visits.places_of(session, [visit]):
        raise NotFound("Ce passage n'est pas un passage de votre bibliothèque.")
    told = ScanIn(
        id=sent.id_for(f"{visit}:{crates}"),
        kind=ScanKind.DELIVERED,
        visit=visit,
        count=crates,
        occurred_at=sent.at,
        sent_at=sent.at,
    )
    source = source_of(sent.actor, on_paper=False)
    record(session, sent.actor, Batch(readings=[told], source=source, received_at=sent.at))


def problem(session: Session, sent: Sent, text: str, picture: Picture | None) -> None:
    """Tell the coordination of a problem, with a photo or without. InputError without a word."""
    text = said(text, "Le problème n'a pas été envoyé.")
    told = IncidentIn(id=sent.id_for(text), text=text, occurred_at=sent.at)
    incidents.report(session, sent.actor, told)
    if picture is not None:
        incidents.add_photo(session, sent.actor, told.id, sent.id_for("photo"), picture)


def write(session: Session, sent: Sent, text: str) -> None:
    """A message to the coordination. InputError without a word."""
    told = MessageIn(site=sent.site, text=said(text, "Le message n'a pas été envoyé."))
    messages.send(session, sent.actor, told)


def said(text: str, refused: str) -> str:
    """A text that somebody wrote, or InputError with what is wrong."""
    cleaned = text.replace("\x00", "").strip()
    if not cleaned:
        wrong = Finding(where="texte", message="il n'y a rien d'écrit.", remedy="Écrivez une phrase.")
    elif len(cleaned) > _LONGEST_TEXT:
        wrong = Finding(
            where="texte", message=f"c'est trop long : {_LONGEST_TEXT} signes au plus.", remedy=""
        )
    else:
        return cleaned
    raise InputError(refused, (wrong,))
