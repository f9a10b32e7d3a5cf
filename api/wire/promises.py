"""When a document asked for at one library will be at another, on the wire."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field

from api.wire.base import Wire, example
from models.service_day import PARIS

Local = Annotated[datetime, AfterValidator(lambda moment: moment.astimezone(PARIS))]


class PromiseState(StrEnum):
    """What people are told, in one word. Of a question without a document: « prévu » where a date can be
    told, « en attente » where no visit is known that would take it along, « inconnu » where no rounds are
    known at all."""

    DELIVERED = "livré"
    TRAVELLING = "en route"
    PLANNED = "prévu"
    WAITING = "en attente"
    UNKNOWN = "inconnu"


class StepKind(StrEnum):
    """What happens at a step of the way."""

    READY = "ready"
    PICKUP = "pickup"
    SORTING = "sorting"
    DELIVERY = "delivery"
    OPENING = "opening"


class StepOut(Wire):
    """Une étape du trajet. `words` se lit seul : « prochaine levée à Bailleul mardi 1er décembre, 10 h »."""

    what: StepKind
    site: Annotated[str, Field(description="Code du lieu.", examples=["cassel"])]
    commune: Annotated[str, Field(examples=["Cassel"])]
    early_at: Local
    late_at: Annotated[Local, Field(description="Égal à `early_at` pour un instant.")]
    words: str


class PickupOut(Wire):
    """Le passage qui prend le document. `visit` est `tournée/lieu`."""

    visit: Annotated[str, Field(examples=["2026-W49-mar-matin-V1/bailleul"])]
    day: date
    announced_early_at: Local
    announced_late_at: Local


class PromiseOut(Wire):
    """Quand un document demandé à `origin` sera à `destination`.

    Every instant is None where it is not known; nothing is invented. `sentence` can be copied for the reader
    as it stands; `chain` is the way in one line; `basis` says what all this rests on, and `basis_at` how old
    that is.
    """

    state: PromiseState
    origin: Annotated[str, Field(description="Code du lieu de départ ; vide s'il est inconnu.")]
    destination: Annotated[str, Field(description="Code du lieu d'arrivée ; vide s'il est inconnu.")]
    item: Annotated[str, Field(description="Code-barres du document ou code du bac, s'il y en a un.")] = ""
    asked_at: Annotated[Local, Field(description="L'instant de la demande.")]
    ready_by: Annotated[
        Local | None, Field(description="Dernier moment pour que le premier passage le prenne.")
    ] = None
    pickup: PickupOut | None = None
    earliest_at: Annotated[Local | None, Field(description="Arrivée si tout se passe comme prévu.")] = None
    likely_at: Annotated[Local | None, Field(description="Arrivé avant, une fois sur deux au moins.")] = None
    early_at: Annotated[
        Local | None, Field(description="Début du créneau annoncé du passage qui tient la promesse.")
    ] = None
    late_at: Annotated[
        Local | None,
        Field(description="Fin de ce créneau, élargi si les retards connus le demandent ; égal à `due_at`."),
    ] = None
    due_at: Annotated[
        Local | None, Field(description="La date promise : arrivé avant, 9 fois sur 10 au moins.")
    ] = None
    chance_permille: Annotated[
        int | None, Field(ge=0, le=999, description="Chances d'être arrivé à `due_at`, sur mille.")
    ] = None
    chance_words: Annotated[str, Field(examples=["9 chances sur 10"])] = ""
    worst_at: Annotated[Local | None, Field(description="Arrivé avant, 99 fois sur 100 au moins.")] = None
    available_at: Annotated[
        Local | None, Field(description="Première ouverture au public à partir de `due_at`.")
    ] = None
    steps: list[StepOut] = Field(default_factory=list)
    sentence: Annotated[str, Field(description="À copier pour le lecteur.")]
    chain: Annotated[str, Field(description="Le trajet en une ligne ; vide quand il n'est pas connu.")] = ""
    basis: Annotated[str, Field(description="D'où cela est su, en une phrase.")]
    basis_at: Annotated[Local | None, Field(description="De quand date ce savoir.")] = None
    age_s: Annotated[int | None, Field(ge=0, description="Âge de ce savoir, en secondes.")] = None


MOST = 500  # questions of one request


class PromiseIn(Wire):
    """Une question : d'où, vers où, demandé quand (maintenant si rien n'est dit)."""

    origin: Annotated[str, Field(alias="from", min_length=1, max_length=100, examples=["bailleul"])]
    destination: Annotated[str, Field(alias="to", min_length=1, max_length=100, examples=["cassel"])]
    at: datetime | None = None


class PromisesIn(Wire):
    """Plusieurs questions à la fois, 500 au plus."""

    model_config = example(questions=[{"from": "bailleul", "to": "cassel"}])

    questions: list[PromiseIn]


class RefusedOut(Wire):
    """Une question sans réponse possible : son rang à partir de 0, et pourquoi."""

    number: int
    reasons: list[str]


class PromisesOut(Wire):
    """Les réponses, dans l'ordre des questions ; `null` là où la question est refusée."""

    promises: list[PromiseOut | None]
    refused: list[RefusedOut]


class MatrixOut(Wire):
    """Délais entre toutes les bibliothèques, en secondes, demandés à une heure ordinaire de la semaine.

    `[départ][arrivée]`, dans l'ordre de `sites` ; nul quand les passages connus ne suffisent pas, et de
    chaque lieu à lui-même.
    """

    sites: list[str]
    from_at: Local
    hours: Annotated[int, Field(description="Heures de demande prises en compte.")]
    median_s: Annotated[list[list[int | None]], Field(description="Arrivé dans ce délai une fois sur deux.")]
    ninety_s: Annotated[list[list[int | None]], Field(description="Arrivé dans ce délai 9 fois sur 10.")]
    basis: str
