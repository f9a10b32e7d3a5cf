"""Accounts and invitations, for coordinators."""

from uuid import UUID

from fastapi import APIRouter, Response

from api.endpoints.caller import Coordinator
from api.endpoints.paging import Paging
from api.endpoints.problems import described
from api.endpoints.versions import Seen, tagged
from api.repositories import accounts as records
from api.services import accounts, invitations
from api.wire.accounts import (
    AccountChange,
    AccountOut,
    InvitationAsked,
    InvitationMade,
    InvitationOut,
    made_invitation,
    told_account,
    told_invitation,
)
from api.wire.base import Listed, all_of, listed
from models.tables.base import now

router = APIRouter(prefix="/accounts", tags=["accès"])


@router.get("", summary="Les comptes, fermés compris")
def list_accounts(caller: Coordinator, paging: Paging) -> Listed[AccountOut]:
    with caller.read() as session:
        return listed(records.list_accounts(session, paging), told_account)


@router.get("/invitations", summary="Les liens à usage unique encore valables")
def list_invitations(caller: Coordinator) -> Listed[InvitationOut]:
    with caller.read() as session:
        return all_of(records.list_invitations(session, now()), told_invitation)


@router.post("/invitations", summary="Inviter une personne", status_code=201)
def invite(asked: InvitationAsked, caller: Coordinator) -> InvitationMade:
    with caller.write() as session:
        made = invitations.invite(session, asked.role, caller.actor.name)
    return made_invitation(made, caller.service.settings.public_url)


@router.delete(
    "/invitations/{invitation}", summary="Retirer une invitation", status_code=204, responses=described(404)
)
def withdraw(invitation: UUID, caller: Coordinator) -> None:
    with caller.write() as session:
        invitations.withdraw(session, records.get_invitation(session, invitation))


@router.get("/{account}", summary="Un compte", responses=described(404))
def show_account(account: UUID, caller: Coordinator, response: Response) -> AccountOut:
    with caller.read() as session:
        return tagged(response, told_account(records.get_account(session, account)))


@router.patch("/{account}", summary="Changer un nom ou un rôle", responses=described(404, 409, 428))
def change_account(
    account: UUID, asked: AccountChange, caller: Coordinator, seen: Seen, response: Response
) -> AccountOut:
    with caller.write() as session:
        found = accounts.change(session, account, asked.name, asked.role, seen)
        return tagged(response, told_account(found))


@router.delete("/{account}", summary="Fermer un compte", responses=described(404, 409, 428))
def close_account(account: UUID, caller: Coordinator, seen: Seen, response: Response) -> AccountOut:
    with caller.write() as session:
        return tagged(response, told_account(accounts.close(session, account, seen)))


@router.post(
    "/{account}/reset",
    summary="Donner un lien pour choisir un nouveau mot de passe",
    status_code=201,
    responses=described(404, 409),
)
def reset_account(account: UUID, caller: Coordinator) -> InvitationMade:
    with caller.write() as session:
        made = accounts.reset(session, account, caller.actor.name)
    return made_invitation(made, caller.service.settings.public_url)
