"""Peers that plan a shuttle's week, by name: each fits the socket of Navette's own engines."""

from collections.abc import Callable, Mapping
from importlib import import_module

from bench.peers.shuttle_day import ShuttleDaySolver
from routing.engines.engine import Engine


def _day(module: str, name: str) -> ShuttleDaySolver:
    solver: ShuttleDaySolver = getattr(import_module(f"bench.peers.{module}"), name)()
    return solver


def _fixed(solver: ShuttleDaySolver) -> Engine:
    engine: Engine = import_module("bench.peers.shuttle_fixed").ShuttleFixed(solver)
    return engine


def _alternating(solver: ShuttleDaySolver) -> Engine:
    engine: Engine = import_module("bench.peers.shuttle_alternating").ShuttleAlternating(solver)
    return engine


SHUTTLE_PEERS: Mapping[str, Callable[[], Engine]] = {
    "pyvrp": lambda: _fixed(_day("shuttle_pyvrp", "PyvrpShuttleDay")),
    "pyvrp-alternating": lambda: _alternating(_day("shuttle_pyvrp", "PyvrpShuttleDay")),
    "vroom": lambda: _fixed(_day("shuttle_vroom", "VroomShuttleDay")),
}
