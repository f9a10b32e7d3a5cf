"""A library at its own page: let in by the token in the address, and by nothing else.

No cookie counts here, so no other site can have a browser do anything: whoever knows the address may.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.endpoints.browser import Address
from api.endpoints.caller import Anyone, Caller
from api.endpoints.templates import page, see_other
from api.service import Service
from api.services.library import entry, phrases
from api.services.library.repeat import Sent, new_key
from models.errors import NavetteError
from models.tables.base import now


@dataclass(frozen=True, kw_only=True, slots=True)
class AtHome:
    """A library, its address, and when it asks."""

    caller: Caller
    site: str
    base: str
    request: Request
    at: datetime

    def sent(self, key: str) -> Sent:
        """A form of this library."""
        return Sent(actor=self.caller.actor, key=key, at=self.at)

    def shown(self, name: str, error: NavetteError | None = None, **seen: Any) -> HTMLResponse:
        """One of its pages."""
        common: dict[str, Any] = {"base": self.base, "today": phrases.iso_today(self.at), "new_key": new_key}
        return page(self.request, f"bibliotheque/{name}.html.j2", error, **common | seen)

    def back(self, path: str = "", done: str = "") -> RedirectResponse:
        """To one of its pages; `done` says what was just done."""
        return see_other(f"{self.base}{path}" + (f"?fait={done}#fait" if done else ""))


def _at_home(
    request: Request,
    caller: Anyone,
    address: Address,
    token: Annotated[str, Path(min_length=1, max_length=200)],
) -> AtHome:
    actor = entry.entered(caller.service, token, address)
    assert actor.site is not None
    mine = replace(caller, actor=actor)
    return AtHome(caller=mine, site=actor.site, base=f"/b/{token}", request=request, at=now())


Home = Annotated[AtHome, Depends(_at_home)]


def handle_lost_links(app: FastAPI) -> None:
    """Have those whose link opens nothing read whom to call."""
    app.add_exception_handler(entry.LostLink, _lost)


def _lost(request: Request, error: Exception) -> Response:
    assert isinstance(error, entry.LostLink)
    service: Service = request.app.state.service
    with service.database.read() as session:
        seen: dict[str, Any] = {"help": entry.help_of(session), "served": error.served}
    return page(request, "bibliotheque/perdu.html.j2", status=404, **seen)
