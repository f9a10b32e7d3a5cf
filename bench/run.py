"""One engine on public instances: one JSON line per file, judged by the bench's own referee.

    python -m bench periodic FILE… --seconds 60 --seed 1 --engine periodic [--clock cpu] [--solution OUT.json]
    python -m bench vrptw FILE… (as above, single-day instances)

`cost` is the total distance in double precision, `gap` how far above the best known value it is, in %, null
where the plan does not hold. `seconds` is what the search took, `wall_s` everything since the process began
or the file before was done, `cpu_s` what the processor spent meanwhile. With `--clock cpu`, the budget
of one of our own engines is counted in seconds of the processor, so that what else the machine does takes
nothing away; peers know the wall's clock only.
"""

import argparse
import json
import sys
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.formats.bks import Reference, read_reference
from bench.formats.read import read_instance
from bench.house import HouseEngine
from bench.instance import Instance, Week
from bench.peers.names import PEERS
from bench.peers.week import Peer
from bench.referee import Verdict, judge
from models.errors import InputError, NavetteError
from routing.engines.engine import ENGINES

_DEFAULT = "periodic"
CLOCKS = {"wall": time.monotonic, "cpu": time.process_time}
_COMPLAINTS = 3  # told in a line; the number of all of them is told too


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """One engine on one instance, as measured."""

    instance: Instance
    folder: str
    engine: str
    seed: int
    budget_s: float
    clock: str
    seconds: float
    iterations: int
    week: Week
    verdict: Verdict
    reference: Reference | None


def periodic() -> int:
    """Instances of any number of days."""
    return _main(any_days=True)


def vrptw() -> int:
    """Instances of a single day."""
    return _main(any_days=False)


def _main(*, any_days: bool) -> int:
    asked = _arguments()
    try:
        if not asked.seconds > 0:
            raise InputError("--seconds doit être positif. Donnez par exemple 60.")
        if asked.solution and len(asked.files) != 1:
            raise InputError("--solution ne vaut que pour un seul fichier. Donnez les autres à part.")
        engine = engine_or_peer(asked.engine, asked.clock)
        clock, cpu = 0.0, 0.0
        for path in asked.files:
            run = run_one(path, engine, asked, any_days=any_days)
            now, spent = _since_start(), time.process_time()
            print(json.dumps(line_of(run, wall_s=now - clock, cpu_s=spent - cpu)), flush=True)
            clock, cpu = now, spent
            if asked.solution:
                _write(asked.solution, run.week)
    except NavetteError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _write(path: Path, week: Week) -> None:
    try:
        path.write_text(json.dumps(week) + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"{path} ne peut être écrit ({error.strerror}). Choisissez un autre fichier."
        ) from None


def engine_or_peer(name: str, clock: str = "wall") -> Peer:
    """InputError names those that exist, and refuses a peer what it cannot count by."""
    if name in PEERS:
        if clock != "wall":
            raise InputError(f"« {name} » ne connaît que l'horloge murale. Ne donnez pas --clock.")
        return PEERS[name]()
    if name in ENGINES:
        return HouseEngine(name, CLOCKS[clock])
    names = ", ".join([*ENGINES, *PEERS])
    raise InputError(f"Le moteur « {name} » n'existe pas. Choisissez parmi : {names}.")


def run_one(path: Path, engine: Peer, asked: argparse.Namespace, *, any_days: bool) -> Run:
    """Read, solve, judge."""
    instance = read_instance(path)
    if instance.days > 1 and not any_days:
        raise InputError(f"{path.name} dure {instance.days} jours. Demandez : python -m bench periodic.")
    began = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PyVRP warns of penalties at their ceiling: the referee will see
        answer = engine.solve(instance, asked.seconds, asked.seed)
    return Run(
        instance=instance,
        folder=path.resolve().parent.name,
        engine=asked.engine,
        seed=asked.seed,
        budget_s=asked.seconds,
        clock=asked.clock,
        seconds=time.perf_counter() - began,
        iterations=answer.iterations,
        week=answer.week,
        verdict=judge(instance, answer.week),
        reference=read_reference(path),
    )


def line_of(run: Run, *, wall_s: float, cpu_s: float) -> dict[str, object]:
    """What is printed of a run."""
    reference, verdict = run.reference, run.verdict
    gap = 100 * (verdict.cost / reference.cost - 1) if reference and verdict.feasible else None
    line: dict[str, object] = {
        "set": run.folder,
        "instance": run.instance.name,
        "engine": run.engine,
        "cost": round(verdict.cost, 4),
        "feasible": verdict.feasible,
        "seconds": round(run.seconds, 2),
        "iterations": run.iterations,
        "seed": run.seed,
        "bks": reference.cost if reference else None,
        "gap": None if gap is None else round(gap, 3),
        "bks_objective": reference.objective if reference else None,
        "bks_note": reference.note if reference else None,
        "budget_s": run.budget_s,
        "clock": run.clock,
        "wall_s": round(wall_s, 2),
        "cpu_s": round(cpu_s, 2),
        "tours": sum(bool(tour) for day in run.week for tour in day),
    }
    if verdict.complaints:
        line |= {"broken": len(verdict.complaints), "complaints": verdict.complaints[:_COMPLAINTS]}
    return line | ({"notes": run.instance.notes} if run.instance.notes else {})


def _since_start() -> float:
    """Seconds since this process began, its interpreter included."""
    stat = Path("/proc/self/stat")
    if not stat.exists():
        return time.perf_counter() - _IMPORTED
    ticks = int(stat.read_text().rpartition(")")[2].split()[19])
    return time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / 100


_IMPORTED = time.perf_counter()


def _arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", default=_DEFAULT, help=", ".join([*ENGINES, *PEERS]))
    parser.add_argument("--clock", choices=[*CLOCKS], default="wall", help="what a second is")
    parser.add_argument("--solution", type=Path, metavar="OUT.json")
    return parser.parse_args(arguments)
