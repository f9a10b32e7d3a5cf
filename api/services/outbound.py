"""Requests to addresses that somebody typed in: never into our own network, never for long, never far.

The name is resolved once, every address it has is looked at, and the connection goes to the very address that
was looked at, so that a name that changes its mind in between changes nothing.
"""

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import urlsplit

import httpx2

from models.errors import InputError

Resolver: TypeAlias = Callable[[str, int], Sequence[str]]
_Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_TIMEOUT = httpx2.Timeout(5, connect=5)
_WHOLE_S = 15
_MOST_BYTES = 64 * 1024


class Unreachable(Exception):  # told in the log of deliveries, never raised at a person
    """It did not work, and why, in French."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """Where to, taken apart. `host` is a name or an address, as it was written."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """What the header Host says."""
        usual = {"https": 443, "http": 80}[self.scheme]
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == usual else f"{host}:{self.port}"


def system_resolver(host: str, port: int) -> Sequence[str]:
    """Every address of a name; also understands 127.1, 0x7f.1 and 2130706433, as connecting would."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


def target_of(url: str, *, private: bool) -> Target:
    """A URL taken apart. InputError for what is none, or names an address of our own network itself.

    `private`: such addresses are allowed, and plain http too.
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode() if parts.hostname else ""
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
    except (ValueError, UnicodeError) as error:
        raise InputError("Cette adresse n'en est pas une.") from error
    if parts.scheme != "https" and not (private and parts.scheme == "http"):
        raise InputError("L'adresse doit commencer par https://.")
    if not host or not port or parts.username or parts.password or not url.isprintable() or " " in url:
        raise InputError("Donnez une adresse entière, sans identifiants : https://exemple.fr/chemin.")
    if not private and (host == "localhost" or _is_ours(host)):
        raise InputError(_refusal(host))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(scheme=parts.scheme, host=host, port=port, path=path)


def checked_address(target: Target, resolver: Resolver, *, private: bool) -> str:
    """The address to connect to. Unreachable when there is none, or any of them is in our own network."""
    try:
        addresses = list(dict.fromkeys(resolver(target.host, target.port)))
    except (OSError, UnicodeError) as error:
        raise Unreachable(f"Le nom {target.host} n'existe pas, ou n'est pas connu d'ici.") from error
    if not addresses:
        raise Unreachable(f"Le nom {target.host} n'a pas d'adresse.")
    if not private:
        for address in addresses:
            if not is_public(address):
                raise Unreachable(_refusal(address))
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether an address is one of the whole Internet's, also under its disguises."""
    try:
        found: _Address = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    for inner in _inside(found):
        if not inner.is_global or inner.is_multicast or inner.is_reserved or inner.is_unspecified:
            return False
    return True


def _inside(address: _Address) -> list[_Address]:
    """An address, and the IPv4 addresses that it stands for."""
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    if address.ipv4_mapped is not None:
        return [address.ipv4_mapped]
    found: list[_Address] = [address]
    if address.sixtofour is not None:
        found.append(address.sixtofour)
    if address.teredo is not None:
        found += address.teredo
    if address in _NAT64:
        return [ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)]
    return found


def _is_ours(host: str) -> bool:
    """Whether a host is written as an address, and one of our own network."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return not is_public(host)


def _refusal(address: str) -> str:
    return (
        f"L'adresse {address} est celle d'un réseau privé : Navette n'y envoie rien. "
        "(Réglage NAVETTE_WEBHOOK_PRIVATE.)"
    )


def post(
    target: Target,
    address: str,
    body: str | bytes,
    headers: Mapping[str, str],
    *,
    verify: ssl.SSLContext | bool = True,
) -> tuple[int, str]:
    """Send (JSON, where `headers` say nothing else), follow nowhere, read little; the status and the
    beginning of the answer.

    Unreachable when there was no answer in time.
    """
    place = f"[{address.partition('%')[0]}]" if ":" in address else address
    url = f"{target.scheme}://{place}:{target.port}{target.path}"
    sent = {"Content-Type": "application/json", **headers, "Host": target.authority, "User-Agent": "Navette"}
    raw = body.encode() if isinstance(body, str) else body
    client = httpx2.Client(timeout=_TIMEOUT, follow_redirects=False, trust_env=False, verify=verify)
    watch = threading.Timer(_WHOLE_S, client.close)  # an answer that drips is cut off
    watch.daemon = True
    watch.start()
    try:
        with client.stream(
            "POST", url, content=raw, headers=sent, extensions={"sni_hostname": target.host}
        ) as answer:
            return answer.status_code, _beginning(answer)
    except httpx2.TimeoutException as error:
        raise Unreachable("Pas de réponse à temps.") from error
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError, RuntimeError) as error:
        raise Unreachable(f"Pas de connexion : {type(error).__name__}.") from error
    finally:
        watch.cancel()
        with suppress(Exception):
            client.close()


def _beginning(answer: httpx2.Response) -> str:
    until = time.monotonic() + _WHOLE_S
    body = bytearray()
    with suppress(httpx2.HTTPError, RuntimeError):  # the status is what counts
        for piece in answer.iter_raw():
            body += piece
            if len(body) > _MOST_BYTES or time.monotonic() > until:
                break
    return bytes(body[:200]).decode("utf-8", errors="replace")
