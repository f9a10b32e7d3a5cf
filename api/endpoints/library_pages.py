"""« Ma bibliothèque »: what a library reads at its personal link, and the small things it does there."""

import hashlib
from contextlib import suppress
from typing import Annotated, Any

from fastapi import APIRouter, Form, Header, Query
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup

from api.endpoints.library_caller import AtHome, Home
from api.endpoints.templates import PAGES
from api.repositories import library
from api.repositories import messages as stored
from api.services import push_wishes
from api.services.library import actions, feed, home
from api.services.library.reading import crates_typed
from api.services.library.repeat import once
from api.wire.library import MessageForm, ReadyForm, ReceivedForm
from models.errors import InputError, NavetteError, Unavailable

router = APIRouter(tags=["pages"], include_in_schema=False, default_response_class=HTMLResponse)
Done = Annotated[str, Query(alias="fait", max_length=20)]
_THREAD = 40


@router.get("/b/{token}")
def home_page(at_home: Home, done: Done = "") -> Response:
    return _home(at_home, done=done)


@router.get("/b/{token}/suivi")
def live_part(at_home: Home, known: Annotated[str, Header(alias="If-None-Match")] = "") -> Response:
    """The part that changes, for a page that is left open."""
    with at_home.caller.read() as session:
        live = home.live(session, at_home.caller.service, at_home.caller.actor, at_home.at)
    part, tag = _live_part(live)
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if tag in known:
        return Response(status_code=304, headers=headers)
    return HTMLResponse(part, headers=headers)


@router.post("/b/{token}/prets")
def say_ready(at_home: Home, form: Annotated[ReadyForm, Form()]) -> Response:
    try:
        crates, sent = crates_typed(form.bacs), at_home.sent(form.key)
        with at_home.caller.write() as session:
            once(session, sent, f"prets:{crates}", lambda: actions.ready(session, sent, crates))
    except NavetteError as error:
        return _home(at_home, error, about="prets", typed=form.bacs)
    return at_home.back(done="prets")


@router.post("/b/{token}/prets/annuler")
def take_back_ready(at_home: Home) -> Response:
    with at_home.caller.write() as session:
        actions.not_ready(session, at_home.sent(""))
    return at_home.back(done="annule")


@router.post("/b/{token}/recu")
def say_received(at_home: Home, form: Annotated[ReceivedForm, Form()]) -> Response:
    try:
        crates, sent = crates_typed(form.bacs), at_home.sent(form.key)
        with at_home.caller.write() as session:
            actions.received(session, sent, form.passage, crates)
    except NavetteError as error:
        return _home(at_home, error, about="recu", typed=form.bacs)
    return at_home.back(done="recu")


@router.get("/b/{token}/messages")
def messages_page(at_home: Home, done: Done = "") -> Response:
    return _messages(at_home, done=done)


@router.post("/b/{token}/messages")
def send_message(at_home: Home, form: Annotated[MessageForm, Form()]) -> Response:
    sent = at_home.sent(form.key)
    try:
        with at_home.caller.write() as session:
            once(session, sent, f"message:{form.texte}", lambda: actions.write(session, sent, form.texte))
    except InputError as error:
        return _messages(at_home, error, typed=form.texte)
    return at_home.back("/messages", "message")


@router.get("/b/{token}/agenda")
def calendar_page(at_home: Home) -> Response:
    with at_home.caller.read() as session:
        whose = home.whose(session, at_home.site)
        url = feed.address(session, at_home.caller.service, at_home.site)
    return at_home.shown("agenda", whose=whose, url=url)


@router.post("/b/{token}/agenda")
def make_calendar(at_home: Home) -> Response:
    with at_home.caller.write() as session:
        feed.make(session, at_home.caller.actor)
    return at_home.back("/agenda")


def _home(at_home: AtHome, error: NavetteError | None = None, **seen: Any) -> Response:
    with at_home.caller.read() as session:
        shown = home.home(session, at_home.caller.service, at_home.caller.actor, at_home.at)
        part, tag = _live_part(shown.live)
        seen |= {"push": push_wishes.offer(session, at_home.caller.service, at_home.site)}
        return at_home.shown("accueil", error, home=shown, whose=shown.whose, part=part, tag=tag, **seen)


def _live_part(live: home.Live) -> tuple[Markup, str]:
    """The part that changes, and what tells it from an earlier one."""
    text = PAGES.get_template("bibliotheque/vivant.html.j2").render(live=live)
    return Markup(text), f'"{hashlib.sha256(text.encode()).hexdigest()[:24]}"'


def _messages(at_home: AtHome, error: NavetteError | None = None, **seen: Any) -> Response:
    with at_home.caller.read() as session:
        thread = library.last_messages(session, at_home.site, _THREAD)
        whose = home.whose(session, at_home.site)
        answer = at_home.shown("messages", error, whose=whose, thread=thread, **seen)
    unread = [one for one in thread if not one.from_library and one.read_at is None]
    if unread:
        with suppress(Unavailable), at_home.caller.service.database.write(patient=False) as session:
            stored.mark_read(session, unread[-1], from_library=False)
    return answer
