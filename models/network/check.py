"""What is wrong in a network, everything at once: `check_folder` for files, `check_network` for values."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from models.communes import Commune, read_communes
from models.errors import Finding, InputError
from models.network.checks.fleet import fleet
from models.network.checks.missing import missing
from models.network.checks.places import places
from models.network.checks.subject import Subject
from models.network.checks.visits import visits
from models.network.read import read_folder
from models.network.rows import COLUMNS
from models.network.settings import SETTINGS
from models.network.values import Network
from models.service_day import IsoWeek

COMMUNES = "communes.geojson"
ORDINARY_WEEK = IsoWeek(2026, 49)  # no public holiday, no school holiday: closures would hide real hours
_FILES = (*COLUMNS, SETTINGS, COMMUNES)


def check_network(
    network: Network,
    communes: Iterable[Commune],
    *,
    lines: Mapping[tuple[str, str], int] | None = None,
    declared: Mapping[str, int] | None = None,
    week: IsoWeek = ORDINARY_WEEK,
) -> tuple[Finding, ...]:
    """Every finding about a network that could be read, in file and line order.

    `lines` and `declared` come from `read_folder`; without them findings name no line, and weekly totals
    are not compared. Serious findings forbid planning: a site that no round can ever serve, no vehicle…
    What is dated (closures, absences, seasons) is left out: it would hide the ordinary hours.
    """
    subject = Subject(
        network=network.ordinary(),
        communes={commune.insee: commune for commune in communes},
        week=week,
        lines=lines or {},
        declared=declared or {},
    )
    return in_order([*places(subject), *visits(subject), *fleet(subject), *missing(subject)])


def check_folder(folder: Path, week: IsoWeek = ORDINARY_WEEK) -> tuple[Finding, ...]:
    """Every finding about a folder: of its reading first, of its meaning once it can be read.

    InputError only when there is no such folder.
    """
    findings: list[Finding] = []
    communes: tuple[Commune, ...] = ()
    reading = None
    try:
        reading = read_folder(folder)
        findings += reading.findings
    except InputError as error:
        if not error.findings:
            raise
        findings += error.findings
    try:
        communes = read_communes(folder / COMMUNES)
    except InputError as error:
        findings += error.findings
    if reading and communes:
        findings += check_network(
            reading.network, communes, lines=reading.lines, declared=reading.declared, week=week
        )
    return in_order(findings)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """By file, then by line; what concerns a whole file after its lines."""
    return tuple(sorted(findings, key=lambda one: (_FILES.index(one.where), one.line is None, one.line or 0)))
