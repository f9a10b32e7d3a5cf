"""`Idempotency-Key`: a phone that repeats a request gets the first answer, and nothing happens twice.

def send(message: MessageIn, caller: ..., once: Once) -> MessageOut:
    with caller.write() as session:
        return once(session, caller.actor, message, lambda: messages.send(session, caller.actor, message))
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends, Header, Request
from pydantic import BaseModel
from sqlmodel import Session

from api.services import idempotency
from api.services.actor import Actor

Answer = TypeVar("Answer", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Repeatable:
    """A request that may come again; `key` is None where the client does not care."""

    path: str
    key: str | None

    def __call__(
        self, session: Session, actor: Actor, asked: BaseModel, make: Callable[[], Answer], kind: type[Answer]
    ) -> Answer:
        """The answer of `make`, made once for this actor and key. `kind` reads a remembered answer.

        Conflict when the key came with another request before.
        """
        if self.key is None:
            return make()
        digest = idempotency.digest(self.path, asked.model_dump_json())
        told = idempotency.remembered(session, actor.key, self.key, digest)
        if told is not None:
            return kind.model_validate_json(told)
        answer = make()
        idempotency.remember(session, actor.key, self.key, answer.model_dump_json())
        return answer


def _once(
    request: Request,
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=200,
            description="Une clé par demande : renvoyée, elle donne la même réponse, sans rien refaire.",
            examples=["01932d5e-7c3b-7e6f-8a53-3f4c9b1f0a10"],
        ),
    ] = None,
) -> Repeatable:
    return Repeatable(f"{request.method} {request.url.path}", idempotency_key)


Once = Annotated[Repeatable, Depends(_once)]
