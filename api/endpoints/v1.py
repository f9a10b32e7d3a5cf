"""Everything under /api/v1, part by part."""

from types import ModuleType

from fastapi import APIRouter

from api.endpoints import (
    fleet,
    items,
    network,
    plan_desk,
    plan_runs,
    positions,
    progress,
    scans,
    sites,
    transfers,
    webhooks,
)
from api.endpoints.problems import described

PARTS: tuple[ModuleType, ...] = (
    fleet,
    items,
    network,
    plan_desk,
    plan_runs,
    positions,
    progress,
    scans,
    sites,
    transfers,
    webhooks,
)


def router() -> APIRouter:
    """One router for the whole first version of the API."""
    found = APIRouter(prefix="/api/v1", responses=described(401, 403, 422, 429, 503))
    for part in PARTS:
        found.include_router(part.router)
    return found
