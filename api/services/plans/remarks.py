"""What only shows when rounds are looked at together: one van or driver twice at one time, pairs apart."""

from collections import defaultdict
from itertools import combinations

from api.services.plans.layout import Layout
from maps.words import clock
from models.plan import Plan, Round


def clashes(plan: Plan) -> dict[str, list[str]]:
    """Round id → sentences about rounds that want the same van or driver at the same time."""
    found: dict[str, list[str]] = defaultdict(list)
    for a, b in combinations(plan.rounds, 2):
        if a.date != b.date or not (a.start_s < b.end_s and b.start_s < a.end_s):
            continue
        who = _shared(a, b)
        if who:
            for mine, other in ((a, b), (b, a)):
                hours = f"de {clock(other.start_s)} à {clock(other.end_s)}"
                found[mine.id].append(f"{who} est déjà en tournée {hours} ({other.label})")
    return found


def parted(layout: Layout) -> dict[str, list[str]]:
    """Visit ref → sentences about a pair whose two visits ride on one day, but not in one round."""
    where = {call.key: outing for outing in layout.outings for call in outing.calls}
    found: dict[str, list[str]] = defaultdict(list)
    for outing in layout.outings:
        for call in outing.calls:
            first = where.get(call.after or "")
            if first is not None and first is not outing and first.day == outing.day:
                found[call.key].append("passage lié à un autre, qui est dans une autre tournée")
    return found


def _shared(a: Round, b: Round) -> str:
    if a.vehicle == b.vehicle:
        return "le véhicule"
    return "le chauffeur" if a.driver == b.driver else ""
