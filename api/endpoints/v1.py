"""Everything under /api/v1, part by part."""

from types import ModuleType

from fastapi import APIRouter

from api.endpoints import (
    absences,
    accounts,
    api_keys,
    audit,
    calendar,
    closures,
    crates,
    delays,
    devices,
    exchange,
    fleet,
    flows,
    incidents,
    items,
    links,
    live,
    live_feed,
    messages,
    my_account,
    network,
    plan_desk,
    plan_files,
    plan_publish,
    plan_runs,
    positions,
    progress,
    promises,
    published_feed,
    reliability,
    reports,
    rounds,
    scans,
    shipments,
    signing,
    sites,
    transfers,
    webhooks,
)
from api.endpoints.problems import described

PARTS: tuple[ModuleType, ...] = (
    absences,
    accounts,
    api_keys,
    audit,
    calendar,
    closures,
    crates,
    delays,
    devices,
    exchange,
    fleet,
    flows,
    incidents,
    items,
    links,
    live,
    live_feed,
    messages,
    my_account,
    network,
    plan_desk,
    plan_files,
    plan_publish,
    plan_runs,
    positions,
    progress,
    promises,
    published_feed,
    reliability,
    reports,
    rounds,
    scans,
    shipments,
    signing,
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
