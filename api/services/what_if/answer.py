"""Two weeks side by side: what the hypotheses change, as values and as sentences that are read first."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from api.services.plans.matching import Match, matches
from api.services.what_if.figures import Figures, weekdays_of
from maps.delay_map import days_and_hours
from maps.words import WEEKDAYS, count, distance, duration, euros, listing
from models.network.values import Network
from models.plan import Plan

_NAMED = 6
_FELT_WAIT = 0.05  # days: less is not felt


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """The plan as it stands, the week under the hypotheses, and `again`: the same calculation without them.

    `other_day`: (site, days before, days after); `moved` are visits announced anew on the same day.
    """

    before: Figures
    after: Figures
    again: Figures | None
    other_day: tuple[tuple[str, list[date], list[date]], ...]
    moved: tuple[Match, ...]


def answer_of(  # noqa: PLR0913, PLR0917  # two plans, and what each comes to
    plan: Plan, now: Plan, before: Figures, after: Figures, again: Figures | None, tolerance_s: int
) -> Answer:
    """What is different between a plan and the week under the hypotheses."""
    sites = sorted({one.site for tour in (*plan.rounds, *now.rounds) for one in tour.visits})
    days = [(site, weekdays_of(plan, site), weekdays_of(now, site)) for site in sites]
    return Answer(
        before=before,
        after=after,
        again=again,
        other_day=tuple(one for one in days if one[1] != one[2]),
        moved=tuple(
            one for one in matches(plan, now) if one.moved_s is not None and one.moved_s > tolerance_s
        ),
    )


def sentences(found: Answer, network: Network) -> list[str]:
    """What a coordinator reads first, with its numbers."""
    before, after = found.before, found.after
    return [
        *_cost(found),
        _compared("La navette roulerait", before.distance_m, after.distance_m, distance),
        _compared("Les tournées dureraient", before.duration_s, after.duration_s, duration),
        *_missing(before, after),
        *_moves(found, network),
        *_delays(before, after),
    ]


def _cost(found: Answer) -> list[str]:
    told = [_compared("La route coûterait", found.before.driving_cents, found.after.driving_cents, euros)]
    if found.again is not None:
        gained = found.before.driving_cents - found.again.driving_cents
        if abs(gained) >= 100:
            sense = "de moins" if gained > 0 else "de plus"
            told.append(
                f"Sans rien supposer, le même calcul donnerait {euros(abs(gained))} {sense} que ce planning."
            )
    return told


def _compared(lead: str, before: int, after: int, words: Callable[[int], str]) -> str:
    """« La navette roulerait 12 km de plus : 424 km au lieu de 412 km. »"""
    change = words(abs(after - before))
    if words(before) == words(after):
        return f"{lead} autant : {words(after)}."
    sense = "de plus" if after > before else "de moins"
    return f"{lead} {change} {sense} : {words(after)} au lieu de {words(before)}."


def _missing(before: Figures, after: Figures) -> list[str]:
    if after.missing == before.missing:
        none = "Aucun passage ne manquerait."
        same = f"Il manquerait toujours {count(after.missing, 'passage')}."
        return [same if after.missing else none]
    manque = "manqueraient" if after.missing > 1 else "manquerait"
    was = f"au lieu de {before.missing}" if before.missing else "alors qu'aucun ne manque aujourd'hui"
    if not after.missing:
        return [f"Plus aucun passage ne manquerait, {was}."]
    return [f"{count(after.missing, 'passage')} {manque}, {was}."]


def _moves(found: Answer, network: Network) -> list[str]:
    told = []
    kept = [one for one in found.other_day if one[1] and one[2]]
    new = [one[0] for one in found.other_day if not one[1]]
    gone = [one[0] for one in found.other_day if not one[2]]
    if kept:
        lead = "bibliothèque changerait de jours", "bibliothèques changeraient de jours"
        told.append(f"{count(len(kept), *lead)} : {_listed(kept, network)}.")
    if new:
        told.append(f"{_names(new, network)} {_would(new, 'aurait', 'auraient')} la navette en plus.")
    if gone:
        told.append(f"{_names(gone, network)} n'{_would(gone, 'aurait', 'auraient')} plus aucun passage.")
    if found.moved:
        lead = "passage bougerait", "passages bougeraient"
        visits = count(len(found.moved), *lead)
        sites = list(dict.fromkeys(one.site for one in found.moved))
        told.append(f"{visits} de plus d'un quart d'heure, le même jour : {_names(sites, network)}.")
    if not found.other_day and not found.moved:
        told.append("Aucune bibliothèque ne changerait de jour ni d'heure.")
    return told


def _listed(changes: Iterable[tuple[str, list[date], list[date]]], network: Network) -> str:
    told = [f"{name_of(network, site)} ({_days(was)} → {_days(now)})" for site, was, now in changes]
    return _some(told)


def _names(sites: list[str], network: Network) -> str:
    return _some([name_of(network, one) for one in sites])


def name_of(network: Network, site: str) -> str:
    """A site's name; its code where the network no longer has it."""
    return next((one.name for one in network.sites if one.id == site), site)


def _some(told: list[str]) -> str:
    rest = len(told) - _NAMED
    if rest <= 1:
        return listing(told)
    return listing([*told[:_NAMED], f"{rest} autres"])


def _days(days: list[date]) -> str:
    return listing(WEEKDAYS[one.weekday()] for one in days)


def _would(sites: list[str], one: str, many: str) -> str:
    return many if len(sites) > 1 else one


def _delays(before: Figures, after: Figures) -> list[str]:
    told = []
    if abs(after.waiting_days - before.waiting_days) >= _FELT_WAIT:
        told.append(
            f"Un lecteur attendrait la navette {_decimal(after.waiting_days)} jours en moyenne, "
            f"au lieu de {_decimal(before.waiting_days)}."
        )
    half = (before.median_h, after.median_h)
    ninety = (before.ninety_h, after.ninety_h)
    told.append(_delay("Une demande sur deux serait servie en", *half))
    told.append(_delay("Neuf demandes sur dix le seraient en", *ninety))
    return told


def _delay(lead: str, before: int | None, after: int | None) -> str:
    if before == after:
        return f"{lead} {days_and_hours(after)}, comme aujourd'hui."
    return f"{lead} {days_and_hours(after)}, au lieu de {days_and_hours(before)}."


def _decimal(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")
