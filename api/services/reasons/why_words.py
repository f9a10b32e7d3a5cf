"""The reasons of an order in plain French: what binds a visit, what a move costs, how a round stands."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from api.services.explain import notes_of
from api.services.plans.desk import Desk
from api.services.reasons.why import Explained, Move, Placed, Shifted
from maps.words import FIRM, capital, clock, count, day, distance, duration, euros, listing
from models.network.values import Network
from models.tables.plans import Lock
from routing.objective import Cost
from routing.schedule import Breach
from routing.slack import Bound, Limit

_TIGHT_S = 900  # what is farther from its limit than a quarter of an hour is not held by it
_NAMED = 3
_LOCKED = {
    Lock.DAY: "Verrouillée à ce jour.",
    Lock.ROUND: "Verrouillée à cette tournée.",
    Lock.POSITION: "Verrouillée à cette place dans la tournée.",
}


class Binding(StrEnum):
    """What holds a visit where it is."""

    BROKEN = "broken"
    LOCKED = "locked"
    OPENS = "opens"
    CLOSES = "closes"
    PREVIOUS = "previous"
    NEXT = "next"
    DRIVER = "driver"
    START = "start"
    PAUSE = "pause"
    DEPARTURE = "departure"
    CAPACITY = "capacity"
    FREE = "free"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason:
    """`earlier_s`, `later_s`: how far the visit could move with nothing broken; None when it is broken."""

    binding: Binding
    sentence: str
    earlier_s: int | None
    later_s: int | None


class Words:
    """Says what was found about one round."""

    def __init__(self, desk: Desk, found: Explained) -> None:
        self._network, self._desk, self._found = desk.network, desk, found

    def reason(self, visit: Placed) -> Reason:
        """What binds a visit, the nearest first."""
        if visit.notes:
            return Reason(
                binding=Binding.BROKEN,
                sentence=f"Ne tient pas : {listing(visit.notes)}.",
                earlier_s=None,
                later_s=None,
            )
        earlier = max(0, visit.begin_s - visit.room.first.at_s)
        later = visit.room.last.at_s - visit.begin_s
        binding, sentence = self._binding(visit, earlier, later)
        return Reason(
            binding=binding,
            sentence=sentence,
            earlier_s=earlier,
            later_s=later if later >= 0 else None,
        )

    def _binding(self, visit: Placed, earlier: int, later: int) -> tuple[Binding, str]:
        locked = self._locked(visit)
        if locked:
            return Binding.LOCKED, locked
        first = visit.room.first
        own = first.limit is Limit.WINDOW and first.halt == visit.number - 1
        if own and earlier <= _TIGHT_S:
            return self._early(visit, earlier)
        if later <= _TIGHT_S:
            return self._late(visit, max(0, later))
        # That a driver begins when they begin holds the first visit; those after it follow from the order.
        if earlier <= _TIGHT_S and (first.limit is not Limit.SHIFT or visit.number == 1):
            return self._early(visit, earlier)
        return self._free(visit)

    def _locked(self, visit: Placed) -> str:
        if visit.call.lock is not Lock.NONE:
            return _LOCKED[visit.call.lock]
        if self._found.outing.locked:
            return "Toute la tournée est verrouillée."
        return "Liée à un passage qui doit venir avant elle." if visit.call.after else ""

    def _early(self, visit: Placed, spare: int) -> tuple[Binding, str]:
        bound = visit.room.first
        room = f" (au mieux {duration(spare)} plus tôt)" if spare >= 60 else ""
        match bound.limit:
            case Limit.WINDOW if bound.halt == visit.number - 1:
                return Binding.OPENS, self._opens(visit, bound, spare)
            case Limit.WINDOW:
                other = self._name(bound)
                return Binding.PREVIOUS, (
                    f"Vient après {other}, qui ne reçoit pas la navette avant {clock(self._early_of(bound))}"
                    f"{room}."
                )
            case Limit.PAUSE:
                return Binding.PAUSE, f"Vient après la pause, qui ne commence pas plus tôt{room}."
            case Limit.SHIFT if self._found.outing.departure_s is not None:
                left = clock(self._found.outing.departure_s)
                return Binding.DEPARTURE, f"La tournée part à {left}, comme demandé{room}."
            case Limit.SHIFT:
                begins = clock(self._found.outing.window.early)
                return (
                    Binding.START,
                    f"Le service commence à {begins} : guère possible plus tôt{room}.",
                )

    def _opens(self, visit: Placed, bound: Bound, spare: int) -> str:
        halt = self._found.bench.base.halts[visit.number - 1]
        opens = f"Ne reçoit pas la navette avant {clock(bound.at_s)}"
        if halt.wait_s >= 60:
            return f"{opens} : la navette y attend {duration(halt.wait_s)}."
        return f"{opens} : elle n'y gagnerait rien à venir plus tôt." if spare < 60 else f"{opens}."

    def _late(self, visit: Placed, spare: int) -> tuple[Binding, str]:
        bound = visit.room.last
        room = f"{duration(spare)} de marge" if spare >= 60 else "aucune marge"
        match bound.limit:
            case Limit.WINDOW if bound.halt == visit.number - 1:
                return Binding.CLOSES, f"Doit commencer à {clock(bound.at_s)} au plus tard : {room}."
            case Limit.WINDOW:
                last = clock(self._late_of(bound))
                return Binding.NEXT, (
                    f"{capital(self._name(bound))}, plus loin, doit commencer à {last} au plus tard : {room}."
                )
            case Limit.PAUSE:
                pause = self._found.bench.problem.shifts[0].pause
                by = f" à {clock(pause.window.late)} au plus tard" if pause else ""
                return Binding.PAUSE, f"La pause doit commencer{by} : {room}."
            case Limit.SHIFT:
                home = clock(self._found.outing.window.late)
                return Binding.DRIVER, f"Le chauffeur doit être rentré à {home} : {room}."

    def _free(self, visit: Placed) -> tuple[Binding, str]:
        inside = [move for move in visit.moves if move.where != "other"]
        if inside and all(self._overloads(move) for move in inside):
            held = self._found.bench.problem.shifts[0].capacity
            return (
                Binding.CAPACITY,
                f"Ailleurs dans la tournée, plus de {count(held, 'bac')} seraient à bord.",
            )
        clean = [move for move in visit.moves if not move.breaks]
        if not clean:
            return Binding.FREE, "Aucune autre place n'est possible sans écart."
        best = min(clean, key=lambda move: move.cost.total_mc)
        if best.cents < 0:
            return Binding.FREE, f"Rien ne l'impose, et une autre place coûterait moins : {self.place(best)}."
        return Binding.FREE, f"Rien ne l'impose : c'est là qu'elle coûte le moins (sinon {self.place(best)})."

    def _overloads(self, move: Move) -> bool:
        return any("à bord" in note for note in move.breaks)

    def _name(self, bound: Bound) -> str:
        assert bound.halt is not None
        return self._found.bench.names[bound.halt]

    def _early_of(self, bound: Bound) -> int:
        halt = self._found.bench.base.halts[bound.halt or 0]
        return halt.window.early if halt.window else halt.begin_s

    def _late_of(self, bound: Bound) -> int:
        halt = self._found.bench.base.halts[bound.halt or 0]
        return halt.window.late if halt.window else halt.begin_s

    def place(self, move: Move) -> str:
        """« en 4e arrêt vers 10 h 20 (mardi matin) : + 12 min, + 8,1 km, + 9 € »."""
        return place_of(move, self._found.outing.code, self._network)

    def sentence(self, move: Move) -> str:
        """A move, whole."""
        lead = {"earlier": "Plus tôt, ", "later": "Plus tard, ", "other": "Ailleurs, "}[move.where]
        then = broken(move.breaks) or others_of(move.shifted, self._network)
        return f"{lead}{self.place(move)}.{then}"

    def round_sentences(self) -> list[str]:
        """How the round stands between its departure and its return."""
        base, outing = self._found.bench.base, self._found.outing
        if not base.halts:
            return []
        spare = outing.window.late - base.timed.end_s
        end = clock(outing.window.late)
        home = (
            f"{duration(spare)} avant la fin de service ({end})"
            if spare >= 0
            else f"{duration(-spare)} après la fin de service ({end})"
        )
        told = [f"Départ à {clock(base.timed.start_s)}, retour à {clock(base.timed.end_s)} : {home}."]
        vehicle = self._network.vehicle(outing.vehicle)
        told.append(f"Au plus {count(base.timed.load_peak, 'bac')} à bord, pour {vehicle.capacity} places.")
        waits = sum(halt.wait_s for halt in base.halts)
        if waits >= 60:
            told.append(f"La navette attend {duration(waits)} en tout devant des portes fermées.")
        whole = notes_of(base.timed, None)
        if whole:
            told.append(f"Ne tient pas : {listing(whole)}.")
        if any(one.breach is Breach.LOCKED for one in base.violations):
            told.append("L'ordre verrouillé a changé.")
        return told


def place_of(move: Move, here: str, network: Network) -> str:
    """« en 4e arrêt vers 10 h 20 (mardi 1er décembre, matin, Fourgon) : + 12 min, + 8,1 km, + 9 € »."""
    rank = "1er" if move.number == 1 else f"{move.number}e"
    van = network.vehicle(move.outing.vehicle).name
    where = "" if move.outing.code == here else f" ({day(move.outing.day)}, {move.label}, {van})"
    costs = effect(move.duration_s, move.distance_m, move.cost)
    return f"en {rank} arrêt vers {clock(move.begin_s)}{where} : {costs}"


def effect(seconds: int, metres: int, cost: Cost) -> str:
    """« + 12 min, + 8,1 km, + 9 € »."""
    cents = round(cost.total_mc / 1000)
    return f"{signed(seconds, duration)}, {signed(metres, distance)}, {signed(cents, euros)}"


def signed(amount: int, words: Callable[[int], str]) -> str:
    """« + 12 min », « − 8,1 km »."""
    text = words(abs(amount))
    less = amount < 0 and any(figure in text for figure in "123456789")
    return f"{'−' if less else '+'}{FIRM}{text}"


def others_of(moved: Iterable[Shifted], network: Network) -> str:
    """« Méteren passe à 14 h 10. », with a space before; nothing when nobody moves."""
    told = sorted(moved, key=lambda one: -one.moved_s)
    if not told:
        return ""
    named = [f"{network.site(one.site).name} passe à {clock(one.begin_s)}" for one in told[:_NAMED]]
    rest = len(told) - len(named)
    if rest:
        named.append(count(rest, "autre passage bouge", "autres passages bougent"))
    return f" {capital(listing(named))}."


def broken(breaks: Iterable[str]) -> str:
    """« Écart : … », with a space before; nothing when all is kept."""
    told = list(breaks)
    return f" Écart : {listing(told)}." if told else ""
