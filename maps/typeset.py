"""A template and its data → a tagged PDF, the same bytes for the same data."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from maps.printable import FONTS

FOLDER = Path(__file__).parent / "typst"


def pdf(template: str, data: Mapping[str, Any] | Sequence[Mapping[str, Any]], made_at: datetime) -> bytes:
    """`template` is a file's name in `typst/`; it reads `data` as JSON from `sys.inputs.data`."""
    import typst  # noqa: PLC0415  # heavy, and the service starts without drawing

    printed = typst.compile(
        FOLDER / template,
        root=FOLDER,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["ua-1"],  # tagged, titled, every picture told in words
        timestamp=int(made_at.timestamp()),
    )
    return bytes(printed)


@lru_cache(maxsize=1)
def _fonts() -> Any:
    import typst  # noqa: PLC0415

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
