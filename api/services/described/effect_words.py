"""The effect of a closure in plain French, with its numbers."""

from collections.abc import Callable

from api.services.described.effect import Effect, Lost
from api.services.described.moves import Move
from maps.words import capital, clock, count, dates, day, distance, duration, listing


def summary(effect: Effect, name: str) -> list[str]:
    """What a coordinator reads first; `name` is the site's, or « tout le réseau »."""
    when = dates(effect.closure.first, effect.closure.last)
    sentences = [f"{capital(name)} : fermeture {when}."]
    if not effect.lost:
        none = "Aucun passage publié ne tombe ces jours-là."
        return [*sentences, none, *_usual(effect), *_calendar(effect)]
    rounds = count(len(effect.rounds), "tournée")
    visits = count(len(effect.lost), "passage publié", "passages publiés")
    fall = "tombe" if len(effect.lost) == 1 else "tombent"
    sentences.append(f"{visits} {fall} ces jours-là, dans {rounds}.")
    moved = sum(one.move is not None for one in effect.lost)
    skipped = len(effect.lost) - moved
    if moved:
        sentences.append(
            f"{count(moved, 'passage peut', 'passages peuvent')} être déplacé{'s' * (moved > 1)}."
        )
    if skipped:
        sentences.append(f"{count(skipped, 'passage serait', 'passages seraient')} à sauter.")
    if effect.unmoved:
        sentences.append(
            f"Les déplacements possibles ne sont cherchés que pour les {len(effect.lost) - effect.unmoved} "
            "premiers passages."
        )
    return [*sentences, *_usual(effect), *_calendar(effect)]


def _usual(effect: Effect) -> list[str]:
    if not effect.expected:
        return []
    would = count(effect.expected, "passage tomberait", "passages tomberaient")
    return [f"D'après la semaine type, {would} dans des semaines qui ne sont pas encore publiées."]


def _calendar(effect: Effect) -> list[str]:
    sentences = []
    if effect.holidays:
        named = [f"{day(on)} ({name})" for on, name in effect.holidays]
        sentences.append(f"{'Jour férié' if len(named) == 1 else 'Jours fériés'} : {listing(named)}.")
    if effect.school:
        named = [f"{one.name}, {dates(one.first, one.last)}" for one in effect.school]
        sentences.append(f"Vacances scolaires (zone B) : {' ; '.join(named)}.")
    if not effect.school_known:
        sentences.append("Les vacances scolaires de ces dates ne sont pas encore connues de Navette.")
    return sentences


def told_of(lost: Lost) -> list[str]:
    """What becomes of one visit: what is lost, then what is proposed."""
    tour, visit = lost.told.round, lost.told.visit
    first = (
        f"{lost.site_name} : le passage du {day(tour.day)} à {clock(visit.begin_s)} "
        f"({tour.label}) tombe sur la fermeture."
    )
    return [first, _wait(lost), proposal(lost)]


def _wait(lost: Lost) -> str:
    waiting = f", {count(lost.documents, 'document attend', 'documents attendent')}" if lost.documents else ""
    if lost.next_day is None or lost.waiting_days is None:
        return f"Aucun autre passage n'est publié ensuite{waiting}."
    days = count(lost.waiting_days, "jour plus tard", "jours plus tard")
    return f"Prochain passage : {day(lost.next_day)}, {days}{waiting}."


def proposal(lost: Lost) -> str:
    """« Déplacer au … » or « Sauter … », with why."""
    if lost.move is not None:
        return f"Proposition : déplacer {move_words(lost.move)}."
    spared = ""
    if lost.saved is not None:
        minutes, metres = duration(max(0, lost.saved.seconds)), distance(max(0, lost.saved.metres))
        spared = f" : la tournée gagne {minutes} et {metres}"
    if lost.next_day is not None and any(move.clean for move in lost.moves):
        return f"Proposition : sauter{spared} ; le passage suivant vient aussi tôt qu'un déplacement."
    if lost.moves:
        return (
            f"Proposition : sauter{spared} ; aucun autre jour de la semaine ne convient sans écart "
            f"(le moins mauvais : {move_words(lost.moves[0])})."
        )
    return f"Proposition : sauter{spared} ; aucun autre jour de la semaine n'est possible."


def move_words(move: Move) -> str:
    """« au jeudi 3 décembre vers 10 h 20, en 3e arrêt (matin · Fourgon) : + 7 min, + 4,2 km »."""
    rank = "1er" if move.number == 1 else f"{move.number}e"
    place = "dans une nouvelle tournée" if move.is_new else f"en {rank} arrêt"
    added = f"{_signed(move.added_s, duration)}, {_signed(move.added_m, distance)}"
    breaches = f" ; {listing(move.breaches)}" if move.breaches else ""
    return f"au {day(move.day)} vers {clock(move.begin_s)}, {place} ({move.label}) : {added}{breaches}"


def _signed(amount: int, words: Callable[[int], str]) -> str:
    return f"{'−' if amount < 0 else '+'} {words(abs(amount))}"
