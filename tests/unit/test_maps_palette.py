"""Eight ways to draw a round that stay apart, whoever looks, and texts that can be read on them."""

from itertools import combinations

import numpy as np
import numpy.typing as npt
import pytest

from maps import palette
from maps.palette import contrast, deepened, stroke

Array = npt.NDArray[np.float64]

# Machado, Oliveira & Fernandes 2009, severity 1.0, on linear RGB
SIGHTS = {
    "normal": np.eye(3).tolist(),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.01182, 0.04294, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.3039],
    ],
}
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def linear(colour: str) -> Array:
    channels = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def lab(rgb: Array) -> Array:
    x, y, z = np.cbrt(np.maximum(XYZ @ np.clip(rgb, 0, 1) / [0.9505, 1.0, 1.089], 1e-6))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("sight", SIGHTS)
def test_hues_stay_apart_for_every_sight(sight: str) -> None:
    seen = [lab(np.array(SIGHTS[sight]) @ linear(stroke(k).hue)) for k in range(8)]
    assert min(float(np.linalg.norm(a - b)) for a, b in combinations(seen, 2)) >= 16


def test_contrast_of_black_on_white_is_21() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21)


@pytest.mark.parametrize("rank", range(8))
def test_texts_on_hues_and_edges_on_paper_are_aa(rank: int) -> None:
    drawn = stroke(rank)
    assert contrast(drawn.on_hue, drawn.hue) >= 4.5
    assert contrast(drawn.deep, palette.PAPER) >= 4.5


def test_texts_on_paper_are_aa() -> None:
    for ink in (palette.INK, palette.MUTED, palette.ACCENT, palette.SKY, palette.WARN):
        assert contrast(ink, palette.PAPER) >= 4.5


def test_a_week_of_sixty_four_rounds_repeats_no_drawing() -> None:
    assert len({(stroke(k).hue, stroke(k).dash) for k in range(64)}) == 64


def test_deepened_leaves_a_dark_hue_alone() -> None:
    assert deepened("#332288") == "#332288"
