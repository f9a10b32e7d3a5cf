"""The second factor: codes of one step around now, each once."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest

from api.security.totp import new_secret, provisioning, qr_svg, step_of

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
STEP = int(NOON.timestamp()) // 30  # noon is the beginning of a step


def _code(step: int) -> str:
    return pyotp.TOTP(SECRET).generate_otp(step)


def test_codes_of_this_step_and_of_its_neighbours_count() -> None:
    for step in (STEP - 1, STEP, STEP + 1):
        assert step_of(SECRET, _code(step), last=0, moment=NOON) == step
    for step in (STEP - 2, STEP + 2):
        assert step_of(SECRET, _code(step), last=0, moment=NOON) is None


def test_a_code_counts_once_and_none_before_it_does() -> None:
    assert step_of(SECRET, _code(STEP), last=STEP, moment=NOON) is None
    assert step_of(SECRET, _code(STEP - 1), last=STEP, moment=NOON) is None
    assert step_of(SECRET, _code(STEP + 1), last=STEP, moment=NOON) == STEP + 1
    assert step_of(SECRET, _code(STEP), last=STEP, moment=NOON + timedelta(seconds=29)) is None


def test_spaces_do_not_matter_and_nonsense_is_no_code() -> None:
    code = _code(STEP)
    assert step_of(SECRET, f" {code[:3]} {code[3:]} ", last=0, moment=NOON) == STEP
    for nonsense in ("", "12345", "1234567", "abcdef", "é", code[:-1] + "x"):
        assert step_of(SECRET, nonsense, last=0, moment=NOON) is None


def test_arabic_indic_digits_are_not_taken_for_ours() -> None:
    shifted = _code(STEP).translate({ord(str(d)): 0x660 + d for d in range(10)})
    assert step_of(SECRET, shifted, last=0, moment=NOON) is None


def test_the_qr_code_says_what_applications_read() -> None:
    parts = urlsplit(provisioning(SECRET, "camille.durand"))
    asked = parse_qs(parts.query)
    assert (parts.scheme, parts.netloc, parts.path) == ("otpauth", "totp", "/Navette:camille.durand")
    assert (asked["secret"], asked["issuer"]) == ([SECRET], ["Navette"])


def test_a_qr_code_is_read_back() -> None:
    zxing = pytest.importorskip("zxingcpp")
    image = pytest.importorskip("PIL.Image")
    segno = pytest.importorskip("segno")
    text = provisioning(new_secret(), "camille.durand")
    drawn = qr_svg(text)
    assert drawn.startswith("<svg")
    assert "viewBox" in drawn
    assert "style" not in drawn  # a page's policy allows no inline style
    modules = [list(row) for row in segno.make(text, error="m", micro=False).matrix_iter(scale=4, border=4)]
    picture = image.new("L", (len(modules[0]), len(modules)))
    picture.putdata([0 if dark else 255 for row in modules for dark in row])
    assert [found.text for found in zxing.read_barcodes(picture)] == [text]


def test_secrets_are_long_and_differ() -> None:
    assert len({new_secret() for _ in range(20)}) == 20
    assert len(new_secret()) == 32  # 160 bits, as RFC 4226 recommends
