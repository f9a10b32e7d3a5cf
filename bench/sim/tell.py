"""One round as it went → the facts that reach us, with their three clocks, and the positions of its phone."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from uuid import UUID

from bench.sim.chance import happens, stream
from bench.sim.drive import Driven
from bench.sim.settings import Phones
from bench.sim.taps import Tap, habits_of, on_paper, taps_of
from bench.sim.track import Fix, track
from bench.sim.world import World
from models.custody.facts import Scan, ScanKind

_AHEAD_S = 900
_HOLE_S = 480.0  # how long a tap out of coverage waits, on average, if no later one is heard before


@dataclass(frozen=True, kw_only=True, slots=True)
class Telling:
    """What reaches us of one round: `scans` and `fixes` in order of reception (`received_at`)."""

    scans: tuple[Scan, ...]
    fixes: tuple[Fix, ...]
    paper: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class _Clocks:
    """Seconds of the service day: a tap made and sent by the phone's clock, and heard by ours."""

    occurred_s: int
    sent_s: int
    received_s: int


def tell(driven: Driven, world: World) -> Telling:
    """Everything that is told of a round, from streams named after it."""
    chance = stream(world.settings.seed, "phone", driven.tour.id)
    phones = world.settings.phones
    if happens(chance, phones.paper_share):
        taps = on_paper(driven, phones, chance)
        clocks = list(_keyed(taps, phones, chance))
        scans = _scans(driven, zip(taps, clocks, strict=True), "coordination", chance)
        return Telling(scans=scans, fixes=(), paper=True)
    drivers = [one.id for one in world.network.drivers]
    taps = taps_of(driven, habits_of(phones, drivers.index(driven.tour.driver)), phones, chance)
    clocks = list(_heard(driven, taps, phones, chance))
    scans = _scans(driven, zip(taps, clocks, strict=True), driven.tour.driver, chance)
    fixes = track(driven, world) if happens(chance, phones.positions_share) else ()
    return Telling(scans=scans, fixes=fixes)


def _heard(driven: Driven, taps: Sequence[Tap], phones: Phones, chance: Random) -> Iterator[_Clocks]:
    """A tap out of coverage waits for a moment with it; all that wait go together."""
    offline = happens(chance, phones.offline_share)
    ahead = _AHEAD_S if happens(chance, phones.clock_ahead_share) else 0
    last = max((tap.second for tap in taps), default=0)
    back = max(last, driven.home_s or 0) + chance.randint(60, 1800)
    goes = []
    for tap in taps:
        waits = happens(chance, phones.hole_share)
        delay = round(chance.expovariate(1 / _HOLE_S))
        goes.append(back if offline else tap.second + (delay if waits else 0))
    for k in range(len(goes) - 2, -1, -1):
        goes[k] = min(goes[k], goes[k + 1])
    for tap, at in zip(taps, goes, strict=True):
        sent = max(at, tap.second)
        heard = sent + chance.randint(1, 4)
        yield _Clocks(occurred_s=tap.second + ahead, sent_s=sent + ahead, received_s=heard)


def _keyed(taps: Sequence[Tap], phones: Phones, chance: Random) -> Iterator[_Clocks]:
    """Keyed in one after the other, in the evening."""
    second = max(chance.randint(*phones.keyed_at), max((tap.second for tap in taps), default=0) + 600)
    for tap in taps:
        second += chance.randint(2, 8)
        yield _Clocks(occurred_s=tap.second, sent_s=second, received_s=second + 1)


def _scans(
    driven: Driven, taps: Iterable[tuple[Tap, _Clocks]], teller: str, chance: Random
) -> tuple[Scan, ...]:
    """Facts as they are stored, in order of reception."""
    at = driven.tour.day.at
    found: list[Scan] = []
    for tap, clock in taps:
        occurred = at(clock.occurred_s)
        target = _before(found, tap) if tap.corrects else None
        found.append(
            Scan(
                id=_uuid7(occurred, chance),
                kind=ScanKind.CORRECTION if target else tap.kind,
                visit=tap.visit,
                count=tap.count,
                target=target,
                occurred_at=occurred,
                sent_at=at(clock.sent_s),
                received_at=at(clock.received_s),
                teller=teller,
            )
        )
    return tuple(sorted(found, key=lambda scan: (scan.received_at, scan.occurred_at)))


def _before(found: Sequence[Scan], tap: Tap) -> UUID | None:
    """The fact of the same kind at the same visit."""
    return next((one.id for one in reversed(found) if (one.visit, one.kind) == (tap.visit, tap.kind)), None)


def _uuid7(at: datetime, chance: Random) -> UUID:
    """An id as phones make them: by the millisecond, then by chance."""
    milliseconds, some, more = int(at.timestamp() * 1000), chance.getrandbits(12), chance.getrandbits(62)
    return UUID(int=(milliseconds << 80) | (7 << 76) | (some << 64) | (2 << 62) | more)
