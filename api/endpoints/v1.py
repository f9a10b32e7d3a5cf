"""Everything under /api/v1, part by part."""

from types import ModuleType

from fastapi import APIRouter

from api.endpoints import network, plan_desk, plan_files, plan_publish, rounds
from api.endpoints.problems import described

PARTS: tuple[ModuleType, ...] = (network, plan_publish, plan_files, plan_desk, rounds)


def router() -> APIRouter:
    """One router for the whole first version of the API."""
    found = APIRouter(prefix="/api/v1", responses=described(401, 403, 422, 429, 503))
    for part in PARTS:
        found.include_router(part.router)
    return found
