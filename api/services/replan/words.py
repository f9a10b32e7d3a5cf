"""A proposed rest in plain French: what it saves, who comes later or sooner, what is given up."""

from api.services.explain import notes_of
from api.services.plans.layout import Call
from api.services.replan.propose import Elsewhere, Proposal, Rest
from maps.words import clock, count, day, distance, duration, listing
from models.network.values import Network
from models.service_day import ServiceDay


def begin_s(proposal: Proposal, rest: Rest, index: int) -> int:
    """When a visit is likely to begin, as a second of the day; by its clock where nothing is foreseen."""
    eta = rest.likely[index]
    if eta is None:
        return rest.timed.halts[index + 1].begin_s
    return eta.p50_at - int(ServiceDay(proposal.state.tour.date).zero.timestamp())


def sentences(proposal: Proposal) -> list[str]:
    """What the coordinator reads first."""
    network = proposal.state.desk.network
    if not proposal.changed:
        return [
            "L'ordre actuel est le meilleur que l'on ait trouvé : il n'y a rien à changer.",
            *_home(proposal.present),
        ]
    was, now = proposal.present.timed, proposal.proposed.timed
    told = [f"Retour à {clock(now.end_s)}, au lieu de {clock(was.end_s)}."]
    metres = now.distance_m - was.distance_m
    if abs(metres) >= 100:
        sense = "de plus" if metres > 0 else "de moins"
        told.append(f"{distance(abs(metres))} {sense} jusqu'au dépôt.")
    late = _late(proposal.present), _late(proposal.proposed)
    if late[0] != late[1]:
        told.append(f"{count(late[1], 'écart')} au lieu de {late[0]}.")
    told += [_dropped(call, where, network) for call, where in proposal.dropped]
    return told


def told_of(proposal: Proposal) -> list[str]:
    """« Oxelaëre : vers 10 h 20 au lieu de 11 h 05. », for visits that move by more than the tolerance."""
    network, tolerance = proposal.state.desk.network, proposal.state.desk.network.rules.habit_tolerance_s
    before = {
        call.key: begin_s(proposal, proposal.present, k) for k, call in enumerate(proposal.present.calls)
    }
    found = []
    for k, call in enumerate(proposal.proposed.calls):
        was, now = before[call.key], begin_s(proposal, proposal.proposed, k)
        if abs(now - was) > tolerance:
            found.append(f"{network.site(call.site).name} : vers {clock(now)} au lieu de {clock(was)}.")
    return found


def round_notes(rest: Rest) -> list[str]:
    """What the rest of the round does not keep."""
    return list(notes_of(rest.timed, None))


def _home(rest: Rest) -> list[str]:
    notes = round_notes(rest)
    return [f"Retour à {clock(rest.timed.end_s)}{f' : {listing(notes)}' if notes else ''}."]


def _late(proposal: Rest) -> int:
    return len(proposal.timed.violations)


def _dropped(call: Call, where: Elsewhere | None, network: Network) -> str:
    name = network.site(call.site).name
    if where is None:
        return f"{name} ne serait plus servie : aucune autre tournée prévue cette semaine n'a de place."
    halt = where.place.halts[where.number - 1]
    seconds, metres = where.added
    return (
        f"{name} serait reportée au {day(where.bench.outing.day)} vers {clock(halt.begin_s)} "
        f"({duration(seconds)} et {distance(metres)} de plus ce jour-là)."
    )
