"""What may be odd about a fact. It is noted, never a reason to refuse it."""

from datetime import timedelta
from enum import StrEnum

from models.custody.facts import CLOCK_TOLERANCE, Scan

LATE = timedelta(hours=24)


class Note(StrEnum):
    """`different`: the id was known with another content, which is kept. `no_hour`: its hour is a guess."""

    UNKNOWN_VISIT = "unknown_visit"
    UNKNOWN_CRATE = "unknown_crate"
    UNKNOWN_TARGET = "unknown_target"
    NO_TARGET = "no_target"
    WRONG_STOP = "wrong_stop"
    NOT_THIS_DRIVER = "not_this_driver"
    PLAN_SUPERSEDED = "plan_superseded"
    CLOCK_OFF = "clock_off"
    LATE = "late"
    FUTURE = "future"
    DIFFERENT = "different"
    NO_HOUR = "no_hour"


SENTENCES = {
    Note.UNKNOWN_VISIT: "ce passage n'est dans aucun planning publié",
    Note.UNKNOWN_CRATE: "ce bac n'est pas enregistré",
    Note.UNKNOWN_TARGET: "le fait visé n'est pas encore connu",
    Note.NO_TARGET: "une correction ou une annulation qui ne vise aucun fait est sans effet",
    Note.WRONG_STOP: "ce bac était attendu à un autre arrêt",
    Note.NOT_THIS_DRIVER: "cette tournée est confiée à quelqu'un d'autre",
    Note.PLAN_SUPERSEDED: "le planning a été remplacé depuis, sans ce passage",
    Note.CLOCK_OFF: "l'heure du téléphone et la nôtre diffèrent de plus de cinq minutes",
    Note.LATE: "ce fait est arrivé plus d'un jour après",
    Note.FUTURE: "ce fait dit s'être passé après avoir été envoyé",
    Note.NO_HOUR: "l'heure n'était pas notée : celle-ci est supposée",
    Note.DIFFERENT: "ce fait était déjà connu avec un autre contenu, qui est gardé",
}


def notes_on_clocks(scan: Scan) -> list[Note]:
    """What the three clocks of a fact say about each other."""
    found = []
    if scan.clock_off:
        found.append(Note.CLOCK_OFF)
    if scan.occurred_at - scan.sent_at > CLOCK_TOLERANCE:
        found.append(Note.FUTURE)
    if scan.received_at - scan.happened_at > LATE:
        found.append(Note.LATE)
    return found
