"""Sentences about the road, for people: where the shuttle is, what was done, what to decide."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from api.services.road.follow import Followed
from models.custody.facts import site_of
from models.custody.rounds import RoundState
from models.custody.visits import Figure, VisitProgress, VisitState
from models.service_day import PARIS

SOON = timedelta(minutes=1)


def hour(moment: datetime) -> str:
    """« 9 h 02 », Paris; the spaces do not break."""
    local = moment.astimezone(PARIS)
    return f"{local.hour} h {local.minute:02d}"


def minutes(seconds: int) -> str:
    """« 12 min », « 1 h 05 »."""
    whole = abs(seconds) // 60
    return f"{whole} min" if whole < 60 else f"{whole // 60} h {whole % 60:02d}"


def crates(number: int) -> str:
    return f"{number} bac{'s' if number > 1 else ''}"


def where(followed: Followed, ref: str, communes: Mapping[str, str], at: datetime) -> str:
    """Where the shuttle is, told to a library whose visit is `ref`."""
    own = followed.of(ref)
    if own.state is not VisitState.NOTHING:
        return _here(own)
    progress = followed.progress
    if ref in progress.skipped or progress.state is RoundState.ENDED:
        return "La navette a continué sa route sans que votre passage soit pointé. Appelez la coordination."
    if progress.state is RoundState.WAITING:
        leaves = followed.expected[0].arrival_at - timedelta(seconds=followed.expected[0].leg_s)
        return (
            "La navette n'est pas encore partie." if at < leaves else "Pas encore de nouvelles de la navette."
        )
    return f"{_there(followed, communes)} {_before(followed, ref)}{_foreseen(followed, ref, at)}"


def _here(own: VisitProgress) -> str:
    assert own.last_at is not None
    began = hour(own.began_at or own.last_at)
    match own.state:
        case VisitState.ARRIVED:
            return f"La navette est chez vous depuis {began}."
        case VisitState.CLOSED:
            return f"La navette est passée à {began} et a trouvé porte close."
        case VisitState.PROBLEM:
            return f"Un problème a été signalé à {hour(own.last_at)} pour votre passage."
        case VisitState.DONE:
            return f"La navette est passée à {began} : {exchanged(own.delivered, own.picked_up)}."
        case _:
            return f"La navette est passée à {began}."


def exchanged(delivered: Figure | None, picked_up: Figure | None) -> str:
    """« 3 bacs déposés, 1 bac repris »."""
    given = delivered.crates if delivered else 0
    taken = picked_up.crates if picked_up else 0
    told = [f"{crates(given)} déposé{'s' if given > 1 else ''}"] if delivered else []
    told += [f"{crates(taken)} repris"] if picked_up else []
    return ", ".join(told)


def _there(followed: Followed, communes: Mapping[str, str]) -> str:
    progress = followed.progress
    last = followed.known[progress.last_visit]
    assert last.clocked_at is not None
    site = site_of(last.visit) or ""
    home = site in {followed.round.start_site, followed.round.end_site}
    name = "le dépôt" if home else communes.get(site, site)
    if home or last.over:
        return f"La navette a quitté {name} à {hour(last.clocked_at)}."
    return f"La navette est à {name} depuis {hour(last.began_at or last.clocked_at)}."


def _foreseen(followed: Followed, ref: str, at: datetime) -> str:
    """Between which hours it comes eight times out of ten; nothing where no prediction is stored."""
    found = followed.ahead(ref, at)
    if found is None or found.p90_at <= at:
        return ""
    early, late = hour(found.p10_at), hour(found.p90_at)
    return f" Arrivée prévue vers {late}." if early == late else f" Arrivée prévue entre {early} et {late}."


def _before(followed: Followed, ref: str) -> str:
    ahead = [one.visit for one in followed.progress.ahead]
    stops = ahead.index(ref) if ref in ahead else 0
    if stops == 0:
        return "Vous êtes le prochain arrêt."
    return f"Encore {stops} arrêt{'s' if stops > 1 else ''} avant vous."
