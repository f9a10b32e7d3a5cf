"""What stands in the mails to libraries: plain text, short, with the way out of it."""

from datetime import datetime

from sqlmodel import Session

from api.repositories import notices as stored
from api.service import Service
from api.services.mail import Mail
from api.services.notice_words import subject, why
from api.services.notices import CONFIRM_WITHIN, PURPOSE, token_of
from maps import words
from models.tables.predictions import NoticeRecord, NoticeWishRecord


def confirmation(session: Session, service: Service, wish: NoticeWishRecord, at: datetime) -> Mail:
    """The first mail: whoever reads it says whether they want the others."""
    site = stored.get_site(session, wish.site)
    text = f"""Bonjour,

Quelqu'un a demandé, depuis la page de la bibliothèque « {site.name} » ({site.commune}), que cette adresse soit prévenue quand l'heure de passage de la navette change.

Si c'est bien vous, confirmez ici :
{_link(service, wish)}

Sinon, ne faites rien : vous ne recevrez plus rien, et votre adresse sera effacée dans {CONFIRM_WITHIN.days} jours.
"""  # noqa: E501  # lines of a mail end where its reader's window does
    return Mail(
        to=service.keyring.decrypt(wish.address, PURPOSE),
        subject=words.typeset(f"Navette à {site.commune} : confirmez votre adresse"),
        text=words.typeset(text),
        name=f"confirmer-{wish.id}",
        at=at,
    )


def news(
    session: Session, service: Service, notice: NoticeRecord, wish: NoticeWishRecord, at: datetime
) -> Mail:
    """A window that is another one, or a visit that does not take place."""
    site = stored.get_site(session, notice.site)
    link = _link(service, wish)
    text = f"""Bonjour,

{notice.words}

{why(notice)} Inutile de répondre. L'heure à jour est sur la page de votre bibliothèque.

Ne plus recevoir ces avis :
{link}
"""
    return Mail(
        to=service.keyring.decrypt(wish.address, PURPOSE),
        subject=subject(notice, site.commune),
        text=words.typeset(text),
        name=f"avis-{notice.id}-{wish.id}",
        at=at,
        headers={
            "List-Unsubscribe": f"<{link}/arreter>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",  # RFC 8058
        },
    )


def _link(service: Service, wish: NoticeWishRecord) -> str:
    return f"{service.settings.public_url}/avis/{token_of(service, wish.id)}"
