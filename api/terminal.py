"""What a coordinator reads on the terminal: the week as a table, its cost, what is missing, a live line."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console, Group
from rich.live import Live
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from api.services.explain import proof_of
from maps.marks import cost_term
from maps.words import (
    clock_full,
    count,
    day,
    distance,
    duration,
    euros,
    listing,
    short_day,
    typeset,
    week,
)
from models.network.values import Network
from models.plan import Plan
from routing.child import Told


class LiveLine:
    """The line that moves while a week is being planned: best cost so far, visits missing, seconds left."""

    def __init__(self, console: Console, seconds: float | None) -> None:
        self._console, self._seconds = console, seconds
        self._began = time.monotonic()
        self._told: Told | None = None
        self._doing = "Préparation"

    @contextmanager
    def shown(self) -> Iterator["LiveLine"]:
        """Show the line while the block runs; on a terminal that cannot redraw, say only the steps."""
        if not self._console.is_terminal:
            yield self
            return
        with Live(get_renderable=self._line, console=self._console, refresh_per_second=5, transient=True):
            yield self

    def solving(self) -> None:
        """The budget begins to run."""
        self._began = time.monotonic()
        self._say("Calcul des tournées")

    def preparing(self) -> None:
        self._doing = "Préparation du moteur (la première fois, il se compile : une minute)"

    def told(self, told: Told) -> None:
        if self._told is None:
            self.solving()
        self._told = told

    def proving(self) -> None:
        self._told = None
        self._say("Recherche de la preuve (Ctrl-C garde ce qui est prouvé)")

    def making(self, name: str) -> None:
        self._told = None
        self._say(f"Écriture de {name}")

    def _say(self, doing: str) -> None:
        self._doing = doing
        if not self._console.is_terminal:
            self._console.print(doing)

    def _line(self) -> Text:
        text = Text(f"{self._doing}…", style="bold")
        if self._told:
            text.append(f"  {euros(round(self._told.cost_eur * 100))}", style="cyan")
            text.append(
                f" · {count(self._told.missing, 'passage')} non planifié" + "s" * (self._told.missing > 1)
            )
            if self._seconds:
                left = max(0, round(self._seconds - (time.monotonic() - self._began)))
                text.append(f" · reste {left} s (Ctrl-C garde le meilleur trouvé)", style="dim")
        return text


@contextmanager
def building(console: Console) -> Iterator[Callable[[str, float], None]]:
    """A progress bar for steps that say their name and the share [0, 1] done before them."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        shown = bar.add_task("", total=1.0)
        yield lambda step, share: bar.update(shown, description=step, completed=share)


def show_plan(console: Console, plan: Plan, network: Network, folder: Path) -> None:
    """The rounds, the cost term by term, what is unplanned and why, and where the files are."""
    console.print()
    console.print(f"[bold]{network.name}[/bold], {week(plan.week)}", highlight=False)
    for date, name in plan.holidays.items():
        console.print(f"{day(date).capitalize()} : {name}, férié", style="yellow", highlight=False)
    console.print(_rounds(plan))
    console.print(Group(*_cost(plan)), highlight=False)
    proven = proof_of(plan)
    if proven:
        console.print(proven, style="dim", highlight=False)
    _show_unplanned(console, plan, network)
    _show_assumed(console, plan, network)
    console.print(f"Tout est dans [bold]{folder}[/bold]", highlight=False, soft_wrap=True)


def _rounds(plan: Plan) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold", pad_edge=False)
    table.add_column("Jour", no_wrap=True)
    table.add_column("Tournée")
    for title in ("Arrêts", "Route", "Durée", "Bacs", "Départ", "Retour"):
        table.add_column(title, justify="right", no_wrap=True)
    for tour in plan.rounds:
        table.add_row(
            short_day(tour.date),
            tour.label,
            str(len(tour.visits)),
            distance(tour.distance_m),
            duration(tour.duration_s),
            f"{tour.load_start} → {tour.load_end}",
            clock_full(tour.start_s),
            clock_full(tour.end_s),
        )
    table.add_section()
    rounds = plan.rounds
    table.add_row(
        "Semaine",
        count(len(rounds), "tournée"),
        str(sum(len(tour.visits) for tour in rounds)),
        distance(sum(tour.distance_m for tour in rounds)),
        duration(sum(tour.duration_s for tour in rounds)),
        f"{sum(tour.load_start for tour in rounds)} → {sum(tour.load_end for tour in rounds)}",
        "",
        "",
        style="bold",
    )
    return table


def _cost(plan: Plan) -> Iterator[Text]:
    terms = [f"{cost_term(name).lower()} {euros(cents)}" for name, cents in plan.cost_cents.items()]
    yield Text()
    yield Text(f"Coût : {euros(plan.total_cents)}", style="bold").append(
        f"  ({', '.join(terms)})", style="not bold"
    )


def _show_unplanned(console: Console, plan: Plan, network: Network) -> None:
    if not plan.unplanned:
        console.print("Tous les passages dus sont planifiés.", style="green")
        return
    total = sum(entry.missing for entry in plan.unplanned)
    words = count(total, "passage dû n'est pas planifié", "passages dus ne sont pas planifiés")
    console.print(f"{words} :", style="bold red", highlight=False)
    for entry in plan.unplanned:
        console.print(
            f"  · {network.site(entry.site).name} ({entry.missing}) : {typeset(entry.reason)}",
            highlight=False,
        )


def _show_assumed(console: Console, plan: Plan, network: Network) -> None:
    """What the plan rests on that nobody has confirmed yet."""
    assumed = [site for site in network.libraries if site.assumed]
    stand_ins = [site for site in assumed if site.stand_in]
    facts = sorted({fact for site in assumed for fact in site.assumed} - {"site"})
    if assumed:
        console.print(
            f"À confirmer : {listing(facts)} de {count(len(assumed), 'bibliothèque')}, "
            f"dont {count(len(stand_ins), 'lieu supposé', 'lieux supposés')}.",
            style="yellow",
            highlight=False,
        )
    if plan.estimated_sites:
        names = listing(network.site(site).name for site in plan.estimated_sites)
        console.print(f"Temps de route estimés à vol d'oiseau : {names}.", style="yellow", highlight=False)
    if plan.run.interrupted:
        console.print("Calcul interrompu : voici le meilleur planning trouvé.", style="yellow")
