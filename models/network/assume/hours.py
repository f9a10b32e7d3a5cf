"""Public opening hours that add up exactly to a known weekly total.

Village libraries open when children and families can come: Wednesday afternoon first, Saturday morning
next, then the end of a school day. Sessions are taken in that order, each for its usual length, until the
total is spent; the last one takes what is left. Each village starts its sessions a little earlier or later.
"""

from dataclasses import dataclass

from models.network.assume.clock import (
    FRIDAY,
    SATURDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    Span,
    Week,
    draw,
    union,
)


@dataclass(frozen=True, slots=True)
class Session:
    """A usual session, minutes. `starts` are its possible beginnings; mornings have a fixed `end` instead."""

    day: int
    length: int
    starts: tuple[int, ...] = ()
    end: int = 0


@dataclass(frozen=True, slots=True)
class Habit:
    """Sessions by preference; what is shorter than `shortest` minutes joins the session before.

    The last session may be `longer` than usual by as many minutes.
    """

    shortest: int
    longer: int
    sessions: tuple[Session, ...]


def _at(hours: float) -> int:
    return round(60 * hours)


_CHILDREN = (_at(13.5), _at(14), _at(14.5), _at(15))
_EARLY, _LATE = (_at(15.5), _at(16)), (_at(16), _at(16.5))

VILLAGE = Habit(
    60,
    60,
    (
        Session(WEDNESDAY, 120, _CHILDREN),
        Session(SATURDAY, 120, end=_at(12)),
        Session(TUESDAY, 90, _LATE),
        Session(FRIDAY, 90, _LATE),
        Session(THURSDAY, 90, _LATE),
    ),
)
BOROUGH = Habit(
    60,
    60,
    (
        Session(WEDNESDAY, 180, _CHILDREN[:3]),
        Session(SATURDAY, 120, end=_at(12)),
        Session(TUESDAY, 120, _EARLY),
        Session(FRIDAY, 120, _EARLY),
        Session(WEDNESDAY, 120, end=_at(12)),
        Session(THURSDAY, 120, _EARLY),
    ),
)
SMALL_TOWN = Habit(
    75,
    60,
    (
        Session(WEDNESDAY, 240, (_at(13.5), _at(14))),
        Session(SATURDAY, 180, end=_at(12.5)),
        Session(FRIDAY, 180, (_at(15), _at(15.5))),
        Session(TUESDAY, 120, _LATE),
        Session(WEDNESDAY, 120, end=_at(12)),
        Session(SATURDAY, 180, (_at(14),)),
        Session(THURSDAY, 120, _LATE),
    ),
)
TOWN = Habit(
    75,
    60,
    (
        Session(WEDNESDAY, 240, (_at(14),)),
        Session(SATURDAY, 180, end=_at(12)),
        Session(TUESDAY, 240, (_at(14),)),
        Session(FRIDAY, 240, (_at(14),)),
        Session(WEDNESDAY, 180, end=_at(12)),
        Session(THURSDAY, 180, (_at(15),)),
        Session(SATURDAY, 180, (_at(14),)),
        Session(TUESDAY, 180, end=_at(12)),
        Session(FRIDAY, 180, end=_at(12)),
        Session(THURSDAY, 180, end=_at(12)),
    ),
)


def habit_for(minutes: int) -> Habit:
    """By weekly total: under 8 h, under 14 h, under 20 h, above."""
    for below, habit in ((8, VILLAGE), (14, BOROUGH), (20, SMALL_TOWN)):
        if minutes < below * 60:
            return habit
    return TOWN


def opening_week(key: str, minutes: int) -> Week:
    """Sessions of `minutes` in all for the library `key`. ValueError when no usual week is that long."""
    habit = habit_for(minutes)
    sessions = list(habit.sessions)
    if draw(f"{key} days", 2):
        sessions = _swapped(sessions)
    week: dict[int, tuple[Span, ...]] = {}
    left = minutes
    for number, session in enumerate(sessions):
        length = min(session.length, left)
        if left - length < habit.shortest or number == len(sessions) - 1:
            length = min(left, session.length + habit.longer)
        week = dict(union(week, {session.day: (_span(key, session, length),)}))
        left -= length
        if not left:
            return week
    raise ValueError(f"no usual week is {minutes} minutes long")


def _swapped(sessions: list[Session]) -> list[Session]:
    """The same habit, Friday before Tuesday or the reverse."""
    days = {TUESDAY: FRIDAY, FRIDAY: TUESDAY}
    return [
        Session(days.get(session.day, session.day), session.length, session.starts, session.end)
        for session in sessions
    ]


def _span(key: str, session: Session, length: int) -> Span:
    if session.end:
        return (session.end - length, session.end)
    start = session.starts[draw(f"{key} {session.day}", len(session.starts))]
    return (start, start + length)
