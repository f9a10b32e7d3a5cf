"""Signing in, and what people see and change of their own account, on the wire."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from api.services.actor import Role
from api.wire.base import Wire

Login = Annotated[str, Field(min_length=1, max_length=80, examples=["camille.durand"])]
Password = Annotated[str, Field(min_length=1, max_length=200, examples=["quatre mots sans rapport"])]
Code = Annotated[str, Field(min_length=6, max_length=10, examples=["123456"])]
Pending = Annotated[str, Field(max_length=2000, description="À renvoyer tel quel, avec le code.")]


class SignInAsked(Wire):
    """Who signs in."""

    login: Login
    password: Password


class CodeGiven(Wire):
    """The second factor, with what was answered to the password."""

    pending: Pending
    code: Code


class SignInOut(Wire):
    """`signed_in`: a session has begun, its cookie is set, `csrf` goes into `X-CSRF-Token` of whatever
    changes something. `code_needed`: send `pending` and the code to /login/code within five minutes."""

    state: Literal["signed_in", "code_needed"]
    csrf: Annotated[str | None, Field(description="À renvoyer dans `X-CSRF-Token`.")] = None
    pending: str | None = None


class AccountSeen(Wire):
    """The account behind a session."""

    id: UUID
    login: str
    second_factor: bool


class MeOut(Wire):
    """Who asks, and what they may. `account` and `csrf` only where a browser has signed in."""

    role: Role
    name: str
    site: str | None = None
    driver: str | None = None
    device: UUID | None = None
    scopes: list[str] = Field(default_factory=list)
    may: Annotated[list[str], Field(examples=[["read", "change", "administer"]])]
    account: AccountSeen | None = None
    csrf: str | None = None


class SessionOut(Wire):
    """A browser that has signed in; `current` is the one that asks."""

    id: UUID
    current: bool
    user_agent: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


class PasswordChange(Wire):
    """A new password; the current one proves who asks."""

    current: Password
    new: Password


class PasswordGiven(Wire):
    """The password once more, to prove who asks."""

    password: Password


class SecondFactorOut(Wire):
    """To be read by an application on a phone, then confirmed with its first code."""

    secret: str
    uri: str
    qr_svg: Annotated[str, Field(description="Le code QR, en SVG.")]
    pending: str
