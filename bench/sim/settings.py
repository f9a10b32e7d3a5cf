"""What the simulated year is like, in one frozen value.

Shapes come from the literature, sizes do not: nobody has measured a shuttle of this kind, and the figures
below are assumptions, chosen to be rather worse than what a rural network lives through.

- Travel times are skewed, with a long tail to the right that a bell curve does not have; measured on an urban
  road by Fosgerau & Fukuda, « Valuing travel time variability: characteristics of the travel time
  distribution on an urban road » (2010, MPRA 24330), and in several towns by Taylor & Susilawati, « Modelling
  travel time reliability with the Burr distribution » (2012). Here: a lognormal bulk, and now and then a
  delay with a Pareto tail.
- The spread grows with the length of the leg (« Characterizing travel time variability in vehicular traffic
  networks », Mahmassani, Hou & Dong, 2012; TRR 2315): all noise but the rare delays is a share of the time.
- Time at a stop is a fixed part and one for each thing handled: the linear form of the Transit Capacity and
  Quality of Service Manual, which the planner has too.

Shares are of 1, standard deviations are of natural logarithms unless a unit is named.
"""

from dataclasses import dataclass, field

from models.network.values import Access
from models.service_day import IsoWeek

HALF_HOURS = 1800


@dataclass(frozen=True, kw_only=True, slots=True)
class Roads:
    """How long driving takes beside what the plan says. Every size is an assumption.

    A leg has a bias of its own that lasts all year (`leg_sd`), part of it shared by all legs that end at the
    same place (`place_sd`, parking and the last metres), and a part common to all (`bias`). The day's weather
    and traffic move all legs of a day together (`day_sd`), the round's own circumstances all of its legs
    (`round_sd`); `leg_noise_sd` is each leg's own. On `bad_days` of the year (ice, fog) all takes longer.
    `rush` are (hour, extra share), straight lines between. `drift` is how much longer everything takes at
    the end of the year than at its beginning. A rare delay (level crossing, tractor, accident) comes on
    `rare_share` of the legs, at least `rare_least_s` with a Pareto tail of `rare_shape`, at most
    `rare_most_s`. `works` sites a year have all their legs lengthened for some weeks.
    """

    bias: float = 0.04
    leg_sd: float = 0.10
    place_sd: float = 0.06
    driver_sd: float = 0.03
    day_sd: float = 0.05
    round_sd: float = 0.03
    leg_noise_sd: float = 0.09
    bad_days: int = 8
    bad_extra: float = 0.22
    rush: tuple[tuple[float, float], ...] = (
        (7.0, 0.02), (8.25, 0.10), (9.25, 0.0), (11.5, 0.0), (12.25, 0.04), (13.5, 0.01), (15.5, 0.0),
        (16.75, 0.08), (17.75, 0.12), (19.0, 0.0),
    )  # fmt: skip
    drift: float = 0.08
    rare_share: float = 0.018
    rare_least_s: int = 150
    rare_shape: float = 1.7
    rare_most_s: int = 5400
    works: int = 10
    works_weeks: tuple[int, int] = (2, 9)
    works_extra: tuple[float, float] = (0.15, 0.60)


@dataclass(frozen=True, kw_only=True, slots=True)
class Stops:
    """How visits go. Every size is an assumption.

    Setting up takes the planned time, times a factor of the site (`site_sd`), of the driver and of the day
    (`noise_sd`), each crate the planned time times the same site's factor. On `chat_share` of the visits
    somebody has something to say, for `chat_s` seconds on average. `early_s`: leaving the depot up to so
    many seconds before the planned time, or later; on `late_start_share` of the mornings much later, by
    `late_start_s` on average.

    `shut` is how often nobody opens though somebody should, by how one gets in; each site has a factor of
    its own (`shut_sd`), and volunteers are `shut_in_holidays` times as often away in school holidays. Who
    comes after the hours finds the door shut in a share `shut_after_hours` of the cases, where a person has
    to be there. `shut_wait_s`: how long a driver waits before giving up. `skip_share`: a visit that the
    driver leaves out without a word; beyond `overtime_s` after the shift, half of those left are.
    """

    setup_sd: float = 0.25
    site_sd: float = 0.20
    driver_sd: float = 0.06
    noise_sd: float = 0.28
    crate_factor: float = 1.1
    chat_share: float = 0.04
    chat_s: int = 420
    early_s: int = 180
    start_sd_s: int = 150
    late_start_share: float = 0.10
    late_start_s: int = 660
    shut: tuple[tuple[Access, float], ...] = (
        (Access.OPENING, 0.022), (Access.TOWN_HALL, 0.018), (Access.STAFF, 0.006), (Access.KEY, 0.003),
        (Access.BOX, 0.002),
    )  # fmt: skip
    shut_sd: float = 0.6
    shut_in_holidays: float = 2.0
    shut_after_hours: float = 0.6
    shut_wait_s: tuple[int, int] = (120, 420)
    skip_share: float = 0.004
    overtime_s: int = 2700


