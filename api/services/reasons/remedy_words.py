"""Remedies in plain French, with their numbers."""

from api.services.reasons.remedies import Kind, Remedy
from api.services.reasons.why_words import broken, effect, others_of
from maps.words import WEEKDAYS, clock, count, day, duration
from models.network.values import Network

_LEADS = {
    Kind.PLACE: "Placer le passage ",
    Kind.ROUND: "Ouvrir une tournée ",
    Kind.UNLOCK: "Libérer la tournée verrouillée et placer le passage ",
    Kind.SPAN: "Si le chauffeur rentre plus tard, placer le passage ",
}


def sentence(one: Remedy, network: Network) -> str:
    """« Placer le passage mardi 1er décembre matin (Fourgon), en 4e arrêt vers 10 h : + 12 min, + 10 €. »"""
    costs = effect(one.duration_s, one.distance_m, one.cost)
    told = f"{_lead(one, network)}{_place(one, network)} : {costs}."
    return told + (broken(one.breaks) or others_of(one.shifted, network))


def _lead(one: Remedy, network: Network) -> str:
    match one.kind:
        case Kind.CRATES:
            return f"Avec {count(one.crates, 'bac')} de moins, placer le passage "
        case Kind.SWAP:
            return f"{_gives_way(one, network)}, et placer le passage "
        case Kind.HOURS:
            return _hours(one)
        case _:
            return _LEADS[one.kind]


def _gives_way(one: Remedy, network: Network) -> str:
    assert one.other is not None
    call, move = one.other
    return (
        f"Déplacer {network.site(call.site).name} au {day(move.outing.day)} vers {clock(move.begin_s)} "
        f"({move.label}, {network.vehicle(move.outing.vehicle).name})"
    )


def _hours(one: Remedy) -> str:
    assert one.hours is not None
    weekday, window = WEEKDAYS[one.hours.weekday], one.hours.window
    wider = f"de {clock(window.early)} à {clock(window.late)} ({duration(one.hours.more_s)} de plus)"
    return f"Si le lieu reçoit la navette le {weekday} {wider}, placer le passage "


def _place(one: Remedy, network: Network) -> str:
    half = f"{day(one.outing.day)} {_half(one)}"
    rank = "1er" if one.number == 1 else f"{one.number}e"
    van = network.vehicle(one.outing.vehicle).name
    return f"{half} ({van}), en {rank} arrêt vers {clock(one.begin_s)}"


def _half(one: Remedy) -> str:
    return "matin" if one.begin_s < 12 * 3600 else "après-midi"
