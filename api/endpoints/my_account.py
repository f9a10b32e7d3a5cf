"""One's own account: password, second factor, browsers."""

from uuid import UUID

from fastapi import APIRouter

from api.endpoints.browser import Mine, TheBrowser
from api.endpoints.caller import Staff
from api.endpoints.problems import described
from api.repositories.accounts import list_sessions
from api.security.totp import qr_svg
from api.services import my_account
from api.wire.base import Listed, all_of
from api.wire.signing import CodeGiven, PasswordChange, PasswordGiven, SecondFactorOut, SessionOut
from models.tables.base import now
from models.tables.people import SessionRecord

router = APIRouter(prefix="/me", tags=["identification"])


@router.get("/sessions", summary="Mes sessions ouvertes")
def my_sessions(caller: Staff, mine: Mine) -> Listed[SessionOut]:
    def told(record: SessionRecord) -> SessionOut:
        fields = record.model_dump(exclude={"account", "token"})
        return SessionOut(**fields, current=record.id == mine.id)

    with caller.read() as session:
        return all_of(list_sessions(session, mine.account, now(), caller.service.settings.session_idle), told)


@router.delete(
    "/sessions/{session}", summary="Terminer une session", status_code=204, responses=described(404)
)
def end_session(session: UUID, caller: Staff, mine: Mine) -> None:
    my_account.end_browser(caller.service, mine, session, caller.request)


@router.post("/password", summary="Changer mon mot de passe", status_code=204)
def change_password(asked: PasswordChange, caller: Staff, mine: Mine, browser: TheBrowser) -> None:
    my_account.change_password(caller.service, mine, asked.current, asked.new, browser)


@router.post("/totp", summary="Préparer un second facteur", responses=described(409))
def start_totp(asked: PasswordGiven, caller: Staff, mine: Mine, browser: TheBrowser) -> SecondFactorOut:
    offered = my_account.start_second_factor(caller.service, mine, asked.password, browser)
    return SecondFactorOut(
        secret=offered.secret, uri=offered.uri, pending=offered.pending, qr_svg=qr_svg(offered.uri)
    )


@router.post(
    "/totp/confirm", summary="Confirmer le second facteur", status_code=204, responses=described(409)
)
def confirm_totp(asked: CodeGiven, caller: Staff, mine: Mine) -> None:
    my_account.confirm_second_factor(caller.service, mine, asked.pending, asked.code, caller.request)


@router.post("/totp/stop", summary="Arrêter le second facteur", status_code=204)
def stop_totp(asked: PasswordGiven, caller: Staff, mine: Mine, browser: TheBrowser) -> None:
    my_account.stop_second_factor(caller.service, mine, asked.password, browser)
