"""Why documents take so long to a village: how often it is called at, and what has been sorted by then."""

from maps import words
from models.network.values import Network
from models.plan import Plan, Round
from models.values import DAY_S

_COUNTS = ("aucun", "un seul", "deux", "trois", "quatre", "cinq")
_LONG_GAP = 4


def reason(plan: Plan, network: Network, site: str) -> str:
    """« un seul passage par semaine, le mercredi, après le tri du mardi (15 h) »."""
    calls = [(tour, visit) for tour, visit in plan.visits_to(site)]
    days = sorted({tour.date.weekday() for tour, _ in calls})
    if not calls:
        return "aucun passage dans la semaine"
    many = _COUNTS[len(calls)] if len(calls) < len(_COUNTS) else str(len(calls))
    noun = "passage" if len(calls) == 1 else "passages"
    article = "le" if len(days) == 1 else "les"
    told = f"{many} {noun} par semaine, {article} {words.listing(words.WEEKDAYS[day] for day in days)}"
    if len(calls) == 1:
        return told + _sorted_by(plan, network, calls[0][0])
    gap, before, after = _longest(days)
    if gap > _LONG_GAP:
        return f"{told} : {gap} jours sans passage du {words.WEEKDAYS[before]} au {words.WEEKDAYS[after]}"
    return told


def _longest(days: list[int]) -> tuple[int, int, int]:
    """The longest time between two days of a week that comes back: (days, from, to)."""
    pairs = zip(days, days[1:] + days[:1], strict=True)
    return max(((b - a) % 7 or 7, a, b) for a, b in pairs)


def _sorted_by(plan: Plan, network: Network, tour: Round) -> str:
    """Until when something must have come home to be aboard: the last other round sorted before it leaves."""
    sorting_s = network.rules.sorting_s
    leaves = _second(tour, tour.start_s)
    homes = [
        (_second(one, one.end_s) + sorting_s, one)
        for one in plan.rounds
        if one.end_site == tour.start_site and one.id != tour.id
    ]
    in_time = [(at, one) for at, one in homes if at <= leaves]
    last = max(in_time or homes, default=None, key=lambda home: home[0])
    if last is None:
        return ""
    day, second = divmod(last[0], DAY_S)
    weekday = "jour même" if day == tour.date.weekday() and in_time else words.WEEKDAYS[day % 7]
    return f", après le tri du {weekday} ({words.clock(second)})"


def _second(tour: Round, second: int) -> int:
    """Seconds since Monday, midnight."""
    return tour.date.weekday() * DAY_S + second
