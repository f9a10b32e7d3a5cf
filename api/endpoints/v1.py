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
    front,
    incidents,
    items,
    keying,
    labels,
    links,
    live,
    live_feed,
    messages,
    my_account,
    network,
    papers,
    plan_desk,
    plan_files,
    plan_publish,
    plan_reasons,
    plan_runs,
    positions,
    progress,
    promises,
    published_feed,
    reliability,
    replan,
    reports,
    rounds,
    scans,
    shipments,
    signing,
    sites,
    transfers,
    webhooks,
    what_if,
)
from api.endpoints.problems import described

PARTS: tuple[ModuleType, ...] = (
    labels,  # before crates and sites, who would take « labels.pdf » for a code
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
    front,
    incidents,
    items,
    keying,
    links,
    live,
    live_feed,
    messages,
    my_account,
    network,
    papers,
    plan_desk,
    plan_files,
    plan_publish,
    plan_reasons,
    plan_runs,
    positions,
    progress,
    promises,
    published_feed,
    reliability,
    replan,
    reports,
    rounds,
    scans,
    shipments,
    signing,
    sites,
    transfers,
    webhooks,
    what_if,
)


def router() -> APIRouter:
    """One router for the whole first version of the API."""
    found = APIRouter(prefix="/api/v1", responses=described(401, 403, 422, 429, 503))
    for part in PARTS:
        found.include_router(part.router)
    return found
