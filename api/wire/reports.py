"""Reports on a period, on the wire."""

from datetime import date
from typing import Annotated

from pydantic import Field

from api.wire.base import Wire

Permille = Annotated[int | None, Field(description="En millièmes ; nul quand il n'y a rien à mesurer.")]


class TotalsOut(Wire):
    """The period in figures. Planned: rounds of published plans up to today; driven: those with a fact."""

    rounds_planned: int
    rounds_driven: int
    metres_planned: int
    metres_driven: Annotated[int, Field(description="Des tournées pointées, par la route du planning.")]
    seconds_planned: int
    seconds_driven: Annotated[
        int, Field(description="Des tournées pointées, du premier au dernier pointage.")
    ]
    visits_planned: int
    visits_done: int
    visits_closed: int
    visits_missed: Annotated[int, Field(description="Planifiés, passés, et que rien ne dit faits.")]
    visits_off_plan: int
    visits_useless: Annotated[int, Field(description="Faits, et rien n'a été échangé.")]
    begun: Annotated[int, Field(description="Passages planifiés dont on sait quand ils ont commencé.")]
    punctual: Annotated[int, Field(description="Parmi eux, commencés dans le créneau annoncé.")]
    punctual_permille: Permille
    crates_delivered: int
    crates_picked_up: int
    empties: int
    documents_announced: int
    documents_arrived: int
    cost_cents: Annotated[int, Field(description="Des tournées pointées, aux prix du réseau.")]


class SiteReportOut(Wire):
    """One site over the period; `wait_days` are days between two visits that were done."""

    site: str
    commune: str
    planned: int
    done: int
    closed: int
    missed: int
    useless: int
    punctual_permille: Permille
    delivered: int
    picked_up: int
    balance: int
    visits_per_week_hundredths: Annotated[int, Field(description="Passages faits par semaine, × 100.")]
    mean_wait_tenths: Annotated[int | None, Field(description="Attente moyenne, en dixièmes de jour.")]
    longest_wait_days: int | None


class FlowReportOut(Wire):
    """What went from one site to another."""

    origin: str
    destination: str
    crates: int
    documents: int
    items: Annotated[int, Field(description="Documents demandés d'un lieu à l'autre.")]


class ReportOut(Wire):
    """A period: totals, every site, and what went from where to where."""

    first: date
    last: date
    totals: TotalsOut
    sites: list[SiteReportOut]
    flows: list[FlowReportOut]
