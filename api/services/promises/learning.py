"""Chances between what is stored and what is thought, and learnt from how visits went."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from routing.promise.chances import Chances


def chances_of(content: Mapping[str, Any] | None) -> Chances:
    """What was stored; the assumed chances where nothing was, or where it cannot be used."""
    if not content:
        return Chances()
    try:
        return Chances(**{**content, "late": tuple((int(at), int(share)) for at, share in content["late"])})
    except (KeyError, TypeError, ValueError):
        return Chances()


def content_of(chances: Chances) -> dict[str, Any]:
    """As plain JSON."""
    return asdict(chances)
