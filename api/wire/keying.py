"""A sheet of paper on the wire: what the plan printed on it, what was keyed in from it, what others told."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, Field

from api.wire.base import Wire, example
from api.wire.progress import Local
from api.wire.scans import clean
from models.custody.facts import ScanKind
from models.custody.visits import VisitState
from models.tables.scans import ScanSource

Clock = Annotated[
    str,
    Field(
        pattern=r"^([01]?\d|2\d|3[0-5]):[0-5]\d$",
        description="L'heure du jour de la tournée, à Paris ; « 25:10 » est une heure dix du lendemain.",
        examples=["10:12"],
    ),
]
Crates = Annotated[int, Field(ge=0, le=10_000)]
Ref = Annotated[str, BeforeValidator(clean), Field(max_length=200, examples=["2026-W49-mar-matin-V1/cassel"])]


class SayingOut(Wire):
    """What one teller says of a square, their last word. `crates` is null for hours and closed doors."""

    source: ScanSource
    teller: str
    at: Local
    time: Clock
    crates: int | None
    scan: Annotated[UUID, Field(description="Le fait, pour le corriger (POST /scans).")]
    counts: Annotated[bool, Field(description="Ce qui vaut aujourd'hui.")]


class SquareOut(Wire):
    """One square of a sheet: what was keyed in from the paper, and what others say of the same thing.

    `conflict`: they contradict each other; `why` then says in words which of them counts, and why.
    """

    kind: ScanKind
    keyed: Annotated[SayingOut | None, Field(description="Ce qui a été recopié ; nul : rien encore.")]
    others: list[SayingOut]
    conflict: bool
    why: Annotated[
        str, Field(examples=["Dominique (téléphone) dit 3, le papier dit 2. Le dernier compte : 3."])
    ]


class SheetVisitOut(Wire):
    """One block of the sheet. `leave` and `take` are what was printed: what a hand that writes nothing else
    has done. `codes` are those of the crates to leave."""

    visit: str
    number: int
    site: str
    name: str
    commune: str
    planned_at: Local
    planned: Clock
    leave: int
    take: int
    codes: list[str]
    state: VisitState
    time: SquareOut
    delivered: SquareOut
    picked_up: SquareOut
    empties: SquareOut
    closed: SquareOut


class SheetOut(Wire):
    """A round as its sheet shows it, in the sheet's order; `current` is false where its plan was replaced."""

    code: str
    label: str
    day: date
    vehicle_name: str
    driver_name: str
    current: bool
    start_at: datetime
    end_at: datetime
    visits: list[SheetVisitOut]
    keyed: Annotated[int, Field(description="Combien de passages ont été recopiés.")]
    conflicts: Annotated[int, Field(description="Combien de cases se contredisent.")]


class KeyedVisitIn(Wire):
    """The squares of one block as the hand filled them; null is an empty square, which takes back what had
    been keyed in of it. Without an hour, the one that others told counts, else the planned one."""

    visit: Ref
    time: Clock | None = None
    delivered: Crates | None = None
    picked_up: Crates | None = None
    empties: Crates | None = None
    closed: bool = False


class SheetIn(Wire):
    """What stands on a sheet of paper. Visits that are not in here stay as they are."""

    model_config = example(
        visits=[
            {
                "visit": "2026-W49-mar-matin-V1/cassel",
                "time": "9:12",
                "delivered": 3,
                "picked_up": 2,
                "empties": 1,
                "closed": False,
            }
        ]
    )

    visits: Annotated[list[KeyedVisitIn], Field(max_length=200)]
