"""A way → what people are told of it."""

from api.services.promises import words
from api.services.promises.basis import basis_at, basis_of
from api.services.promises.steps import available_at, chain, steps
from api.services.promises.way import Way, instant
from api.wire.promises import PickupOut, PromiseOut, PromiseState
from maps.words import typeset
from models.service_day import PARIS
from routing.promise.chances import ONE
from routing.promise.quantiles import Arrival
from routing.promise.timetable import NEVER

_MOST_PERMILLE = 999  # nothing on a road is certain


def tell(way: Way) -> PromiseOut:
    """Everything that is known, and nothing that is not."""
    likely, due, worst, opens_at = way.likely, way.due, way.worst, available_at(way)
    known_at = basis_at(way)
    return PromiseOut(
        state=_state(way),
        origin=way.origin.code,
        destination=way.destination.code,
        item=way.item,
        asked_at=instant(way.asked_at),
        ready_by=instant(way.pickup.by_at) if way.pickup else None,
        pickup=_pickup(way),
        earliest_at=instant(way.arrival_at) if way.arrival_at < NEVER else None,
        likely_at=instant(likely.at) if likely else None,
        early_at=instant(way.call_of(due)[1].early_at) if due else None,
        late_at=instant(due.at) if due else None,
        due_at=instant(due.at) if due else None,
        chance_permille=permille(due) if due else None,
        chance_words=words.chance(permille(due)) if due else "",
        worst_at=instant(worst.at) if worst else None,
        available_at=instant(opens_at) if opens_at is not None else None,
        steps=steps(way),
        sentence=typeset(_sentence(way)),
        chain=typeset(chain(way)),
        basis=typeset(basis_of(way)),
        basis_at=known_at,
        age_s=max(0, int((way.now - known_at).total_seconds())) if known_at else None,
    )


def permille(found: Arrival) -> int:
    """A share as people are told it: rounded down, never certain."""
    return min(_MOST_PERMILLE, found.share * 1000 // ONE)


def _state(way: Way) -> PromiseState:
    if way.state is not PromiseState.PLANNED:
        return way.state
    if not way.index.odds.timetable.runs:
        return PromiseState.UNKNOWN
    return PromiseState.PLANNED if way.legs else PromiseState.WAITING


def _pickup(way: Way) -> PickupOut | None:
    if way.pickup is None:
        return None
    call = way.call(way.pickup.run, way.pickup.position)
    announced = call.live.announced if call.live else (call.early_at, call.late_at)
    return PickupOut(
        visit=call.ref,
        day=instant(call.begin_at).astimezone(PARIS).date(),
        announced_early_at=instant(announced[0]),
        announced_late_at=instant(announced[1]),
    )


def _sentence(way: Way) -> str:
    due, opens_at = way.due, available_at(way)
    begun = way.begun or (
        f"Un livre {words.asked(instant(way.asked_at), way.now)} {words.at_place(way.origin.words)}"
    )
    where = words.at_place(way.destination.words)
    if due is None:
        return _without_promise(way, begun)
    early, late = instant(way.call_of(due)[1].early_at), instant(due.at)
    found = (
        f" ; à retirer à partir de {words.moment(instant(opens_at))}"
        if opens_at and opens_at > due.at
        else ""
    )
    return (
        f"{begun} sera {where} {words.day(late)}, {words.window(early, late)} "
        f"({words.chance(permille(due))}){found}. {_worst(way, due)}"
    )


def _worst(way: Way, due: Arrival) -> str:
    worst = way.worst
    if worst is None:
        return "Au pire : plus tard que les passages connus aujourd'hui."
    due_at, worst_at = instant(due.at), instant(worst.at)
    if words.day(due_at) == words.day(worst_at):
        return f"Au pire : le même jour, avant {words.clock(worst_at)}."
    return f"Au pire : {words.day(worst_at)}."


def _without_promise(way: Way, begun: str) -> str:
    origin, destination = words.at_place(way.origin.words), words.at_place(way.destination.words)
    until = words.day(instant(way.index.odds.timetable.until_at - 1))
    if not way.index.odds.timetable.runs:
        return (
            "Aucune tournée à venir n'est publiée : aucune date ne peut être promise. "
            "Renseignez-vous auprès de votre bibliothèque."
        )
    if way.pickup is None and way.state is PromiseState.PLANNED:
        return (
            f"Aucun passage connu ne prend un livre {origin} d'ici au {until} : "
            "aucune date ne peut être promise."
        )
    if not way.legs:
        return (
            f"Aucun passage connu n'amène {destination} ce qui part de {way.origin.words} d'ici au {until} : "
            "aucune date ne peut être promise."
        )
    return (
        f"{begun} sera {destination} {words.day(instant(way.arrival_at))} si tout se passe comme prévu. "
        "Les passages connus ne suffisent pas pour promettre une date."
    )
