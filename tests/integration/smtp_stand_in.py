"""A mail server on this machine that keeps what it is given, or answers as it is told to."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class PostOffice:
    """`answer` is what a recipient is answered with."""

    port: int = 0
    answer: str = "250 ok"
    got: list[EmailMessage] = field(default_factory=list)


@contextmanager
def post_office() -> Iterator[PostOffice]:
    """Listens on a free port until the block ends."""
    told = PostOffice()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 essai")
            while line := self.rfile.readline():
                word = line.strip().upper()
                if word.startswith(b"RCPT"):
                    self._say(told.answer)
                elif word == b"DATA":
                    self._say("354 go on")
                    self._take()
                    self._say("250 ok")
                elif word == b"QUIT":
                    self._say("221 bye")
                    return
                else:
                    self._say("250 ok")

        def _take(self) -> None:
            lines = []
            while (line := self.rfile.readline()) not in {b".\r\n", b""}:
                lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
            told.got.append(message_from_bytes(b"".join(lines), policy=policy.default))

        def _say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    told.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
