"""The colours of a printed timetable, and eight ways to draw a round.

The hues are taken from Paul Tol's qualitative schemes (bright, vibrant, muted, high contrast; Technical
note SRON/EPS/TN/09-002). This set of eight keeps at least 16 ΔE*ab (CIE 1976) between any two, with normal
sight and with simulated protanopia, deuteranopia and tritanopia (Machado et al. 2009); dashes carry the
rest, and grey print.
"""

from dataclasses import dataclass
from datetime import date

PAPER = "#FBFAF7"
INK = "#1D2433"
MUTED = "#5A6376"
LINE = "#E3E0D8"
ACCENT = "#A63D2F"
SKY = "#2F6DA6"
WARN = "#8F5500"  # the token #B26A00 gives 4.1:1 on paper; this one 5.8:1, for text


@dataclass(frozen=True, kw_only=True, slots=True)
class Stroke:
    """How a round is drawn: a band of `hue`, edged in `deep`, with `dash` (SVG lengths) along its middle.

    `on_hue` is the text colour that reads on the hue (at least 4.5:1); `deep` is the hue darkened until it
    reads on paper (4.5:1). An empty dash is a plain band.
    """

    hue: str
    deep: str
    on_hue: str
    dash: str


_HUES = ("#4477AA", "#CC3311", "#44AA99", "#882255", "#DDAA33", "#332288", "#66CCEE", "#BB5566")
_DASHES = ("", "9 6", "0.1 7", "14 5 0.1 5", "4 5", "20 6", "0.1 4 0.1 10", "12 4 4 4")


def stroke(rank: int) -> Stroke:
    """The drawing of the round of that rank in its plan (0-based): 64 before one comes back."""
    hue = _HUES[rank % 8]
    on_hue = max("#FFFFFF", INK, key=lambda text: contrast(text, hue))
    return Stroke(hue=hue, deep=deepened(hue), on_hue=on_hue, dash=_DASHES[(rank + rank // 8) % 8])


def day_hue(on: date) -> tuple[str, str]:
    """A hue that stands for the weekday, and the text colour that reads on it."""
    drawn = stroke(on.weekday())
    return drawn.hue, drawn.on_hue


def contrast(one: str, other: str) -> float:
    """The WCAG 2 contrast ratio of two colours « #RRGGBB », from 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def deepened(hue: str, wanted: float = 4.5) -> str:
    """The hue, darkened by twentieths until it stands out from paper."""
    for share in range(20, 0, -1):
        darker = "#" + "".join(f"{channel * share // 20:02X}" for channel in _channels(hue))
        if contrast(darker, PAPER) >= wanted:
            return darker
    return INK


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
