"""Delays on one page for the council: values in, one tagged PDF out."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst

from maps.printable import FONTS, printable

_TEMPLATE = Path(__file__).parent / "typst" / "delays.typ"


def delay_sheet(data: Mapping[str, Any]) -> bytes:
    """What `delays.typ` shows: `title organisation lead figures map_title map map_alt legend table_title none
    widths columns rows more foot`. The same values give the same bytes."""
    told = {name: value if name == "map" else _printable(value) for name, value in data.items()}
    printed = typst.compile(
        _TEMPLATE,
        root=_TEMPLATE.parent,
        font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS]),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(told, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=0,
    )
    return bytes(printed)


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, list):
        return [_printable(one) for one in value]
    if isinstance(value, Mapping):
        return {name: _printable(one) for name, one in value.items()}
    return value
