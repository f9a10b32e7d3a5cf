"""Is the service alive?"""

from fastapi import APIRouter

router = APIRouter(tags=["service"])


@router.get("/healthz", summary="Le service répond-il ?")
def healthz() -> dict[str, str]:
    return {"status": "ok"}
