"""What forms of pages send. Nothing is required here: what is missing is told on the page itself."""

from pydantic import BaseModel, ConfigDict


class PageForm(BaseModel):
    """Frozen; fields of others, such as `csrf`, are left to others."""

    model_config = ConfigDict(frozen=True)


class SignInForm(PageForm):
    """/connexion; `suite` is the path to go on to."""

    login: str = ""
    password: str = ""
    suite: str = "/"


class CodeForm(PageForm):
    """/connexion/code, and confirming a second factor."""

    pending: str = ""
    code: str = ""
    suite: str = "/"


class ChosenForm(PageForm):
    """/invitation."""

    name: str = ""
    login: str = ""
    password: str = ""


class PasswordForm(PageForm):
    """/mon-compte/mot-de-passe."""

    current: str = ""
    new: str = ""
