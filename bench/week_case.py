"""Which week is planned: the default network's, or a synthetic one of so many sites."""

from dataclasses import dataclass

from bench.synthetic import real_week, synthetic_week
from routing.problem import WeekProblem

REAL_SET, SYNTHETIC_SET = "week", "synthetic"


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """A week and how results name it: `synthetic-450-1` is of 450 sites, from seed 1."""

    folder: str
    name: str
    problem: WeekProblem


def case_names(week: str, sites: int | None, land: int) -> tuple[str, str]:
    """(set, instance), without building anything; no `sites` means the default network."""
    return (REAL_SET, week) if sites is None else (SYNTHETIC_SET, f"synthetic-{sites}-{land}")


def case_of(week: str, sites: int | None, land: int) -> Case:
    """The week itself; `land` is the seed of a synthetic one."""
    folder, name = case_names(week, sites, land)
    problem = real_week(week) if sites is None else synthetic_week(sites, land, week)
    return Case(folder=folder, name=name, problem=problem)
