"""The small values that everything else is made of: integers with units, valid or not built at all."""

from dataclasses import dataclass

DAY_S = 24 * 3600


@dataclass(frozen=True, kw_only=True, slots=True)
class Coordinates:
    """A point on earth, WGS 84 degrees."""

    lon: float
    lat: float

    def __post_init__(self) -> None:
        if not (-180 <= self.lon <= 180 and -90 <= self.lat <= 90):
            raise ValueError(f"not a point on earth: lon {self.lon}, lat {self.lat}")


@dataclass(frozen=True, order=True, slots=True)
class TimeWindow:
    """When service may begin: seconds of a service day, both ends inclusive.

    Windows of one site and day are kept sorted and apart; `early == late` is a single instant.
    """

    early: int
    late: int

    def __post_init__(self) -> None:
        if self.early > self.late:
            raise ValueError(f"window ends before it begins: [{self.early}, {self.late}]")

    def __contains__(self, second: int) -> bool:
        return self.early <= second <= self.late

    def meet(self, other: "TimeWindow") -> "TimeWindow | None":
        """The part common to both, None when they are apart."""
        early, late = max(self.early, other.early), min(self.late, other.late)
        return TimeWindow(early, late) if early <= late else None
