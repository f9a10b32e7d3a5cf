"""What a change costs or saves, and whose announced window it moves."""

from dataclasses import dataclass

from api.services.plans.drafts import Edited
from models.plan import Plan, Round, Visit, visit_refs
from models.values import TimeWindow


@dataclass(frozen=True, kw_only=True, slots=True)
class Shifted:
    """A visit whose announced window is not what it was: `was` and `now` are (round, visit).

    `moved_s` is by how much, None when it is on another day.
    """

    ref: str
    was: tuple[Round, Visit]
    now: tuple[Round, Visit]
    moved_s: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Delta:
    """After less before: seconds on the road, metres, cents by term; the rounds that are not as they were."""

    duration_s: int
    distance_m: int
    cents: dict[str, int]
    changed: tuple[Round, ...]
    gone: tuple[str, ...]
    shifted: tuple[Shifted, ...]


def delta_of(made: Edited) -> Delta:
    """What a change of a draft did."""
    touched = made.touched
    codes = {tour.id for tour in made.after.rounds}
    return Delta(
        duration_s=_seconds(made.after) - _seconds(made.before),
        distance_m=_metres(made.after) - _metres(made.before),
        cents=cents_between(made.before, made.after),
        changed=tuple(tour for tour in made.after.rounds if tour.id in touched),
        gone=tuple(tour.id for tour in made.before.rounds if tour.id not in codes),
        shifted=tuple(_shifted(made)),
    )


def cents_between(before: Plan, after: Plan) -> dict[str, int]:
    """Term by term, terms without a difference left out."""
    names = dict.fromkeys((*before.cost_cents, *after.cost_cents))
    found = {name: after.cost_cents.get(name, 0) - before.cost_cents.get(name, 0) for name in names}
    return {name: cents for name, cents in found.items() if cents}


def by_ref(plan: Plan) -> dict[str, tuple[Round, Visit]]:
    """Every visit of a plan by its ref."""
    return {
        ref: (tour, visit)
        for tour in plan.rounds
        for ref, visit in zip(visit_refs(tour), tour.visits, strict=True)
    }


def moved_s(was: TimeWindow, now: TimeWindow) -> int:
    """By how much a window moved: the farther of its two ends."""
    return max(abs(now.early - was.early), abs(now.late - was.late))


def _shifted(made: Edited) -> list[Shifted]:
    before, after = by_ref(made.before), by_ref(made.after)
    found = []
    for ref, key in made.was.items():
        if key not in before or ref not in after:
            continue
        was, now = before[key], after[ref]
        if was[0].date != now[0].date:
            found.append(Shifted(ref=ref, was=was, now=now, moved_s=None))
        elif was[1].announced != now[1].announced:
            apart = moved_s(was[1].announced, now[1].announced)
            found.append(Shifted(ref=ref, was=was, now=now, moved_s=apart))
    return found


def _seconds(plan: Plan) -> int:
    return sum(tour.duration_s for tour in plan.rounds)


def _metres(plan: Plan) -> int:
    return sum(tour.distance_m for tour in plan.rounds)
