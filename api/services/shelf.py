"""The plans that stand on this machine's shelf: the `out` folder, read again when a file changes."""

from functools import lru_cache
from pathlib import Path

from api.services.outputs import FILES, PLAN
from models.errors import InputError, NotFound
from models.plan import Plan, Round
from models.plan_file import read_plan
from models.service_day import IsoWeek


class Shelf:
    """Finds plans by week, rounds by id, and the files made of them."""

    def __init__(self, out: Path) -> None:
        self._out = out

    def weeks(self) -> tuple[IsoWeek, ...]:
        """The weeks that have a plan, the latest first."""
        found = []
        for path in self._out.glob(f"*/{PLAN}"):
            try:
                found.append(IsoWeek.parse(path.parent.name))
            except InputError:
                continue  # a copy that someone made beside the weeks
        return tuple(sorted(found, reverse=True))

    def plan(self, week: str | None) -> Plan:
        """The plan of a week, of the latest one when `week` is None; NotFound says how to make one."""
        wanted = IsoWeek.parse(week) if week else next(iter(self.weeks()), None)
        if wanted is None:
            raise NotFound("Aucune semaine n'est encore planifiée. Lancez « make plan ».")
        path = self._out / str(wanted) / PLAN
        if not path.is_file():
            raise NotFound(f"La semaine {wanted} n'est pas planifiée. Lancez « make plan WEEK={wanted} ».")
        return _read(path, path.stat().st_mtime_ns)

    def round(self, round_id: str) -> tuple[Plan, Round]:
        """A round, and the plan that it belongs to."""
        for week in self.weeks():
            if round_id.startswith(str(week)):
                plan = self.plan(str(week))
                for tour in plan.rounds:
                    if tour.id == round_id:
                        return plan, tour
        raise NotFound(f"La tournée « {round_id} » n'existe dans aucun planning.")

    def file(self, week: str | None, name: str) -> Path:
        """One of the files of a week."""
        plan = self.plan(week)
        path = self._out / str(plan.week) / name
        if name not in FILES or not path.is_file():
            raise NotFound(f"La semaine {plan.week} n'a pas de fichier « {name} ».")
        return path


@lru_cache(maxsize=16)
def _read(path: Path, _changed_ns: int) -> Plan:
    return read_plan(path)
