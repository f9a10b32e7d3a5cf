"""« Nous serons fermés » : the effect before it is sent, then what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlmodel import Session

from api.service import Service
from api.services.actor import Actor
from api.services.described import closures
from api.services.described.closures import Asked, Judged
from api.services.described.effect import effect_of
from api.services.library.reading import date_typed
from api.wire.closures import ClosureOut, EffectOut, LostOut
from api.wire.library import ClosureForm
from api.wire.text import one_line
from maps import words
from models.errors import Finding, InputError
from models.network.calendar import Closure
from models.values import TimeWindow

_REFUSED = "La fermeture n'a pas été envoyée."
_AHEAD = timedelta(days=730)


@dataclass(frozen=True, kw_only=True, slots=True)
class Foreseen:
    """What a closure would do to a library: sentences, and how many published visits fall away."""

    closure: Closure
    sentences: tuple[str, ...]
    visits: int


def closure_typed(form: ClosureForm, today: date) -> Closure:
    """The closure that a form means; one day where no end is given. InputError says what is wrong with it."""
    first = date_typed(form.du, "du")
    last = date_typed(form.au, "au") if form.au.strip() else first
    wrong = None
    if last < first:
        wrong = Finding(where="au", message="la fin vient avant le début.", remedy="")
    elif last < today:
        wrong = Finding(where="du", message="ces jours sont passés.", remedy="Donnez des dates à venir.")
    elif first > today + _AHEAD:
        wrong = Finding(where="du", message="c'est dans plus de deux ans.", remedy="Vérifiez l'année.")
    elif (last - first).days > 366:
        wrong = Finding(where="au", message="c'est plus d'un an.", remedy="Appelez la coordination.")
    if wrong is not None:
        raise InputError(_REFUSED, (wrong,))
    return Closure(first=first, last=last, reason=one_line(form.motif)[:200])


def foresee(session: Session, service: Service, actor: Actor, closure: Closure, today: date) -> Foreseen:
    """What the library loses; nothing is stored."""
    effect = effect_of(session, service.territories, actor.site, closure, today)
    told = EffectOut.of(effect, actor.name, with_moves=False)
    lost = [f"Pas de passage {_when(one)}." for one in told.visits]
    said = [*lost, *_after(told.visits[-1:])] if lost else [told.summary[1]]
    return Foreseen(closure=closure, sentences=(*said, *_usual(told)), visits=len(lost))


def _when(one: LostOut) -> str:
    window = TimeWindow(one.announced_early, one.announced_late)
    return f"{words.day(one.day)}, {words.between(window)}"


def _after(last: Sequence[LostOut]) -> list[str]:
    """When the shuttle comes again after the last visit that is lost, and what waits until then."""
    said = []
    for one in last:
        if one.next_day is None:
            said.append("Aucun autre passage n'est publié ensuite.")
        else:
            said.append(f"Le passage suivant serait {words.day(one.next_day)}.")
        if one.documents:
            waiting = words.count(one.documents, "document attendrait", "documents attendraient")
            said.append(f"D'habitude, {waiting} jusque-là.")
    return said


def _usual(told: EffectOut) -> list[str]:
    if not told.expected:
        return []
    would = words.count(
        told.expected, "autre passage habituel tomberait", "autres passages habituels tomberaient"
    )
    return [f"{would} dans des semaines qui ne sont pas encore publiées."]


def send(session: Session, actor: Actor, closure: Closure) -> None:
    """Propose a closure to the coordination. Conflict when the same one stands already."""
    asked = Asked(site=actor.site, starts_on=closure.first, ends_on=closure.last, reason=closure.reason)
    closures.declare(session, actor, asked)


def take_back(session: Session, actor: Actor, key: UUID, version: int) -> None:
    """Withdraw a closure of one's own."""
    closures.withdraw(session, actor, key, Judged(version, ClosureOut.of))
