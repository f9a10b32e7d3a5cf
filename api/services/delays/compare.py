"""Delays before and after: which villages wait longer, which less."""

from collections.abc import Sequence

from api.wire.delays import DelayCompareOut, DelaysOut, PairsOut, VillageChange

FELT_H = 12
FELT = "une demi-journée ou plus sur le délai médian d'arrivée"
_NEVER_H = 10_000


def compared(tables: Sequence[DelaysOut], *, pairs: bool = False) -> DelayCompareOut:
    """The same libraries under each plan, the first one being « before », the last one « after »."""
    by_site = [{one.site: one for one in table.villages} for table in tables]
    changes = []
    for site, first in by_site[0].items():
        if all(site in each for each in by_site):
            sides = [each[site].receiving for each in by_site]
            medians = [side.median_h for side in sides]
            changes.append(
                VillageChange(
                    site=site,
                    commune=first.commune,
                    median_h=medians,
                    ninety_h=[side.ninety_h for side in sides],
                    change_h=_change(medians),
                )
            )
    worst_first = sorted(changes, key=lambda one: (-_felt(one), one.site))
    return DelayCompareOut(
        median_h=[table.median_h for table in tables],
        ninety_h=[table.ninety_h for table in tables],
        felt=FELT,
        worse=[one for one in worst_first if _felt(one) >= FELT_H],
        better=[one for one in reversed(worst_first) if _felt(one) <= -FELT_H],
        villages=changes,
        sites=list(by_site[0]),
        pairs=[PairsOut(median=table.median, ninety=table.ninety) for table in tables] if pairs else [],
    )


def _change(medians: Sequence[int | None]) -> int | None:
    first, last = medians[0], medians[-1]
    return None if first is None or last is None else last - first


def _felt(one: VillageChange) -> int:
    """Hours lost; a village that is served no more has lost everything."""
    first, last = ((_NEVER_H if each is None else each) for each in (one.median_h[0], one.median_h[-1]))
    return last - first
