"""A planned round → how it truly went: an hour for everything, crates that changed hands, mishaps.

Times are seconds of the round's service day, as the plan's are.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random

from bench.sim.chance import factor, happens, pareto, poisson, some, stream
from bench.sim.world import Van, World
from models.network.values import Access, Site
from models.plan import Round, Visit, visit_refs

_UNATTENDED = frozenset({Access.KEY, Access.BOX})


class Went(StrEnum):
    """How a visit went. `shut`: the van came and nobody opened. `skipped`: it drove by, or never came."""

    SERVED = "served"
    SHUT = "shut"
    SKIPPED = "skipped"


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One visit as it truly went; None for all times of a skipped one, `begin_s` for a shut one.

    `brought` crates were to be delivered and `left_at_depot` of them were not aboard; `ready` were to be
    collected and `left_behind` of them were not taken (nobody brought them out, or the van was full).
    """

    ref: str
    visit: Visit
    went: Went
    arrival_s: int | None = None
    begin_s: int | None = None
    leave_s: int | None = None
    brought: int = 0
    left_at_depot: int = 0
    ready: int = 0
    left_behind: int = 0

    @property
    def delivered(self) -> int:
        return self.brought - self.left_at_depot if self.went is Went.SERVED else 0

    @property
    def collected(self) -> int:
        return self.ready - self.left_behind if self.went is Went.SERVED else 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Driven:
    """One round as it truly went. `depart_s` and `home_s` are None for a round that was not driven."""

    tour: Round
    van: Van
    depart_s: int | None
    home_s: int | None
    calls: tuple[Call, ...]


def drive(tour: Round, world: World, breaks_down: bool = False) -> Driven:
    """Drive a round, from streams named after it."""
    chance = stream(world.settings.seed, "round", tour.id)
    van = world.van(tour.vehicle, tour.date)
    calls = tuple(_loads(tour, world))
    if van is Van.OFF:
        return Driven(tour=tour, van=van, depart_s=None, home_s=None, calls=calls)
    depart = tour.start_s + _start_delay(world, van, chance)
    way = _Way(tour=tour, world=world, round_log=_round_log(tour, world, chance), chance=chance)
    last = chance.randrange(len(calls)) if breaks_down and calls else len(calls)
    now, place, done = depart, tour.start_site, []
    for k, call in enumerate(calls):
        pause = _pause_s(tour, k)
        if k >= last or _drives_by(tour, world, now + call.visit.leg_s, chance):
            done.append(call)
            now += pause
            continue
        arrival = now + way.seconds(place, call.visit.site, now) + pause
        done.append(_halt(call, world, tour, arrival, chance))
        now, place = done[-1].leave_s or arrival, call.visit.site
    home = (
        None
        if last < len(calls)
        else now + _pause_s(tour, len(calls)) + way.seconds(place, tour.end_site, now)
    )
    return Driven(tour=tour, van=van, depart_s=depart, home_s=home, calls=tuple(done))


