"""What follows from facts for others: documents go where their crates went, other software hears of both."""

from collections.abc import Collection

from sqlmodel import Session

from api.repositories.crates import custody_at
from api.services.items.crates import follow_crates
from api.services.webhooks import emit, listening


def ripple(session: Session, crates: Collection[str], rounds: Collection[str]) -> None:
    """After facts of these rounds, which moved these crates."""
    known = custody_at(session, crates)
    follow_crates(session, known)
    if listening(session, "crate.moved"):
        for code, custody in known.items():
            place = {"crate": code, "holder": custody.holder.value, "place": custody.holder_ref}
            emit(session, "crate.moved", {**place, "since": custody.since.isoformat()})
    for code in sorted(rounds):
        emit(session, "round.progressed", {"round": code})
