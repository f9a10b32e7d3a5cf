"""The rest of a running round, ordered anew: asked for, looked at beside the present one, accepted."""

from typing import Annotated

from fastapi import APIRouter, Path

from api.endpoints.caller import Caller, allowed
from api.endpoints.once import Once
from api.endpoints.problems import described
from api.services.actor import Role
from api.services.foretelling import taught
from api.services.replan.accept import Choice, accept
from api.services.replan.propose import propose
from api.services.replan.running import running
from api.wire.replan import (
    ReplanAccept,
    ReplanAccepted,
    ReplanIn,
    ReplanOut,
    accepted_out,
    proposal_out,
)
from models.tables.base import now

router = APIRouter(prefix="/rounds", tags=["suivi"])
Writer = Annotated[Caller, allowed(Role.COORDINATOR)]
Code = Annotated[str, Path(max_length=120)]


@router.post(
    "/{code}/replan",
    summary="Une meilleure fin pour une tournée en route, à côté de l'actuelle",
    responses=described(404, 409),
)
def propose_rest(code: Code, asked: ReplanIn, caller: Writer) -> ReplanOut:
    """Rien n'est changé. Ce qui est fait ou en cours ne bouge pas ; les bacs à bord sont comptés."""
    with caller.read() as session:
        state = running(session, caller.service, code, now())
        known, moved = taught.learnt(session), taught.calibration(session)
        return proposal_out(propose(state, known, moved, drop=asked.drop))


@router.post(
    "/{code}/replan/accept",
    summary="Publier la nouvelle fin d'une tournée en route",
    responses=described(404, 409),
)
def accept_rest(code: Code, chosen: ReplanAccept, caller: Writer, once: Once) -> ReplanAccepted:
    """Une nouvelle version du planning de la semaine est publiée ; seules les bibliothèques dont le créneau
    bouge de plus que la tolérance sont prévenues. Refusé si un pointage est venu entre-temps."""
    choice = Choice(code=code, basis=chosen.basis, order=tuple(chosen.order), moved=tuple(chosen.moved))
    with caller.write() as session:

        def made() -> ReplanAccepted:
            return accepted_out(accept(session, caller.service, choice, caller.actor, now()), code)

        return once(session, caller.actor, chosen, made, ReplanAccepted)
