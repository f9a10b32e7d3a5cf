"""What a notice says, by whatever way it goes."""

from maps import words
from models.service_day import PARIS
from models.tables.predictions import NoticeRecord

_WHY = {
    "plan": "Le planning a changé.",
    "closure": "La fermeture a été acceptée par la coordination.",
    "road": "C'est ce que disent les derniers pointages de la tournée du jour.",
}


def subject(notice: NoticeRecord, commune: str) -> str:
    """« Navette à Cassel, jeudi 3 décembre : nouvelle heure »."""
    day = words.day(notice.early_at.astimezone(PARIS).date())
    what = "pas de passage" if notice.gone else "nouvelle heure"
    return words.typeset(f"Navette à {commune}, {day} : {what}")


def why(notice: NoticeRecord) -> str:
    """Where this is known from, in a sentence."""
    return words.typeset(_WHY[notice.why])
