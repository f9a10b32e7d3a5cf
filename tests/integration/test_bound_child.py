"""Proofs in a child process, and where a plan tells of its proof: file, terminal, page."""

import json
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from rich.console import Console

from api.cli import main
from api.service import Service
from api.services.actor import SYSTEM
from api.services.explain import proof_of
from api.services.folder import Territory
from api.services.planning import Watch, plan_week
from api.services.plans.store import save_plan
from api.terminal import show_plan
from models.errors import InputError
from models.plan import Plan, Proof
from models.plan_file import dump_plan, parse_plan
from models.service_day import IsoWeek
from routing.bound import lower_bound
from routing.bound.child import Prover
from routing.budget import Budget
from routing.child import Asked
from routing.engines.engine import engine_named
from routing.solve import solve
from tests.instances import four_libraries, full_week

SENTENCE = (
    "Ce planning est à moins de 25,1\u00a0% du meilleur possible\u202f: "
    "aucun ne coûterait moins de 800\u00a0€."
)


@pytest.fixture
def proven(planned: Plan) -> Plan:
    """A plan of 1000 € whose proof stops at 800 €: it is at most a quarter too dear."""
    proof = Proof(cents=80_000, finished=False, spent_s=12.5)
    return replace(planned, cost_cents={"rounds": 60_000, "hours": 40_000}, proof=proof)


def test_a_child_proves_what_is_proven_here() -> None:
    result = solve(four_libraries(), Budget(iterations=100), engine_named("insertion"))
    there = Prover(result.problem, result.solution, 60).run()
    here = lower_bound(result.problem, seconds=60, solution=result.solution)
    assert there is not None
    assert (there.bound_mc, there.finished) == (here.bound_mc, True)


def test_a_stopped_child_hands_in_what_it_has() -> None:
    result = solve(full_week(libraries=30), Budget(iterations=200), engine_named("insertion"))
    prover = Prover(result.problem, result.solution, 600)
    threading.Timer(3.0, prover.stop).start()
    bound = prover.run()
    cheapest = sum(min(p.cents for p in stop.patterns) for stop in result.problem.stops)
    if bound is not None:  # None: it was still being compiled
        assert 1000 * cheapest <= bound.bound_mc <= result.cost.total_mc
        assert bound.spent_s < 10


@pytest.mark.parametrize("request_text", ["", "[]", '{"problem": {}, "seconds": 1}', '{"seconds": 1}'])
def test_a_child_says_what_it_does_not_understand(request_text: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "routing.bound"],
        input=request_text,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert json.loads(done.stdout)["kind"] == "error"
    assert done.stderr == ""


def test_a_problem_that_makes_no_sense_is_an_input_error() -> None:
    result = solve(four_libraries(), Budget(iterations=10), engine_named("insertion"))
    prover = Prover(result.problem, result.solution, 1)
    prover.child.request = {**prover.child.request, "problem": {"format": "something else"}}
    with pytest.raises(InputError, match="illisible"):
        prover.run()


def test_a_week_is_planned_and_its_proof_holds(territory: Territory) -> None:
    provers: list[Prover] = []
    plan = plan_week(
        territory,
        IsoWeek(2026, 49),
        Asked(engine="insertion", iterations=200),
        Watch(proving=provers.append),
        proof_s=2.0,
    )
    assert len(provers) == 1
    assert plan.proof is not None
    assert 0 < plan.proof.cents <= plan.total_cents


def test_a_plan_carries_its_proof_and_older_ones_none(planned: Plan, proven: Plan) -> None:
    assert parse_plan(dump_plan(proven)) == proven
    assert "proof" not in json.loads(dump_plan(planned))
    assert parse_plan(dump_plan(planned)).proof is None


def test_the_sentence_is_never_kinder_than_the_proof(planned: Plan, proven: Plan) -> None:
    assert proof_of(planned) is None
    # 1000.02 € at most, terms being rounded, over 800 €: 25.0025 %, so less than 25.1 %.
    assert proof_of(proven) == SENTENCE
    tight = replace(proven, proof=Proof(cents=100_002, finished=True, spent_s=1))
    assert tight.gap_permille == 1
    loose = replace(proven, proof=Proof(cents=4_999, finished=False, spent_s=1))
    assert proof_of(loose) == "Aucun planning de cette semaine ne coûterait moins de 49\u00a0€."
    assert proof_of(replace(proven, proof=Proof(cents=0, finished=False, spent_s=1))) is None


def test_the_terminal_says_it(proven: Plan, territory: Territory, tmp_path: Path) -> None:
    console = Console(width=110, record=True, quiet=False, file=(tmp_path / "screen").open("w"))
    show_plan(console, proven, territory.network, tmp_path)
    assert SENTENCE in console.export_text()
    console.file.close()


def test_page_and_service_say_it(proven: Plan, service: Service, camille: TestClient) -> None:
    with service.database.write() as session:
        plan = save_plan(session, proven, actor=SYSTEM).id
    assert SENTENCE in camille.get("/semaines").text
    told = camille.get(f"/api/v1/plans/{plan}").json()["proof"]
    assert (told["cents"], told["sentence"]) == (80_000, SENTENCE)


def test_a_plan_without_proof_says_nothing(draft: UUID, camille: TestClient) -> None:
    assert "meilleur possible" not in camille.get("/semaines").text
    assert camille.get(f"/api/v1/plans/{draft}").json()["proof"] is None
    assert "proof" not in camille.get(f"/api/v1/plans/{draft}/files/plan.json").json()


def test_the_command_asks_for_a_proof(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = [
        "plan",
        "--week",
        "2026-W49",
        "--engine",
        "insertion",
        "--iterations",
        "50",
        "--out",
        str(tmp_path),
    ]
    assert main([*asked, "--bound", "-1"]) == 2
    assert main([*asked, "--bound", "1"]) == 0
    assert "ne coûterait moins de" in capsys.readouterr().out
    assert json.loads((tmp_path / "2026-W49" / "plan.json").read_text())["proof"]["cents"] > 0
