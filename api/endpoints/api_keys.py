"""Keys for other software."""

from uuid import UUID

from fastapi import APIRouter

from api.endpoints.caller import Coordinator
from api.endpoints.paging import Paging
from api.endpoints.problems import described
from api.repositories import access
from api.services import api_keys
from api.wire.api_keys import ApiKeyAsked, ApiKeyMade, ApiKeyOut, made_key, told_key
from api.wire.base import Listed, listed

router = APIRouter(prefix="/api-keys", tags=["accès"])


@router.get("", summary="Les clés, la dernière créée d'abord")
def list_keys(caller: Coordinator, paging: Paging) -> Listed[ApiKeyOut]:
    with caller.read() as session:
        return listed(access.list_api_keys(session, paging), told_key)


@router.post("", summary="Créer une clé : elle n'est montrée qu'une fois", status_code=201)
def create_key(asked: ApiKeyAsked, caller: Coordinator) -> ApiKeyMade:
    with caller.write() as session:
        made = api_keys.create(session, asked.name, asked.scopes, asked.expires_at, caller.actor.name)
    return made_key(made.record, made.whole)


@router.delete("/{key}", summary="Révoquer une clé", responses=described(404))
def revoke_key(key: UUID, caller: Coordinator) -> ApiKeyOut:
    with caller.write() as session:
        return told_key(api_keys.revoke(session, key))
