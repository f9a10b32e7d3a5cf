"""Problems and answers ⇄ JSON, versioned, so that a solve can happen in another process or be replayed.

The format is plain: the field names of `routing.problem`, matrices as nested lists. What is written is read
back equal.
"""

from dataclasses import asdict, dataclass, fields
from functools import cache
from typing import Any, Literal

import numpy as np
from pydantic import TypeAdapter, ValidationError

from models.errors import InputError
from models.values import Coordinates
from routing.problem import Pair, Position, Shift, Stop, WeekProblem
from routing.solution import Solution
from routing.travel import TravelMatrix, TravelStamp

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class _Travel:
    ids: tuple[str, ...]
    points: tuple[Coordinates, ...]
    seconds: list[list[int]]
    metres: list[list[int]]
    estimated: tuple[bool, ...]
    stamp: TravelStamp


@dataclass(frozen=True, kw_only=True)
class _Document:
    format: Literal["navette-week-problem"] = "navette-week-problem"
    version: Literal[1] = 1
    days: int
    stops: tuple[Stop, ...]
    shifts: tuple[Shift, ...]
    travel: _Travel
    pairs: tuple[Pair, ...]
    positions: tuple[Position, ...]
    habit_tolerance_s: int
    late_minute_cents: int
    overload_crate_cents: int


@cache
def _documents() -> TypeAdapter[_Document]:
    return TypeAdapter(_Document)


@cache
def _solutions() -> TypeAdapter[Solution]:
    return TypeAdapter(Solution)


def dump_problem(problem: WeekProblem) -> Json:
    """A week problem as JSON values."""
    travel = problem.travel
    document = _Document(
        travel=_Travel(
            ids=travel.ids,
            points=travel.points,
            seconds=travel.seconds.tolist(),
            metres=travel.metres.tolist(),
            estimated=travel.estimated,
            stamp=travel.stamp,
        ),
        **{f.name: getattr(problem, f.name) for f in fields(problem) if f.init and f.name != "travel"},
    )
    dumped: Json = _documents().dump_python(document, mode="json")
    return dumped


def load_problem(document: Json) -> WeekProblem:
    """The problem that `dump_problem` wrote; InputError says what does not fit."""
    try:
        read = _documents().validate_python(document)
        return WeekProblem(
            travel=TravelMatrix(
                ids=read.travel.ids,
                points=read.travel.points,
                seconds=_square(read.travel.seconds),
                metres=_square(read.travel.metres),
                estimated=read.travel.estimated,
                stamp=read.travel.stamp,
            ),
            **{f.name: getattr(read, f.name) for f in fields(WeekProblem) if f.init and f.name != "travel"},
        )
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InputError(
            f"Ce problème de semaine est illisible, champ « {place} » : {first['msg']}."
        ) from error
    except ValueError as error:
        raise InputError(f"Ce problème de semaine est incohérent : {error}.") from error


def dump_solution(solution: Solution) -> Json:
    """Patterns by index and routes, as JSON values."""
    return asdict(solution)


def load_solution(document: Json) -> Solution:
    """The solution that `dump_solution` wrote."""
    return _solutions().validate_python(document)


def _square(rows: list[list[int]]) -> np.typing.NDArray[np.int32]:
    return np.array(rows, dtype=np.int32).reshape(len(rows), -1)
