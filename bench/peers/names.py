"""The peers by name. Their libraries are loaded when they are chosen."""

from collections.abc import Callable, Mapping
from importlib import import_module

from bench.peers.alternating import Alternating
from bench.peers.day import DaySolver
from bench.peers.fixed_days import FixedDays
from bench.peers.week import Peer


def _day(module: str, name: str) -> DaySolver:
    solver: DaySolver = getattr(import_module(f"bench.peers.{module}"), name)()
    return solver


def _peer(module: str, name: str) -> Peer:
    peer: Peer = getattr(import_module(f"bench.peers.{module}"), name)()
    return peer


PEERS: Mapping[str, Callable[[], Peer]] = {
    "ortools-fixed": lambda: FixedDays(_day("ortools_day", "OrtoolsDay")),
    "pyvrp": lambda: FixedDays(_day("pyvrp_day", "PyvrpDay")),
    "pyvrp-alternating": lambda: Alternating(_day("pyvrp_day", "PyvrpDay")),
    "pyvrp-groups": lambda: _peer("pyvrp_groups", "PyvrpGroups"),
    "vroom": lambda: FixedDays(_day("vroom_day", "VroomDay")),
}
