"""Which visit of one plan is which of another: library by library, day by day."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from models.plan import Plan, Round, Visit

Stood: TypeAlias = tuple[Round, Visit]


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """A visit to a site in two plans; `was` is None where it is new, `now` where it is lost."""

    site: str
    was: Stood | None
    now: Stood | None

    @property
    def same_day(self) -> bool:
        """Both are there, on one weekday."""
        return bool(self.was and self.now and _weekday(self.was) == _weekday(self.now))

    @property
    def moved_s(self) -> int | None:
        """By how much the announced window moved, its farther end; None unless on one weekday."""
        if not self.was or not self.now or not self.same_day:
            return None
        was, now = self.was[1].announced, self.now[1].announced
        return max(abs(now.early - was.early), abs(now.late - was.late))


def matches(before: Plan | None, after: Plan) -> list[Match]:
    """Every visit of either plan, once: on the same weekday first, then the others in order.

    Sorted by site, then by day. Weeks may differ: weekdays are what is compared.
    """
    old, new = _calls(before) if before else {}, _calls(after)
    found = [one for site in {*old, *new} for one in _of_site(site, old.get(site, []), new.get(site, []))]
    return sorted(found, key=_place)


def _of_site(site: str, old: list[Stood], new: list[Stood]) -> Iterable[Match]:
    left = list(new)
    unmatched = []
    for was in old:
        now = next((one for one in left if _weekday(one) == _weekday(was)), None)
        if now is None:
            unmatched.append(was)
        else:
            left.remove(now)
            yield Match(site=site, was=was, now=now)
    for k in range(max(len(unmatched), len(left))):
        yield Match(
            site=site,
            was=unmatched[k] if k < len(unmatched) else None,
            now=left[k] if k < len(left) else None,
        )


def _calls(plan: Plan) -> dict[str, list[Stood]]:
    found: dict[str, list[Stood]] = defaultdict(list)
    for tour in plan.rounds:
        for visit in tour.visits:
            found[visit.site].append((tour, visit))
    for calls in found.values():
        calls.sort(key=lambda one: (_weekday(one), one[1].begin_s))
    return found


def _weekday(one: Stood) -> int:
    return one[0].date.weekday()


def _place(one: Match) -> tuple[str, int, int]:
    stood = one.now or one.was
    assert stood is not None
    return one.site, _weekday(stood), stood[1].begin_s
