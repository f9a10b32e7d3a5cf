"""The second factor: six digits of an application on a phone, that change every 30 seconds (RFC 6238)."""

import io
import re
from datetime import datetime

import pyotp
import segno

from models.tables.base import now

_STEP_S = 30
_DIGITS = re.compile(r"[0-9]{6}")


def new_secret() -> str:
    """A secret for an application, in the letters that such applications take."""
    return pyotp.random_base32()


def provisioning(secret: str, login: str, issuer: str = "Navette") -> str:
    """What the QR code says to the application."""
    return str(pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=issuer))


def step_of(secret: str, code: str, last: int, moment: datetime | None = None) -> int | None:
    """The time step that a code is of, one step around now at most and later than `last`; else None.

    Whoever accepts it stores it as the next `last`: no code counts twice.
    """
    digits = "".join(code.split())
    if not _DIGITS.fullmatch(digits):
        return None
    this = int((moment or now()).timestamp()) // _STEP_S
    clock = pyotp.TOTP(secret)
    found = None
    for step in (this - 1, this, this + 1):
        right = pyotp.utils.strings_equal(clock.generate_otp(step), digits)
        found = step if right and step > last else found
    return found


def qr_svg(text: str) -> str:
    """A text as a QR code: an SVG to be set into a page, dark on light whatever the page's colours."""
    drawn = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        drawn, kind="svg", omitsize=True, border=4, light="#fff", dark="#000", xmldecl=False, nl=False
    )
    return drawn.getvalue().decode()
