"""The rest of a running round, present and proposed, on the wire."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.services.assemble import half_day
from api.services.explain import notes_of
from api.services.plans.layout import Call
from api.services.replan.accept import Accepted
from api.services.replan.propose import Elsewhere, Proposal, Rest
from api.services.replan.words import begin_s, round_notes, sentences, told_of
from api.wire.base import Wire, example
from api.wire.plans import Code, Ref, WindowOut
from models.custody.visits import VisitState
from models.service_day import ServiceDay


class ReplanIn(Wire):
    """`drop`: visits may be given up where the driver would come home too late."""

    model_config = example(drop=True)

    drop: bool = True


class KeptOut(Wire):
    """A visit that is not touched any more."""

    ref: Ref
    site: str
    name: str
    state: VisitState


class RestVisit(Wire):
    """A visit to come; `planned_s` is when it was published to begin."""

    ref: Ref
    site: str
    name: str
    begin_s: int = Field(description="Quand il commence sans doute (une fois sur deux plus tôt).")
    likely: WindowOut | None = Field(description="Huit fois sur dix, il commence entre ces deux instants.")
    planned_s: int
    deliver: int
    collect: int
    load_after: int
    notes: list[str]


class RestOut(Wire):
    """One way to finish the round."""

    visits: list[RestVisit]
    end_s: int
    distance_m: int
    notes: list[str]


class TomorrowOut(Wire):
    """Another round of the week that can take a visit over, breaking nothing."""

    round: Code
    label: str
    day: date
    number: int
    begin_s: int
    duration_s: int
    distance_m: int


class DroppedOut(Wire):
    """A visit that would not be made in this round."""

    ref: Ref
    site: str
    name: str
    tomorrow: TomorrowOut | None = Field(description="Nul : aucune autre tournée n'a de place.")


class ReplanOut(Wire):
    """The present rest beside the proposed one. Send `basis` back when you accept."""

    round: Code
    basis: str
    at: datetime
    now_s: int
    done: list[KeptOut]
    aboard: int = Field(description="Bacs à bord, d'après les pointages, sinon d'après le planning.")
    present: RestOut
    proposed: RestOut
    changed: bool
    dropped: list[DroppedOut]
    told: list[str] = Field(description="Qui passe nettement plus tôt ou plus tard que sans rien changer.")
    sentences: list[str]


class ReplanAccept(Wire):
    """What is accepted: the visits to come in order, and those that move to another round."""

    model_config = example(
        basis="5f2c…", order=["2026-W49-mar-matin-V1/arneke", "2026-W49-mar-matin-V1/cassel"], moved=[]
    )

    basis: Annotated[str, Field(max_length=64)]
    order: list[Ref] = Field(max_length=500)
    moved: list[Ref] = Field(default_factory=list, max_length=500)


class ReplanAccepted(Wire):
    """The plan that was published, and the sites that were written to."""

    plan: UUID
    number: int
    round: Code
    told: list[str]


def proposal_out(proposal: Proposal) -> ReplanOut:
    """A proposal as the desk shows it."""
    state = proposal.state
    return ReplanOut(
        round=state.outing.code,
        basis=state.basis,
        at=ServiceDay(state.tour.date).at(state.now_s),
        now_s=state.now_s,
        done=[
            KeptOut(
                ref=one.ref, site=one.visit.site, name=_name(proposal, one.visit.site), state=one.known.state
            )
            for one in state.kept
        ],
        aboard=state.aboard,
        present=_rest(proposal, proposal.present),
        proposed=_rest(proposal, proposal.proposed),
        changed=proposal.changed,
        dropped=[_dropped(proposal, call, where) for call, where in proposal.dropped],
        told=told_of(proposal),
        sentences=sentences(proposal),
    )


def accepted_out(found: Accepted, code: str) -> ReplanAccepted:
    """What became of it."""
    return ReplanAccepted(plan=found.record.id, number=found.record.number, round=code, told=list(found.told))


def _rest(proposal: Proposal, rest: Rest) -> RestOut:
    state = proposal.state
    planned = {
        call.key: visit.begin_s for call, visit in zip(state.outing.calls, state.tour.visits, strict=True)
    }
    load, visits = state.aboard, []
    for k, call in enumerate(rest.calls):
        load = max(0, load + call.collect - call.deliver)
        visits.append(
            RestVisit(
                ref=call.key,
                site=call.site,
                name=_name(proposal, call.site),
                begin_s=begin_s(proposal, rest, k),
                likely=_likely(proposal, rest, k),
                planned_s=planned[call.key],
                deliver=call.deliver,
                collect=call.collect,
                load_after=load,
                notes=list(notes_of(rest.timed, k + 1)),
            )
        )
    return RestOut(
        visits=visits,
        end_s=rest.timed.end_s,
        distance_m=rest.timed.distance_m,
        notes=round_notes(rest),
    )


def _likely(proposal: Proposal, rest: Rest, index: int) -> WindowOut | None:
    eta = rest.likely[index]
    if eta is None:
        return None
    zero = int(ServiceDay(proposal.state.tour.date).zero.timestamp())
    return WindowOut(early=eta.p10_at - zero, late=eta.p90_at - zero)


def _dropped(proposal: Proposal, call: Call, where: Elsewhere | None) -> DroppedOut:
    return DroppedOut(
        ref=call.key,
        site=call.site,
        name=_name(proposal, call.site),
        tomorrow=_tomorrow(proposal, where) if where else None,
    )


def _tomorrow(proposal: Proposal, where: Elsewhere) -> TomorrowOut:
    outing = where.bench.outing
    van = proposal.state.desk.network.vehicle(outing.vehicle).name
    seconds, metres = where.added
    return TomorrowOut(
        round=outing.code,
        label=f"{half_day(outing.window)} · {van}",
        day=outing.day,
        number=where.number,
        begin_s=where.place.halts[where.number - 1].begin_s,
        duration_s=seconds,
        distance_m=metres,
    )


def _name(proposal: Proposal, site: str) -> str:
    return proposal.state.desk.network.site(site).name
