"""Papers for the council: blocks of figures, bars and tables → one tagged PDF, fit for black and white."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from maps.printable import FONTS, printable

_TEMPLATE = Path(__file__).parent / "typst" / "paper.typ"
Block = dict[str, Any]


def paper(data: Mapping[str, Any]) -> bytes:
    """What `paper.typ` shows: `title organisation lead running foot` and `blocks`, as the functions below
    make them. The same values give the same bytes."""
    import typst  # noqa: PLC0415  # heavy, and the service starts without drawing

    printed = typst.compile(
        _TEMPLATE,
        root=_TEMPLATE.parent,
        font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS]),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(_printable(data), ensure_ascii=False)},
        pdf_standards=["ua-1"],  # tagged, titled, every picture told in words
        timestamp=0,
    )
    return bytes(printed)


def figures(items: Sequence[tuple[str, str]], title: str = "", note: str = "") -> Block:
    """Large figures, (value, words) each, four in a row."""
    return _block("figures", title, note, items=[{"value": value, "words": said} for value, said in items])


def text(sentences: Sequence[str], title: str = "", note: str = "") -> Block:
    """Paragraphs."""
    return _block("text", title, note, items=list(sentences))


def table(  # noqa: PLR0913
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[int],
    *,
    title: str = "",
    note: str = "",
    strong: Sequence[int] = (0,),
) -> Block:
    """A table; the first column to the left, the others to the right, columns `strong` in bold."""
    return _block(
        "table",
        title,
        note,
        columns=list(columns),
        rows=[list(row) for row in rows],
        widths=list(widths),
        strong=list(strong),
    )


def bars(  # noqa: PLR0913
    columns: tuple[str, str, str],
    items: Sequence[tuple[str, float, str]],
    *,
    title: str = "",
    note: str = "",
    fills: Sequence[int] | None = None,
    label_width: int = 30,
    tight: float = 2.5,
) -> Block:
    """Lying bars, (label, amount, value in words) each; the longest takes all the room. A table to those who
    do not see: `columns` name its three columns. `fills` chooses among four fillings."""
    most = max((amount for _, amount, _ in items), default=0) or 1
    shown = [
        {
            "label": label,
            "share": round(100 * max(0, amount) / most, 2),
            "value": value,
            "fill": fills[k] if fills else 0,
            "strong": False,
        }
        for k, (label, amount, value) in enumerate(items)
    ]
    return _block(
        "bars", title, note, columns=list(columns), items=shown, label_width=label_width, tight=tight
    )


def columns(
    items: Sequence[tuple[str, Sequence[float], str]],
    *,
    key: Sequence[str] = ("",),
    title: str = "",
    note: str = "",
) -> Block:
    """Standing columns over time: (label, amounts stacked from the foot up, value in words) each."""
    most = max((sum(amounts) for _, amounts, _ in items), default=0) or 1
    shown = [
        {
            "label": label,
            "value": value,
            "parts": [
                {"share": round(100 * amount / most, 2), "fill": k}
                for k, amount in reversed(list(enumerate(amounts)))
            ],
        }
        for label, amounts, value in items
    ]
    return _block("columns", title, note, items=shown, key=list(key))


def key(names: Sequence[str], title: str = "") -> Block:
    """Which filling means what."""
    return _block("key", title, "", items=list(names))


def pair(left: Block, right: Block) -> Block:
    """Two blocks side by side."""
    return _block("pair", "", "", blocks=[left, right])


def _block(kind: str, title: str, note: str, **more: Any) -> Block:
    return {"kind": kind, "title": title, "note": note, **more}


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, list):
        return [_printable(one) for one in value]
    if isinstance(value, Mapping):
        return {name: _printable(one) for name, one in value.items()}
    return value
