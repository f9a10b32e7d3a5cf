"""Mail by the server that the settings name: plain text, one person at a time."""

import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from api.settings import Settings

_TIMEOUT_S = 15
_TEMPORARY = range(400, 500)


class NotSent(Exception):  # told in the log of notices, never raised at a person
    """A mail was not taken, and why. `again`: it may be, later. `refused`: the address itself takes none."""

    def __init__(self, why: str, *, again: bool, refused: bool = False) -> None:
        super().__init__(why)
        self.again = again
        self.refused = refused


@dataclass(frozen=True, kw_only=True, slots=True)
class Mail:
    """`name` tells this mail from all others, the same at every attempt."""

    to: str
    subject: str
    text: str
    name: str
    at: datetime
    headers: Mapping[str, str] = field(default_factory=dict)


def send(settings: Settings, mail: Mail) -> None:
    """Hand a mail over. NotSent when the server is away or does not take it."""
    try:
        message = written(settings, mail)
        with _server(settings) as server:
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
            server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        code = next((int(code) for code, _ in error.recipients.values()), 550)
        temporary = code in _TEMPORARY
        raise NotSent(f"Adresse refusée ({code}).", again=temporary, refused=not temporary) from error
    except smtplib.SMTPResponseException as error:
        again = error.smtp_code in _TEMPORARY or isinstance(error, smtplib.SMTPAuthenticationError)
        raise NotSent(f"Réponse {error.smtp_code} du serveur de courrier.", again=again) from error
    except ssl.SSLError as error:  # also a ValueError, where it is about a certificate
        raise NotSent(
            "Le certificat du serveur de courrier n'est pas reconnu : rien ne lui a été dit.", again=True
        ) from error
    except (smtplib.SMTPNotSupportedError, MessageError, ValueError) as error:
        raise NotSent(f"Ce courrier ne peut pas partir : {error}", again=False) from error
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent("Le serveur de courrier ne répond pas.", again=True) from error


def written(settings: Settings, mail: Mail) -> EmailMessage:
    """The message as it goes out. Programs that answer mail by themselves are asked not to."""
    sender = settings.smtp_from or f"Navette <navette@{settings.smtp_host}>"
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = Address(addr_spec=mail.to)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.at)
    domain = message["From"].addresses[0].domain or "navette.invalid"
    message["Message-ID"] = f"<{mail.name}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    for name, value in mail.headers.items():
        message[name] = value
    message.set_content(mail.text)
    return message


def _server(settings: Settings) -> smtplib.SMTP:
    host, port = settings.smtp_host, settings.smtp_port
    if settings.smtp_security == "tls":
        return smtplib.SMTP_SSL(host, port, timeout=_TIMEOUT_S, context=ssl.create_default_context())
    server = smtplib.SMTP(host, port, timeout=_TIMEOUT_S)
    if settings.smtp_security == "starttls":
        try:
            server.starttls(context=ssl.create_default_context())
        except BaseException:
            server.close()
            raise
    return server
