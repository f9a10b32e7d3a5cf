"""How likely something is at a site on a weekday: counts, drawn towards what is usual where they are thin.

Beta-binomial empirical Bayes: site towards all sites, site and weekday towards the site, each as if `prior`
visits had gone the usual way (Gelman et al., Bayesian Data Analysis, 3rd ed. 2013, ch. 5).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

_PRIOR_VISITS = 30.0


@dataclass(frozen=True, kw_only=True)
class Chances:
    """`usual` where nothing is known of the site; `sites` by site, `days` by « site|weekday »."""

    usual: float
    sites: Mapping[str, float] = field(default_factory=dict)
    days: Mapping[str, float] = field(default_factory=dict)

    def of(self, site: str, weekday: str) -> float:
        """A share of one."""
        return self.days.get(f"{site}|{weekday}", self.sites.get(site, self.usual))

    def to_json(self) -> dict[str, Any]:
        """Days that are like their site are left out."""
        return {
            "usual": round(self.usual, 5),
            "sites": {site: round(chance, 4) for site, chance in self.sites.items()},
            "days": {day: round(chance, 4) for day, chance in self.days.items()},
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "Chances":
        return cls(**told)


def fit_chances(
    seen: Iterable[tuple[str, str, bool, float]], usual: float, prior: float = _PRIOR_VISITS
) -> Chances:
    """`seen`: (site, weekday, whether it happened, weight). `usual` is believed as `prior` visits are."""
    sites: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    days: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    total = [prior * usual, prior]
    for site, weekday, happened, weight in seen:
        for count in (total, sites[site], days[site, weekday]):
            count[0] += weight * happened
            count[1] += weight
    overall = total[0] / total[1]
    by_site = {site: (hit + prior * overall) / (of + prior) for site, (hit, of) in sites.items()}
    by_day = {
        f"{site}|{weekday}": (hit + prior * by_site[site]) / (of + prior)
        for (site, weekday), (hit, of) in days.items()
    }
    return Chances(usual=overall, sites=by_site, days=by_day)
