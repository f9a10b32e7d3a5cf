"""Causes and violations → plain French sentences, with their amounts."""

from maps.hours import spoken
from maps.words import FIRM, THIN, WEEKDAYS, count, dates, duration, euros, listing
from models.holidays import public_holidays
from models.network.calendar import Closure
from models.network.values import Site
from models.plan import Plan
from models.service_day import IsoWeek
from routing.schedule import Breach, Schedule, Violation
from routing.solution import Cause, Unassigned


def proof_of(plan: Plan) -> str | None:
    """How near to the best possible a plan is proven to be; None where nothing is."""
    gap, proof = plan.gap_permille, plan.proof
    if gap is None or proof is None:
        return None
    least = f"ne coûterait moins de {euros(proof.cents - 50)}"  # never above what is proven
    if gap > 1000:
        return f"Aucun planning de cette semaine {least}."
    percent = f"{gap // 10},{gap % 10}{FIRM}%"
    return f"Ce planning est à moins de {percent} du meilleur possible{THIN}: aucun {least}."


def reason_of(site: Site, entry: Unassigned, week: IsoWeek) -> str:
    """Why visits to a site are not planned, and what could be done."""
    amount = entry.reason.amount
    hours = f"navette reçue {spoken(site.shuttle_hours or site.opening)}"
    closed = _closed(site, week)
    match entry.reason.cause:
        case Cause.NEVER_OPEN:
            advice = "" if closed else " Élargissez ses horaires."
            sentence = f"Ne peut recevoir la navette aucun jour de tournée ({hours}).{advice}"
        case Cause.OUTSIDE_SHIFTS:
            sentence = (
                f"Reçoit la navette quand aucune tournée ne peut y être ({hours}) : "
                f"il manque au moins {duration(amount)}. Décalez un chauffeur, ou confiez-lui une clé."
            )
        case Cause.TOO_FAR:
            sentence = f"L'aller-retour dépasse de {duration(amount)} la plus longue tournée."
        case Cause.TOO_MANY_CRATES:
            sentence = f"Demande {count(amount, 'bac')} de plus que n'en porte le plus grand véhicule."
        case Cause.NOT_ALLOWED:
            sentence = "Aucune tournée n'a le droit de la servir. Levez un verrou."
        case Cause.FEW_DAYS:
            sentence = f"Ne peut recevoir la navette que {count(amount, 'jour')} cette semaine."
        case Cause.NO_ROOM:
            sentence = (
                f"Aucune tournée n'a trouvé la place ({hours}). "
                "Élargissez ses horaires ou ajoutez une tournée."
            )
        case Cause.TOO_DEAR:
            sentence = (
                f"Le détour coûterait {euros(amount)} de plus que le prix d'un passage manqué. "
                "Relevez ce prix dans network.toml, ou élargissez ses horaires."
            )
    return sentence + closed + _holidays(week)


def _closed(site: Site, week: IsoWeek) -> str:
    """The closures that take days of that week away."""
    met = [one for one in (*site.closures, *site.shared_closures) if one.first <= week.days[6].date]
    told = [_span(one) for one in met if one.last >= week.monday]
    return f" Fermeture : {listing(told)}." if told else ""


def _span(closure: Closure) -> str:
    when = dates(closure.first, closure.last)
    return f"{when} ({closure.reason})" if closure.reason else when


def _holidays(week: IsoWeek) -> str:
    named = [f"{WEEKDAYS[day.weekday()]} ({name})" for day, name in public_holidays(week).items()]
    return f" Jour férié : {listing(named)}." if named else ""


def notes_of(timed: Schedule, halt: int | None) -> tuple[str, ...]:
    """What a round (halt None) or one of its visits does not keep, in plain words."""
    return tuple(_note(violation) for violation in timed.violations if violation.halt == halt)


def _note(violation: Violation) -> str:
    amount = violation.amount
    words = {
        Breach.LATE: f"arrive {duration(amount)} après la fermeture",
        Breach.CLOSED: "fermée ce jour-là",
        Breach.OVERTIME: f"rentre {duration(amount)} trop tard",
        Breach.OVERLONG: f"{duration(amount)} de trop sur la route",
        Breach.OVERLOAD: f"{count(amount, 'bac')} de trop à bord",
        Breach.PAUSE: f"pause {duration(amount)} trop tard",
        Breach.NOT_ALLOWED: "tournée non autorisée",
        Breach.POSITION: f"devait être l'arrêt n° {amount + 1}",
        Breach.PAIR: "passage lié, dans le mauvais ordre",
        Breach.LOCKED: "l'ordre verrouillé a changé",
    }
    return words[violation.breach]
