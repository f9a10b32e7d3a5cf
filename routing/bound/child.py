"""Prove in a child process: the caller stays free, can stop it at any moment, and keeps what is proven."""

from collections.abc import Callable

from routing.bound.values import Bound
from routing.child_process import Child
from routing.codec import dump_problem, dump_solution
from routing.problem import WeekProblem
from routing.solution import Solution


class Prover:
    """One proof in one child process. `solution` answers `problem`, the screened one.

    `run` blocks and calls `listener` from this thread for every better proof; `stop`, from any thread or
    signal handler, makes it return what is proven so far. A child that dies leaves its last proof.
    """

    def __init__(
        self,
        problem: WeekProblem,
        solution: Solution,
        seconds: float,
        listener: Callable[[Bound], None] = lambda _: None,
    ) -> None:
        self._listener = listener
        self.child = Child(
            "routing.bound",
            {"problem": dump_problem(problem), "solution": dump_solution(solution), "seconds": seconds},
        )

    def run(self) -> Bound | None:
        """The proof; None when the child was gone before it had any. EngineError when it failed."""
        proven: Bound | None = None
        for line in self.child.lines():
            if line.pop("kind") != "preparing":
                proven = Bound(**line)
                self._listener(proven)
        return proven

    def stop(self) -> None:
        self.child.stop()
