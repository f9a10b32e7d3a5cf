"""The folder of a week: everything a coordinator takes away, written whole or not at all."""

import contextlib
import errno
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from api.services.folder import Territory
from maps.export.gpx import plan_gpx
from maps.export.ics import plan_ics
from maps.export.timetable import plan_csv
from maps.export.xlsx import plan_xlsx
from maps.frames import plan_geojson
from maps.plan_map import plan_map
from maps.sheet import round_sheet, route_sheets
from maps.sheet_data import Codes
from models.errors import InputError
from models.plan import Plan
from models.plan_file import dump_plan

PLAN = "plan.json"
MAP = "carte.html"
SHEETS = "feuilles-de-route.pdf"
_ABANDONED_S = 3600

# What each file is made of, in the order in which they are made.
_MAKERS: Mapping[str, Callable[[Plan, Territory, str], str | bytes]] = {
    PLAN: lambda plan, _, __: dump_plan(plan),
    MAP: lambda plan, t, _: plan_map(plan, t.network, t.communes, t.shapes),
    SHEETS: lambda plan, t, url: route_sheets(plan, t.network, t.communes, t.shapes, base_url=url),
    "tournees.gpx": lambda plan, t, _: plan_gpx(plan, t.network, t.shapes),
    "passages.ics": lambda plan, t, _: plan_ics(plan, t.network),
    "horaires.csv": lambda plan, t, _: plan_csv(plan, t.network),
}
FILES = tuple(_MAKERS)
# What nobody carries away unasked.
_ON_DEMAND: Mapping[str, Callable[[Plan, Territory, str], str | bytes]] = {
    "horaires.xlsx": lambda plan, t, _: plan_xlsx(plan, t.network),
    "tournees.geojson": lambda plan, t, _: json.dumps(
        plan_geojson(plan, t.network, t.shapes), ensure_ascii=False
    ),
}


def made(name: str, plan: Plan, territory: Territory, *, public_url: str) -> bytes:
    """One file of a plan, by its name; KeyError for a name that nobody knows."""
    content = {**_MAKERS, **_ON_DEMAND}[name](plan, territory, public_url)
    return content.encode() if isinstance(content, str) else content


def made_sheets(plan: Plan, territory: Territory, *, public_url: str, codes: Codes, one: bool) -> bytes:
    """The sheets of a plan with the codes of the crates to leave; `one`: of its first round, under its own
    title."""
    t = territory
    if one:
        tour = plan.rounds[0]
        return round_sheet(tour, plan, t.network, t.communes, t.shapes, base_url=public_url, codes=codes)
    return route_sheets(plan, t.network, t.communes, t.shapes, base_url=public_url, codes=codes)


def week_folder(out: Path, plan: Plan) -> Path:
    """Where a plan's files are: « out/2026-W49 »."""
    return out / str(plan.week)


def write_week(
    plan: Plan,
    territory: Territory,
    out: Path,
    *,
    public_url: str,
    told: Callable[[str], None] = lambda _: None,
) -> Path:
    """Write the week's folder aside, then put it in place: what stood there stays until all is ready.

    `told` hears the name of each file before it is made. InputError when the place cannot be written to.
    """
    target = week_folder(out, plan)
    try:
        out.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=f".{plan.week}-", dir=out))
    except OSError as error:
        raise InputError(
            f"Impossible d'écrire dans « {out} » ({error.strerror}). Choisissez un autre dossier avec --out."
        ) from error
    _sweep(out)
    try:
        for name, make in _MAKERS.items():
            told(name)
            made = make(plan, territory, public_url)
            (aside / name).write_bytes(made.encode() if isinstance(made, str) else made)
        aside.chmod(0o755)
        _swap(aside, target)
    except OSError as error:
        raise InputError(
            f"Impossible d'écrire « {target} » ({error.strerror}). L'ancien planning est resté en place."
        ) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return target


def _sweep(out: Path) -> None:
    """Clear away what a writer killed at work left behind, an hour ago or more."""
    for left in out.glob(".????-W??-*"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > _ABANDONED_S:
                shutil.rmtree(left, ignore_errors=True)


def _swap(aside: Path, target: Path) -> None:
    """Put a folder in the place of another. Two writers at once: the last one wins, neither is mixed."""
    while True:
        try:
            aside.rename(target)
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise
        else:
            return
        old = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
        try:
            target.rename(old / "old")
        except FileNotFoundError:
            pass  # another writer has just taken it away
        finally:
            shutil.rmtree(old, ignore_errors=True)
