"""What the forms of a library's page send. Nothing is required here: what is missing is told on the page."""

from typing import Annotated

from pydantic import Field

from api.wire.forms import PageForm

_Short = Annotated[str, Field(max_length=200)]
_Key = Annotated[str, Field(max_length=80)]


class ReadyForm(PageForm):
    """« Bacs prêts » : how many; `key` is the same when a form is sent again."""

    bacs: _Short = ""
    key: _Key = ""


class ReceivedForm(ReadyForm):
    """« Bien reçu » : at which visit."""

    passage: _Short = ""


class ClosureForm(PageForm):
    """« Nous serons fermés » : from, to, why."""

    du: _Short = ""
    au: _Short = ""
    motif: _Short = ""
    key: _Key = ""


class WithdrawForm(PageForm):
    """Taking a closure back: the version that was looked at."""

    version: int = 0


class MessageForm(PageForm):
    """A message to the coordination."""

    texte: Annotated[str, Field(max_length=20_000)] = ""
    key: _Key = ""


class NoticeForm(PageForm):
    """Where to write when the window of a visit breaks."""

    adresse: Annotated[str, Field(max_length=400)] = ""


class DeviceForm(PageForm):
    """What a browser gives, to be told when the window of a visit breaks. Written by a script."""

    adresse: Annotated[str, Field(max_length=4000)] = ""
    p256dh: Annotated[str, Field(max_length=400)] = ""
    auth: Annotated[str, Field(max_length=400)] = ""
