"""A mail server on this machine that speaks TLS and wants a password, as those of providers do."""

import base64
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "navette@exemple.fr", "un mot de passe"
_LOGIN = base64.b64encode(f"\0{USER}\0{PASSWORD}".encode()).decode()


@dataclass
class Secure:
    """`plain` are the lines that came outside of TLS, `got` the mails. `offers`: STARTTLS is offered."""

    certificate: Path
    port: int = 0
    offers: bool = True
    plain: list[str] = field(default_factory=list)
    got: list[str] = field(default_factory=list)


@contextmanager
def secure_office(folder: Path, *, at_once: bool = False) -> Iterator[Secure]:
    """Listens on a free port of 127.0.0.1 until the block ends; `at_once`: TLS from the first byte."""
    told = Secure(certificate=_certificate(folder))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(told.certificate)
    with socketserver.ThreadingTCPServer(
        ("127.0.0.1", 0), lambda *caller: _Talk(told, context, at_once, *caller)
    ) as server:
        told.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield told
        finally:
            server.shutdown()
            thread.join()


class _Talk(socketserver.BaseRequestHandler):
    """One caller, answered until it leaves."""

    def __init__(self, told: Secure, context: ssl.SSLContext, at_once: bool, *caller: Any) -> None:
        self._told, self._context, self._at_once = told, context, at_once
        self._secret = self._known = False
        self._lines: Any = None
        super().__init__(*caller)

    def handle(self) -> None:
        try:
            if self._at_once:
                self._hide()
            self._lines = self.request.makefile("rb")
            self._say("220 essai")
            while (line := self._line()) and self._answered(line):
                pass
        except OSError:  # the other side does not trust us, and hangs up
            pass
        finally:
            if self._lines is not None:
                self._lines.close()
            self.request.close()

    def _answered(self, line: str) -> bool:
        """Whether the talk goes on."""
        word = line.split(" ", maxsplit=1)[0].upper()
        doing = {"EHLO": self._hello, "STARTTLS": self._start, "AUTH": self._judge, "DATA": self._take}
        if word in doing:
            doing[word](line)
        elif word == "QUIT":
            self._say("221 bye")
        else:
            self._say("250 ok" if self._known else "530 who are you")
        return word != "QUIT"

    def _hello(self, _: str) -> None:
        can = "AUTH PLAIN" if self._secret else "STARTTLS" if self._told.offers else "HELP"
        self._say(f"250-essai\r\n250 {can}")

    def _start(self, _: str) -> None:
        self._say("220 go on")
        self._lines.close()
        self._hide()
        self._lines = self.request.makefile("rb")

    def _judge(self, line: str) -> None:
        self._known = self._secret and line == f"AUTH PLAIN {_LOGIN}"
        self._say("235 welcome" if self._known else "535 no")

    def _take(self, _: str) -> None:
        self._say("354 go on")
        self._told.got.append("\n".join(iter(self._line, ".")))
        self._say("250 ok")

    def _hide(self) -> None:
        self.request = self._context.wrap_socket(self.request, server_side=True)
        self._secret = True

    def _line(self) -> str:
        line: str = self._lines.readline().decode().removesuffix("\r\n")
        if line and not self._secret:
            self._told.plain.append(line)
        return line

    def _say(self, text: str) -> None:
        self.request.sendall(f"{text}\r\n".encode())


def _certificate(folder: Path) -> Path:
    """A certificate of 127.0.0.1 that nobody has signed but itself, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "un essai")])
    begun = datetime.now(UTC) - timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begun)
        .not_valid_after(begun + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "certificate.pem"
    path.write_bytes(made.public_bytes(pem) + secret)
    return path
