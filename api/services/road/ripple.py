"""What follows from facts for others: documents go where their crates went, other software hears of both."""

from collections.abc import Collection, Mapping

from sqlmodel import Session

from api.services.items.crates import follow_crates
from api.services.webhooks import emit, listening
from models.custody.crates import Custody


def ripple(session: Session, crates: Mapping[str, Custody], rounds: Collection[str]) -> None:
    """After facts of these rounds, which moved these crates to where they are now."""
    follow_crates(session, crates)
    if listening(session, "crate.moved"):
        for code, custody in crates.items():
            place = {"crate": code, "holder": custody.holder.value, "place": custody.place}
            emit(session, "crate.moved", {**place, "since": custody.since.isoformat()})
    for code in sorted(rounds):
        emit(session, "round.progressed", {"round": code})