@dataclass(frozen=True, kw_only=True, slots=True)
class Crates:
    """How many crates there are, and which do not come along. Every size is an assumption.

    Crates at a visit are drawn around the planned number (Poisson, times the week's factor: `holiday_factor`
    in school holidays, `autumn_factor` in September and October). `forgotten_at_library` and
    `forgotten_at_depot` are shares of crates that somebody did not bring out, `missorted` of those that
    the depot puts beside the wrong round. Sorting takes `sorting_share` of the time that the rules give,
    times a lognormal factor.
    """

    holiday_factor: float = 0.75
    autumn_factor: float = 1.2
    forgotten_at_library: float = 0.012
    forgotten_at_depot: float = 0.010
    missorted: float = 0.008
    sorting_share: float = 0.65
    sorting_sd: float = 0.25


@dataclass(frozen=True, kw_only=True, slots=True)
class Vans:
    """Days on which a round is not driven as planned. Every size is an assumption.

    `off_spells` a year and van, of 1 to `off_days` days: either no round at all, or (`lent_share`) with a
    lent van that leaves `lent_late_s` late on average. `breakdowns` a year end a round on its way.
    """

    off_spells: int = 3
    off_days: int = 3
    lent_share: float = 0.4
    lent_late_s: int = 2400
    breakdowns: int = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Phones:
    """What is told of what happens, and when it is heard. Every size is an assumption.

    Each driver taps « arrivé » on the share `arrived` of the visits, « parti » on `left`, the figures on
    `done`; on `forgets` of the visits they tap nothing, and half of the time remember it at the next stop.
    A tap follows what it tells of by `tap_s` seconds on average, those of the figures precede leaving by as
    much. `hole_share` of the taps are made out of coverage and wait for the next with it; whole rounds are
    on `offline_share`. `paper_share` of the rounds are on paper, keyed in from `keyed_at` on, their times
    rounded to `paper_round_s`, some visits (`paper_forgets`) without any. `clock_ahead_share`: rounds with a
    phone a quarter of an hour ahead. `corrected`: figures that are corrected within minutes.
    `positions_share`: rounds whose phone tells where it is, every `position_s`.
    """

    arrived: tuple[float, float] = (0.92, 0.70)
    left: tuple[float, float] = (0.75, 0.30)
    done: float = 0.98
    forgets: float = 0.035
    tap_s: int = 25
    hole_share: float = 0.15
    offline_share: float = 0.02
    paper_share: float = 0.06
    paper_round_s: int = 300
    paper_forgets: float = 0.02
    keyed_at: tuple[int, int] = (17 * 3600 + HALF_HOURS, 19 * 3600)
    clock_ahead_share: float = 0.01
    corrected: float = 0.01
    positions_share: float = 0.5
    position_s: int = 60
    position_noise_m: float = 12.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """The whole year: the same value gives the same year, fact for fact.

    The ordinary week is planned by `engine` from the first week without holidays, in `iterations` steps from
    `seed`, and laid on `weeks` weeks from `first` on.
    """

    seed: int = 1
    first: IsoWeek = field(default_factory=lambda: IsoWeek(2026, 1))
    weeks: int = 52
    engine: str = "periodic"
    iterations: int = 2000
    roads: Roads = field(default_factory=Roads)
    stops: Stops = field(default_factory=Stops)
    crates: Crates = field(default_factory=Crates)
    vans: Vans = field(default_factory=Vans)
    phones: Phones = field(default_factory=Phones)
