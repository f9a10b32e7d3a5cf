"""The whole year: plans, rounds as they went, and what was told of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from bench.sim.chance import stream
from bench.sim.drive import Driven, drive
from bench.sim.settings import Settings
from bench.sim.tell import Telling, tell
from bench.sim.week import ordinary_week, territory, weeks_of
from bench.sim.world import World
from models.plan import Plan, Round


@dataclass(frozen=True, kw_only=True)
class Run:
    """One round: `driven` is the truth, `telling` what we hear of it."""

    driven: Driven
    telling: Telling

    @property
    def tour(self) -> Round:
        return self.driven.tour


@dataclass(frozen=True, kw_only=True)
class Year:
    """A simulated year; `runs` in order of date and planned start."""

    settings: Settings
    world: World
    plans: tuple[Plan, ...]
    runs: tuple[Run, ...]

    @cached_property
    def by_code(self) -> dict[str, Run]:
        return {run.tour.id: run for run in self.runs}


def simulate(settings: Settings) -> Year:
    """The same year for the same settings."""
    plans = tuple(weeks_of(settings))
    pattern = ordinary_week(settings.engine, settings.iterations, settings.seed)
    land = territory()
    world = World(
        settings=settings,
        network=land.network,
        travel=land.travel,
        served=tuple(sorted({visit.site for tour in pattern.rounds for visit in tour.visits})),
        vans=tuple(sorted({tour.vehicle for tour in pattern.rounds})),
    )
    return Year(settings=settings, world=world, plans=plans, runs=tuple(_runs(plans, world)))


def _runs(plans: tuple[Plan, ...], world: World) -> Iterator[Run]:
    tours = sorted((tour for plan in plans for tour in plan.rounds), key=lambda t: (t.date, t.start_s, t.id))
    chance = stream(world.settings.seed, "breakdowns")
    wanted = round(world.settings.vans.breakdowns * world.settings.weeks / 52)
    broken = set(chance.sample([tour.id for tour in tours], min(len(tours), wanted)))
    for tour in tours:
        driven = drive(tour, world, breaks_down=tour.id in broken)
        yield Run(driven=driven, telling=tell(driven, world))
