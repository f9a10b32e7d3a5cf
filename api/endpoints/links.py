"""Personal links: made, printed again, renewed, revoked."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from api.endpoints.caller import Coordinator
from api.endpoints.paging import Paging
from api.endpoints.problems import described
from api.repositories import access
from api.services import links
from api.wire.base import Listed, listed
from api.wire.links import Kind, LinkAsked, LinkOut, LinkShown, shown_link, told_link

router = APIRouter(prefix="/links", tags=["accès"])
Subject = Annotated[str | None, Query(max_length=80, description="Le code d'un lieu, véhicule, conducteur.")]


@router.get("", summary="Les liens personnels, le dernier créé d'abord")
def list_links(
    caller: Coordinator,
    paging: Paging,
    kind: Kind | None = None,
    subject: Subject = None,
    revoked: Annotated[bool, Query(description="Les liens révoqués aussi.")] = False,
) -> Listed[LinkOut]:
    with caller.read() as session:
        return listed(access.list_links(session, paging, kind, subject, revoked), told_link)


@router.post("", summary="Créer un lien personnel", status_code=201, responses=described(404))
def create_link(asked: LinkAsked, caller: Coordinator) -> LinkShown:
    with caller.write() as session:
        made = links.create(session, asked.kind, asked.subject, asked.label, caller.actor.name)
    return shown_link(made, caller.service.settings.public_url + links.path_of(caller.service.keyring, made))


@router.get("/{link}", summary="Un lien, son adresse et son code QR", responses=described(404, 409))
def show_link(link: UUID, caller: Coordinator) -> LinkShown:
    with caller.write() as session:  # who has looked is noted
        found, path = links.shown(session, caller.service.keyring, link)
    return shown_link(found, caller.service.settings.public_url + path)


@router.post(
    "/{link}/renew", summary="Remplacer un lien : l'ancien ne vaut plus rien", responses=described(404, 409)
)
def renew_link(link: UUID, caller: Coordinator) -> LinkShown:
    with caller.write() as session:
        made = links.renew(session, link)
    return shown_link(made, caller.service.settings.public_url + links.path_of(caller.service.keyring, made))


@router.delete("/{link}", summary="Révoquer un lien", responses=described(404))
def revoke_link(link: UUID, caller: Coordinator) -> LinkOut:
    with caller.write() as session:
        return told_link(links.revoke(session, link))