def _round_log(tour: Round, world: World, chance: Random) -> float:
    roads = world.settings.roads
    return world.day_log(tour.date) + world.driver_log(tour.driver) + chance.gauss(0.0, roads.round_sd)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Way:
    """How long the legs of one round take."""

    tour: Round
    world: World
    round_log: float
    chance: Random

    def seconds(self, origin: str, destination: str, second: int) -> int:
        """One leg begun at a second of the day: biased, noisy, now and then with a long delay."""
        world, roads, chance = self.world, self.world.settings.roads, self.chance
        log = self.round_log + world.leg_log(origin, destination) + world.hour_log(second)
        log += world.works_log(origin, destination, self.tour.date) + chance.gauss(0.0, roads.leg_noise_sd)
        rare = happens(chance, roads.rare_share)
        delay = pareto(chance, roads.rare_least_s, roads.rare_shape, roads.rare_most_s)
        return round(self._planned(origin, destination) * math.exp(log) + (delay if rare else 0.0))

    def _planned(self, origin: str, destination: str) -> int:
        """As the plan has it: the vehicle's speed is in its legs."""
        planned = self.world.planned_s(origin, destination)
        return -(-planned * 100 // self.world.network.vehicle(self.tour.vehicle).speed_percent)


def _start_delay(world: World, van: Van, chance: Random) -> int:
    stops = world.settings.stops
    late = happens(chance, stops.late_start_share)
    much = chance.expovariate(1 / stops.late_start_s)
    lent = chance.expovariate(1 / world.settings.vans.lent_late_s)
    delay = max(float(-stops.early_s), chance.gauss(0.0, stops.start_sd_s))
    return round(delay + (much if late else 0.0) + (lent if van is Van.LENT else 0.0))


def _pause_s(tour: Round, after: int) -> int:
    """The pause taken after so many visits."""
    return tour.pause.length_s if tour.pause and tour.pause.after == after else 0


def _drives_by(tour: Round, world: World, expected_s: int, chance: Random) -> bool:
    """Whether the driver leaves a visit out."""
    stops = world.settings.stops
    tired = happens(chance, 0.5) and expected_s > tour.shift.late + stops.overtime_s
    return happens(chance, stops.skip_share) or tired


def _halt(call: Call, world: World, tour: Round, arrival: int, chance: Random) -> Call:
    """What happens at the door."""
    site, stops, rules = world.network.site(call.visit.site), world.settings.stops, world.network.rules
    begin = max(arrival, call.visit.window.early)
    after_hours = begin > call.visit.window.late + rules.closing_margin_s
    if _shut(site, world, tour, after_hours, chance):
        gone = begin + chance.randint(*stops.shut_wait_s)
        return replace(call, went=Went.SHUT, arrival_s=arrival, leave_s=gone)
    hands = world.slow_hands(site.id, tour.driver)
    served = replace(call, went=Went.SERVED)
    setup = rules.setup_s * factor(chance, stops.setup_sd)
    handling = rules.handling_s * stops.crate_factor * (served.delivered + served.collected)
    chat = chance.expovariate(1 / stops.chat_s)
    talks = happens(chance, stops.chat_share)
    service = (setup + handling) * hands * factor(chance, stops.noise_sd) + (chat if talks else 0.0)
    return replace(served, arrival_s=arrival, begin_s=begin, leave_s=begin + max(45, round(service)))


def _shut(site: Site, world: World, tour: Round, after_hours: bool, chance: Random) -> bool:
    late = (
        after_hours
        and site.access not in _UNATTENDED
        and happens(chance, world.settings.stops.shut_after_hours)
    )
    return happens(chance, world.shut_share(site, tour.date)) or late


def _loads(tour: Round, world: World) -> Iterator[Call]:
    """The crates of a round, before it leaves; what does not fit stays where it is."""
    crates, busy = world.settings.crates, world.crate_factor(tour.date)
    chance = stream(world.settings.seed, "crates", tour.id)
    capacity = world.network.vehicle(tour.vehicle).capacity
    found = []
    for ref, visit in zip(visit_refs(tour), tour.visits, strict=True):
        brought, ready = poisson(chance, visit.deliver * busy), poisson(chance, visit.collect * busy)
        forgotten = some(chance, brought, crates.forgotten_at_depot)
        behind = some(chance, ready, crates.forgotten_at_library)
        call = Call(ref=ref, visit=visit, went=Went.SKIPPED, brought=brought, ready=ready)
        found.append(replace(call, left_at_depot=forgotten, left_behind=behind))
    return iter(_fitting(found, capacity))


def _fitting(calls: list[Call], capacity: int) -> list[Call]:
    """The last to be loaded stay at the depot; where the van is full, what was ready stays behind."""
    aboard, loaded = 0, []
    for call in calls:
        room = max(0, capacity - aboard)
        taken = min(call.brought - call.left_at_depot, room)
        loaded.append(replace(call, left_at_depot=call.brought - taken))
        aboard += taken
    found = []
    for call in loaded:
        aboard -= call.brought - call.left_at_depot
        taken = min(call.ready - call.left_behind, max(0, capacity - aboard))
        found.append(replace(call, left_behind=call.ready - taken))
        aboard += taken
    return found
