"""Speaks to a Koha: OAuth2 client credentials or basic authentication, pages, patience, limits.

Everything that is read is bounded: bytes of one answer, pages of a list, seconds of a whole reading.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx2

from api.services.koha.errors import KohaAway, KohaRefused

PER_PAGE = 200
_MOST_PAGES = 500  # 100,000 transfers at once are no library's
_MOST_BYTES = 20 * 1024 * 1024
_TRIES = 3
_BACKOFF_S = (1, 4)
_LONGEST_WAIT_S = 20  # inside one reading; a longer one is left to the next
_WHOLE_S = 300
_TIMEOUT = httpx2.Timeout(20, connect=5)


@dataclass(frozen=True, kw_only=True, slots=True)
class KohaServer:
    """`address` up to before /api. `how` is « oauth » (client_id and client_secret) or « basic »."""

    address: str
    login: str
    secret: str
    how: str = "oauth"


class Koha:
    """A conversation with one server; use it in a `with` block.

    KohaRefused when asking again will not help, KohaAway when it may.
    """

    def __init__(
        self,
        server: KohaServer,
        *,
        transport: httpx2.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
        timeout: httpx2.Timeout = _TIMEOUT,
    ) -> None:
        if not server.address.startswith(("https://", "http://")):
            raise KohaRefused("L'adresse de Koha doit commencer par https:// (ou http://).")
        self._server = server
        self._sleep = sleep
        self._until = time.monotonic() + _WHOLE_S
        self._client = httpx2.Client(
            base_url=server.address.rstrip("/") + "/api/v1",
            timeout=timeout,
            follow_redirects=False,
            transport=transport,
            headers={"Accept": "application/json", "User-Agent": "Navette"},
        )

    def __enter__(self) -> "Koha":
        self._client.__enter__()
        return self

    def __exit__(self, *how: Any) -> None:
        self._client.__exit__(*how)

    def sign_in(self) -> None:
        """Find out who we are, before anything is asked."""
        if self._server.how == "basic":
            self._client.auth = httpx2.BasicAuth(self._server.login, self._server.secret)
            return
        form = {
            "grant_type": "client_credentials",
            "client_id": self._server.login,
            "client_secret": self._server.secret,
        }
        token = self._object(self._ask("POST", "/oauth/token", data=form), "access_token")
        self._client.headers["Authorization"] = f"Bearer {token}"

    def pages(
        self, path: str, params: Mapping[str, str], key: str, embed: str = ""
    ) -> Iterator[list[dict[str, Any]]]:
        """A list, page by page, in the order of `key`, which names each row."""
        headers = {"x-koha-embed": embed} if embed else {}
        seen: set[Any] = set()
        for number in range(1, _MOST_PAGES + 1):
            asked = {**params, "_page": str(number), "_per_page": str(PER_PAGE), "_order_by": key}
            answer = self._ask("GET", path, params=asked, headers=headers)
            rows = _rows(answer)
            fresh = [row for row in rows if row.get(key) not in seen]
            if rows and not fresh:
                raise KohaRefused("Koha redonne toujours la même page : la lecture est arrêtée.")
            seen |= {row.get(key) for row in fresh}
            yield fresh
            total = answer.headers.get("x-total-count", "")
            if not rows or (total.isdecimal() and len(seen) >= int(total)):
                return
            if not total.isdecimal() and len(rows) < PER_PAGE:
                return
        raise KohaRefused(f"La liste de Koha ne finit pas (plus de {_MOST_PAGES} pages) : lecture arrêtée.")

    def _ask(self, method: str, path: str, **how: Any) -> httpx2.Response:
        """One answer, after a few tries where that may help."""
        for attempt in range(_TRIES):
            try:
                return self._once(method, path, **how)
            except KohaAway as away:
                wait = away.wait_s or _BACKOFF_S[min(attempt, len(_BACKOFF_S) - 1)]
                out_of_time = time.monotonic() + wait > self._until
                if attempt == _TRIES - 1 or wait > _LONGEST_WAIT_S or out_of_time:
                    raise
                self._sleep(wait)
        raise AssertionError("unreachable")

    def _once(self, method: str, path: str, **how: Any) -> httpx2.Response:
        if time.monotonic() > self._until:
            raise KohaAway("Koha répond trop lentement : lecture arrêtée après cinq minutes.")
        try:
            with self._client.stream(method, path, **how) as answer:
                body = bytearray()
                for piece in answer.iter_bytes():
                    body += piece
                    if len(body) > _MOST_BYTES:
                        raise KohaRefused("Koha envoie une réponse démesurée : lecture arrêtée.")
        except httpx2.TimeoutException as error:
            raise KohaAway("Koha n'a pas répondu à temps.") from error
        except (httpx2.TransportError, httpx2.DecodingError) as error:
            raise KohaAway("Koha est injoignable. Vérifiez son adresse, ou attendez.") from error
        except httpx2.InvalidURL as error:
            raise KohaRefused("L'adresse de Koha n'est pas une adresse.") from error
        whole = httpx2.Response(
            answer.status_code,
            headers=_without_encoding(answer.headers),
            content=bytes(body),
            request=answer.request,
        )
        _judge(whole, path)
        return whole

    @staticmethod
    def _object(answer: httpx2.Response, name: str) -> str:
        found = _json(answer)
        value = found.get(name) if isinstance(found, dict) else None
        if not isinstance(value, str) or not value:
            raise KohaRefused("Koha n'a pas donné de jeton d'accès. Vérifiez les réglages OAuth2 de Koha.")
        return value


def _without_encoding(headers: httpx2.Headers) -> list[tuple[str, str]]:
    skipped = {"content-encoding", "content-length", "transfer-encoding"}
    return [(name, value) for name, value in headers.items() if name.lower() not in skipped]


def _judge(answer: httpx2.Response, path: str) -> None:
    """Raise for whatever is not a success, in words."""
    status = answer.status_code
    if status == 429:
        raise KohaAway("Koha demande de ralentir (429).", _retry_after(answer))
    if status >= 500:
        raise KohaAway(f"Koha est en panne ou en maintenance ({status}).", _retry_after(answer))
    if 300 <= status < 400:
        raise KohaRefused("Koha renvoie vers une autre adresse. Donnez l'adresse finale, en https://.")
    if path == "/oauth/token" and status in {400, 401, 403, 404}:
        raise KohaRefused(
            f"Koha refuse ces identifiants OAuth2 ({status}). Vérifiez client_id, client_secret et la "
            "préférence RESTOAuth2ClientCredentials."
        )
    if status == 401:
        raise KohaRefused(
            "Koha ne reconnaît pas ce compte (401). Vérifiez l'identifiant et le mot de passe, et la "
            "préférence RESTBasicAuth."
        )
    if status == 403:
        raise KohaRefused(
            f"Le compte n'a pas le droit de lire {path} (403). Donnez-lui dans Koha le droit "
            "circulate_remaining_permissions, et catalogue."
        )
    if status >= 400 and status != 404:
        raise KohaRefused(f"Koha ne comprend pas la demande ({status}).")
    if status == 404:
        raise Missing(path)


class Missing(KohaRefused):
    """Koha has no such list; the caller knows what that means."""

    def __init__(self, path: str) -> None:
        super().__init__(f"Cette adresse n'est pas celle d'un Koha dont l'API répond ({path} : 404).")


def _retry_after(answer: httpx2.Response) -> int:
    said = answer.headers.get("retry-after", "")
    return min(int(said), 86_400) if said.isdecimal() else 0


def _rows(answer: httpx2.Response) -> list[dict[str, Any]]:
    found = _json(answer)
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise KohaRefused("Koha a répondu autre chose qu'une liste. Vérifiez son adresse.")
    return found


def _json(answer: httpx2.Response) -> Any:
    try:
        return json.loads(answer.content)
    except (ValueError, RecursionError) as error:
        raise KohaRefused("Koha n'a pas répondu en JSON. Vérifiez son adresse.") from error
