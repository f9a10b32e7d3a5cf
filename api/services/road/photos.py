"""Photos: read with suspicion, encoded anew as JPEG without anything but the picture."""

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from models.errors import InputError, TooLarge

MOST_BYTES = 8 * 1024 * 1024
LONGEST = 1600  # pixels, of the longer side
_MOST_PIXELS = 60_000_000  # what phones take today, and no bomb
_FORMATS = ("JPEG", "PNG", "WEBP")
_HEIC = (b"ftypheic", b"ftypheix", b"ftyphevc", b"ftypmif1", b"ftypmsf1", b"ftypheim", b"ftypavif")


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG file."""

    content: bytes
    width: int
    height: int


def encode_anew(raw: bytes) -> Picture:
    """A photo as somebody sent it → a JPEG file, turned upright, at most 1,600 pixels long.

    Where it was taken, with what and when is gone. TooLarge past 8 MB or 60 million pixels; InputError when
    it is no photo that can be read.
    """
    if len(raw) > MOST_BYTES:
        raise TooLarge("Cette photo est trop lourde : 8 Mo au plus. Réduisez-la, puis renvoyez-la.")
    if raw[4:12] in _HEIC:
        raise InputError(
            "Cette photo est au format HEIC, que Navette ne lit pas. Dans les réglages de l'appareil photo, "
            "choisissez « le plus compatible » (JPEG), ou envoyez une capture d'écran de la photo."
        )
    try:
        return _encoded(raw)
    except Image.DecompressionBombError as error:
        raise TooLarge("Cette photo a trop de pixels. Réduisez-la, puis renvoyez-la.") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, MemoryError) as error:
        raise InputError(
            "Cette photo est illisible. Envoyez une image JPEG, PNG ou WebP ; l'incident est enregistré."
        ) from error


def _encoded(raw: bytes) -> Picture:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the next lines judge by themselves
        image = Image.open(io.BytesIO(raw), formats=_FORMATS)
    if image.width * image.height > _MOST_PIXELS:
        raise Image.DecompressionBombError
    image.draft("RGB", (LONGEST, LONGEST))  # a large JPEG is read at a fraction of its size
    image.load()
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((LONGEST, LONGEST))
    flat = Image.new("RGB", upright.size, "white")
    flat.paste(upright.convert("RGBA"), mask=upright.convert("RGBA").getchannel("A"))
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=82, optimize=True)
    return Picture(out.getvalue(), flat.width, flat.height)
