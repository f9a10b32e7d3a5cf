"""A week built by hand from the contract values: four rounds, twenty-four visits, two vans, real places.

Travel is crow-fly × 1.3 at 12.5 m/s, so that the plan needs no roads. Hazebrouck is called at twice in one
round, Cassel twice in the week; Hondeghem is a stand-in; Staple is not planned.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from math import cos, hypot, radians
from pathlib import Path

import numpy as np

from models.communes import Commune, read_communes
from models.network.values import Network, Rules
from models.plan import Pause, Plan, Round, RunStamp, Unplanned, Visit
from models.service_day import IsoWeek
from models.values import Coordinates, TimeWindow
from routing.travel import LegShapes
from tests.sample_network import sample_network

REPO = Path(__file__).parents[1]
TUESDAY, WEDNESDAY, THURSDAY = date(2026, 12, 1), date(2026, 12, 2), date(2026, 12, 3)
METRE_LAT = 1 / 111_195  # degrees of latitude in a metre, on a sphere of 6371 km


@dataclass(frozen=True, kw_only=True)
class Call:
    """One visit to build: where, crates left and taken, and what the plan says of it."""

    site: str
    deliver: int
    collect: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Outing:
    """One round to build; the pause starts when visit number `pause_after` ends."""

    id: str
    label: str
    date: date
    vehicle: str
    driver: str
    start_s: int
    shift: TimeWindow
    calls: tuple[Call, ...]
    pause_after: int | None = None


def leg(a: Coordinates, b: Coordinates) -> tuple[int, int]:
    """Seconds and metres from a to b, crow-fly × 1.3 at 12.5 m/s."""
    north = (b.lat - a.lat) / METRE_LAT
    east = (b.lon - a.lon) / METRE_LAT * cos(radians(50.75))
    metres = round(1.3 * hypot(north, east))
    return round(metres / 12.5), metres


def announced(begin_s: int, rules: Rules) -> TimeWindow:
    """Around the planned time, rounded outwards."""
    step = rules.announce_round_s
    early, late = begin_s - rules.announce_before_s, begin_s + rules.announce_after_s
    return TimeWindow(early // step * step, -(-late // step) * step)


def build_round(network: Network, outing: Outing, pause_s: int = 2700) -> Round:
    """The clocks and loads of an outing: drive, wait for the opening, set up, handle the crates."""
    rules, place, now = network.rules, network.site("DEPOT"), outing.start_s
    load_start = load = load_peak = sum(call.deliver for call in outing.calls)
    visits, pause = [], None
    for number, call in enumerate(outing.calls, start=1):
        site = network.site(call.site)
        leg_s, leg_m = leg(place.point, site.point)
        arrival = now + leg_s
        window = next(w for w in site.shuttle_windows(outing.date) if w.late >= arrival)
        begin = max(arrival, window.early)
        end = begin + rules.setup_s + rules.handling_s * (call.deliver + call.collect)
        load += call.collect - call.deliver
        load_peak = max(load_peak, load)
        visits.append(
            Visit(
                number=number,
                site=call.site,
                arrival_s=arrival,
                begin_s=begin,
                end_s=end,
                window=window,
                announced=announced(begin, rules),
                leg_s=leg_s,
                leg_m=leg_m,
                deliver=call.deliver,
                collect=call.collect,
                load_after=load,
                notes=call.notes,
            )
        )
        if number == outing.pause_after:
            pause, end = Pause(after=number, begin_s=end, length_s=pause_s), end + pause_s
        place, now = site, end
    back_s, back_m = leg(place.point, network.site("DEPOT").point)
    return Round(
        id=outing.id,
        label=outing.label,
        date=outing.date,
        vehicle=outing.vehicle,
        driver=outing.driver,
        start_site="DEPOT",
        end_site="DEPOT",
        start_s=outing.start_s,
        end_s=now + back_s,
        shift=outing.shift,
        visits=tuple(visits),
        pause=pause,
        leg_back_s=back_s,
        leg_back_m=back_m,
        load_start=load_start,
        load_peak=load_peak,
        load_end=load,
    )


def _calls(*triples: tuple[str, int, int]) -> tuple[Call, ...]:
    return tuple(Call(site=site, deliver=left, collect=taken) for site, left, taken in triples)


OUTINGS = (
    Outing(
        id="2026-W49-mar-matin-V1",
        label="matin · Fourgon",
        date=TUESDAY,
        vehicle="V1",
        driver="C1",
        start_s=8 * 3600 + 2400,
        shift=TimeWindow(29_700, 44_100),
        calls=_calls(
            ("LI8682", 3, 2),
            ("LI8461", 2, 1),
            ("LI8610", 1, 0),
            ("LI8492", 5, 4),
            ("LI8637", 2, 2),
            ("LI8643", 2, 3),
        ),
    ),
    Outing(
        id="2026-W49-mer-journee-V2",
        label="journée · Utilitaire léger",
        date=WEDNESDAY,
        vehicle="V2",
        driver="C2",
        start_s=10 * 3600 + 1200,
        shift=TimeWindow(32_400, 63_000),
        pause_after=4,
        calls=_calls(
            ("LI8659", 2, 1),
            ("LI8584", 2, 2),
            ("LI19754", 3, 2),
            ("LI2465", 5, 6),
            ("LI8636", 1, 1),
            ("LI8504", 2, 1),
            ("LI2564", 3, 4),
        ),
    ),
    Outing(
        id="2026-W49-jeu-matin-V1",
        label="matin · Fourgon",
        date=THURSDAY,
        vehicle="V1",
        driver="C1",
        start_s=8 * 3600 + 1800,
        shift=TimeWindow(29_700, 44_100),
        calls=(
            *_calls(("LI2514", 8, 6), ("LI8591", 2, 2), ("LI8656", 2, 1), ("LI8661", 1, 1)),
            Call(site="S59308", deliver=2, collect=1, notes=("arrive 5 min avant l'heure souhaitée",)),
            Call(site="LI2514", deliver=0, collect=3),
        ),
    ),
    Outing(
        id="2026-W49-jeu-apres-midi-V1",
        label="après-midi · Fourgon",
        date=THURSDAY,
        vehicle="V1",
        driver="C1",
        start_s=13 * 3600 + 1800,
        shift=TimeWindow(48_600, 63_000),
        calls=_calls(
            ("LI8492", 2, 3), ("LI8657", 4, 4), ("LI2504", 2, 1), ("LI8474", 1, 2), ("LI8508", 1, 1)
        ),
    ),
)


def sample_plan(network: Network | None = None) -> Plan:
    """The four rounds of week 2026-W49."""
    return plan_of(tuple(build_round(network or sample_network(), outing) for outing in OUTINGS))


def plan_of(rounds: tuple[Round, ...]) -> Plan:
    """A plan around any rounds, for the tests that bend them."""
    return Plan(
        week=IsoWeek(2026, 49),
        network="escapade",
        created_at=datetime(2026, 11, 25, 9, 30, tzinfo=UTC),
        rounds=rounds,
        unplanned=(
            Unplanned(
                site="LI8655",
                missing=1,
                reason="Staple n'ouvre qu'une heure le mercredi : tous les véhicules sont à plus de 40 min.",
            ),
        ),
        cost_cents={"rounds": 4800, "hours": 20_660, "distance": 7310, "waiting": 5210, "missing": 8000},
        holidays={},
        estimated_sites=("S59308",),
        run=RunStamp(
            engine="insertion",
            version="1",
            seconds=None,
            iterations=100,
            seed=1,
            travel="0" * 12,
            network="0" * 12,
            spent_s=0.4,
        ),
    )


def sample_shapes(network: Network | None = None) -> LegShapes:
    """Bent lines for every leg of the plan but one, which stays straight; deterministic, no roads."""
    network = network or sample_network()
    points = {site.id: site.point for site in network.sites}
    pairs = {
        pair for tour in sample_plan(network).rounds for pair in zip(tour.stops, tour.stops[1:], strict=False)
    }
    pairs.discard(("LI8656", "LI8661"))
    return LegShapes(points=points, lines={pair: _bent(points[pair[0]], points[pair[1]]) for pair in pairs})


def _bent(a: Coordinates, b: Coordinates) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """A gentle S from a to b, (lon, lat) of shape (17, 2)."""
    s = np.linspace(0, 1, 17)
    sway = 0.08 * np.sin(2 * np.pi * s) + 0.05 * np.sin(3 * np.pi * s) * np.sin(np.pi * s)
    lon = a.lon + s * (b.lon - a.lon) - sway * (b.lat - a.lat) * 1.58
    lat = a.lat + s * (b.lat - a.lat) + sway * (b.lon - a.lon) / 1.58
    return np.column_stack([lon, lat])


def sample_communes() -> tuple[Commune, ...]:
    """The real communes, from the repository's own data."""
    return tuple(read_communes(REPO / "data" / "communes.geojson"))


def with_visits(plan: Plan, tour: int, visits: tuple[Visit, ...]) -> Plan:
    """The same plan, one round holding other visits."""
    rounds = list(plan.rounds)
    rounds[tour] = replace(rounds[tour], visits=visits)
    return replace(plan, rounds=tuple(rounds))
