"""Messages between a library and the coordination."""

from uuid import UUID

from sqlmodel import Session

from api.repositories import messages, published_visits
from api.services.actor import Actor, Role
from api.services.changes import announce
from api.services.webhooks import emit
from api.wire.incidents import MessageIn, MessageOut, UnreadOut
from models.errors import Finding, InputError, NotFound
from models.tables.scans import MessageKind, MessageRecord

# The figures that a kind of message must carry.
_FIGURES = {MessageKind.READY: "crates", MessageKind.RECEIVED: "crates", MessageKind.CLOSED: "from"}
_LIBRARY_ONLY = frozenset({MessageKind.READY, MessageKind.RECEIVED, MessageKind.CLOSED})


def send(session: Session, actor: Actor, told: MessageIn) -> MessageOut:
    """From a library to the coordination, or back. InputError where the figures of its kind are missing."""
    actor.must_own(told.site)
    if not published_visits.existing_sites(session, [told.site]):
        raise NotFound(f"Le site « {told.site} » n'existe pas.")
    _judge(actor, told)
    record = MessageRecord(**told.model_dump(), from_library=actor.role is Role.LIBRARY, author=actor.name)
    session.add(record)
    announce(session, "messages", str(record.id), told.site)
    session.flush()
    if record.from_library:
        about = {"message": str(record.id), "site": told.site, "kind": record.kind.value}
        emit(session, "message.received", about)
    return tell(record)


def mark_read(session: Session, actor: Actor, up_to: UUID) -> UnreadOut:
    """Mark what the other side wrote as read, up to a message; what is left unread."""
    last = messages.get_message(session, up_to)
    if actor.role is Role.LIBRARY and actor.site != last.site:
        raise NotFound("Ce message n'existe pas.")
    messages.mark_read(session, last, from_library=actor.role is not Role.LIBRARY)
    announce(session, "messages", str(up_to), last.site)
    return unread(session, actor)


def unread(session: Session, actor: Actor) -> UnreadOut:
    """What the other side wrote and this one has not read."""
    own = actor.site if actor.role is Role.LIBRARY else None
    found = messages.unread(session, own, from_library=actor.role is not Role.LIBRARY)
    return UnreadOut(unread=sum(found.values()), by_site=found)


def tell(record: MessageRecord) -> MessageOut:
    return MessageOut(**record.model_dump())


def _judge(actor: Actor, told: MessageIn) -> None:
    findings = []
    figure = _FIGURES.get(told.kind)
    if figure and figure not in told.facts:
        findings.append(Finding(where="facts", message=f"« {figure} » manque.", remedy="Donnez-le."))
    if figure == "crates" and not isinstance(told.facts.get("crates", 0), int):
        findings.append(Finding(where="facts", message="« crates » est un nombre de bacs.", remedy=""))
    if not told.text and not told.facts:
        findings.append(Finding(where="text", message="le message est vide.", remedy="Écrivez-le."))
    if told.kind in _LIBRARY_ONLY and actor.role is not Role.LIBRARY:
        message = "seule une bibliothèque annonce cela."
        findings.append(Finding(where="kind", message=message, remedy="Choisissez « text » ou « news »."))
    if findings:
        raise InputError("Le message n'a pas été envoyé.", tuple(findings))
