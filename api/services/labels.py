"""Which labels are printed: of crates, by code or from one number to another, and of libraries' doors."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import quote

from sqlmodel import Session

from api.repositories import crates, library
from api.services.library.entry import help_of
from maps import words
from models.errors import InputError, NotFound
from models.service_day import PARIS, ServiceDay
from models.tables.demand import CrateRecord
from models.tables.network import SiteRecord

MOST = 500  # a few seconds of drawing
_UNKNOWN = "Ces bacs ne sont pas enregistrés"
_NUMBERED = re.compile(r"(.*?)(\d+)")


class SheetFormat(StrEnum):
    """Sheets of stickers that every stationer has: see `maps.labels.SHEETS`."""

    L7160 = "L7160"
    L7163 = "L7163"
    L7165 = "L7165"
    L7173 = "L7173"
    GRID_70X37 = "70x37"


@dataclass(frozen=True, kw_only=True, slots=True)
class Printing:
    """What is printed on, from which sticker of the first sheet on."""

    format: SheetFormat
    start: int
    public_url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Sticker:
    """What one label says; as `maps.labels.Label`, which is not loaded before something is drawn."""

    title: str
    lines: tuple[str, ...]
    path: str
    opens: str
    barcode: str = ""


def of_crates(session: Session, codes: Collection[str], first: str, last: str) -> list[Sticker]:
    """Labels of registered crates, in order of code; those put aside are left out of a series.

    InputError where nothing, too much, or a code that nobody has registered is asked for.
    """
    if bool(codes) == bool(first and last):
        raise InputError(
            "Dites quels bacs : leurs codes (codes=…), ou le premier et le dernier (from=…&to=…)."
        )
    found = _named(session, codes) if codes else _series(session, first, last)
    organisation = help_of(session).organisation
    homes = {site.code: site.name for site in library.open_sites(session)}
    return [
        Sticker(
            title=one.code,
            lines=(organisation, one.label or homes.get(one.home or "", "")),
            path=f"/c/{quote(one.code, safe='')}",
            opens="la page de ce bac",
            barcode=one.code,
        )
        for one in found
    ]


def of_doors(session: Session, sites: Collection[str]) -> list[Sticker]:
    """Cards for the doors of libraries, all of them where none is named. InputError for one that is none."""
    known = [site for site in library.open_sites(session) if not sites or site.code in sites]
    _all_known(sites, {site.code for site in known}, "Ces lieux ne sont pas des bibliothèques desservies")
    phone = words.phone(help_of(session).phone.partition("(")[0].strip())
    return [_door(site, phone) for site in known]


def drawn(title: str, stickers: Sequence[Sticker], printing: Printing, at: datetime) -> bytes:
    """The PDF. InputError for a place that the sheet has not."""
    from maps.labels import SHEETS, Label, labels  # noqa: PLC0415  # drawing is heavy to load

    sheet = SHEETS[printing.format]
    if printing.start > sheet.places:
        raise InputError(f"Cette feuille n'a que {sheet.places} étiquettes : commencez plus tôt.")
    made = [
        Label(
            title=one.title,
            lines=one.lines,
            url=printing.public_url + one.path,
            opens=one.opens,
            barcode=one.barcode,
        )
        for one in stickers
    ]
    day = ServiceDay(at.astimezone(PARIS).date()).at(0)  # the same bytes all day long
    return labels(title, made, sheet, start=printing.start, made_at=day)


def _named(session: Session, codes: Collection[str]) -> Sequence[CrateRecord]:
    found = crates.of_codes(session, codes)
    _all_known(codes, {one.code for one in found}, _UNKNOWN)
    return found


def _series(session: Session, first: str, last: str) -> Sequence[CrateRecord]:
    begin, end = _NUMBERED.fullmatch(first), _NUMBERED.fullmatch(last)
    if begin is None or end is None or begin[1] != end[1] or int(begin[2]) > int(end[2]):
        raise InputError("Le premier et le dernier bac ont la même série : de « HAZ-0100 » à « HAZ-0123 ».")
    numbers = range(int(begin[2]), int(end[2]) + 1)
    if len(numbers) > MOST:
        raise InputError(f"C'est trop d'étiquettes à la fois : {MOST} au plus.")
    codes = [f"{begin[1]}{number:0{len(begin[2])}}" for number in numbers]
    known = crates.of_codes(session, codes)
    if not known:
        raise NotFound(f"Aucun bac n'est enregistré de « {first} » à « {last} ».")
    _all_known(codes, {one.code for one in known}, _UNKNOWN)
    return [one for one in known if one.retired_at is None]


def _all_known(asked: Collection[str], known: Collection[str], fault: str) -> None:
    if len(asked) > MOST:
        raise InputError(f"C'est trop d'étiquettes à la fois : {MOST} au plus.")
    unknown = sorted(set(asked) - set(known))
    if unknown:
        raise InputError(f"{fault} : {', '.join(unknown[:20])}{'…' if len(unknown) > 20 else ''}.")


def _door(site: SiteRecord, phone: str) -> Sticker:
    commune = "" if site.commune in site.name else site.commune
    return Sticker(
        title=site.name,
        lines=(commune, "Quand arrivera un livre ?", f"Coordination : {phone}" if phone else ""),
        path=f"/quand?vers={quote(site.code, safe='')}",
        opens="la page qui dit quand un livre arrivera",
    )
