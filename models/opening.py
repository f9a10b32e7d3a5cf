"""OSM `opening_hours` strings → time windows of a service day, French public holidays included."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache

from opening_hours import (  # type: ignore[attr-defined]  # the stubs forget ParserError
    OpeningHours,
    ParserError,
    State,
)

from models.errors import InputError
from models.values import DAY_S, TimeWindow


@lru_cache(maxsize=4096)
def _parsed(text: str) -> OpeningHours:
    try:
        return OpeningHours(text, country="FR")
    except ParserError as error:
        raise InputError(
            f"Horaires illisibles : « {text} ». "
            "Écrivez-les au format OpenStreetMap, par exemple « We 14:00-17:00; Sa 10:00-12:00; PH off »."
        ) from error


def check_opening_hours(text: str) -> None:
    """InputError when `text` is not an `opening_hours` string; an empty one is fine (never open)."""
    if text:
        _parsed(text)


@lru_cache(maxsize=65536)
def open_windows(text: str, day: date) -> tuple[TimeWindow, ...]:
    """When a place is open on a date: sorted, merged windows in seconds of the service day.

    Wall-clock hours; an opening that runs past midnight is cut there. Empty text: never open.
    """
    if not text:
        return ()
    start = datetime.combine(day, time.min)
    windows: list[TimeWindow] = []
    for begin, end, state, _ in _parsed(text).intervals(start, start + timedelta(days=1)):
        if state != State.OPEN:
            continue
        early = max(0, int((begin - start).total_seconds()))
        late = min(DAY_S, int((end - start).total_seconds()))
        if windows and windows[-1].late >= early:
            early = windows.pop().early
        if early < late:
            windows.append(TimeWindow(early, late))
    return tuple(windows)
