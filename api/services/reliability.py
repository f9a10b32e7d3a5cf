"""« Quand on annonce 90 %, c'est arrivé 91 % »: predictions, windows and promises held against what came."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from statistics import median

from sqlmodel import Session

from api.repositories import published_visits
from api.repositories import reliability as stored
from api.repositories.outcomes import Period
from api.repositories.reliability import Foretold
from api.wire.reliability import ReliabilityOut, ShareOut, SiteReliabilityOut, WidthOut
from models.service_day import ServiceDay

FEW = 30
_AHEAD_MIN = (15, 30, 60, 120, 240)
_WORST, _LEAST = 5, 5
_STEP = 100  # permille: promises of 850 to 949 are told as 900
_MOST = 990  # nothing is promised for certain


def reliability(session: Session, period: Period) -> ReliabilityOut:
    """A period's figures, each with how many cases it rests on."""
    found = stored.foretold(session, period)
    windows = stored.announced(session, period)
    first, last = ServiceDay(period.first).at(0), ServiceDay(period.last + timedelta(days=1)).at(0)
    return ReliabilityOut(
        first=period.first,
        last=period.last,
        windows=[
            _share(800, [one.p10_at <= one.began_at <= one.p90_at for one in found]),
            _share(900, [one.p05_at <= one.began_at <= one.p95_at for one in found]),
        ],
        widths=_widths(found),
        announced=_share(1000, [held for _, held in windows]),
        promises=_promises(stored.promises(session, first, last)),
        worst=_worst(windows, published_visits.communes_of(session)),
    )


def _share(announced_permille: int, held: Sequence[bool]) -> ShareOut:
    of, kept = len(held), sum(held)
    return ShareOut(
        announced_permille=announced_permille,
        kept=kept,
        of=of,
        kept_permille=round(1000 * kept / of) if of else None,
        few=of < FEW,
    )


def _widths(found: Sequence[Foretold]) -> list[WidthOut]:
    by_ahead: dict[int, list[Foretold]] = defaultdict(list)
    for one in found:
        ahead = (one.began_at - one.made_at) / timedelta(minutes=1)
        by_ahead[next((limit for limit in _AHEAD_MIN if ahead <= limit), _AHEAD_MIN[-1])].append(one)
    return [
        WidthOut(
            ahead_min=limit,
            of=len(some),
            median_s=round(median((one.p90_at - one.p10_at).total_seconds() for one in some)),
            coverage=_share(800, [one.p10_at <= one.began_at <= one.p90_at for one in some]),
        )
        for limit, some in sorted(by_ahead.items())
    ]


def _promises(settled: Sequence[tuple[int, bool | None]]) -> list[ShareOut]:
    by_chance: dict[int, list[bool]] = defaultdict(list)
    for chance, kept in settled:
        by_chance[min(_MOST, (chance + _STEP // 2) // _STEP * _STEP)].append(bool(kept))
    return [_share(chance, held) for chance, held in sorted(by_chance.items())]


def _worst(windows: Sequence[tuple[str, bool]], communes: Mapping[str, str]) -> list[SiteReliabilityOut]:
    by_site: dict[str, list[bool]] = defaultdict(list)
    for site, held in windows:
        by_site[site].append(held)
    enough = [(site, held) for site, held in by_site.items() if len(held) >= _LEAST]
    worst = sorted(enough, key=lambda one: (sum(one[1]) / len(one[1]), one[0]))[:_WORST]
    return [
        SiteReliabilityOut(site=site, commune=communes.get(site, site), punctual=_share(1000, held))
        for site, held in worst
    ]
