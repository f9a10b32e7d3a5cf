"""How the driver gets in, by what is known of a library: its staff, its neighbours, its size.

First rule that fits: open two hours a week or less → « ouverture »; employees → « équipe »; a stand-in → the
counter of a larger village's town hall, « ouverture » in a smaller one; an address that names the town hall →
« mairie »; eleven volunteers, one of whom can lend a key → « clé »; 150 m² → « boîte »; others « ouverture ».
"""

from dataclasses import dataclass

from models.network.assume.clock import Week, daily, draw, opening_hours, union, weekdays_only
from models.network.values import Access

_MORNING = (9 * 60, 12 * 60)


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What is known of a library. `minutes` open in a week; `inhabitants` of its commune; 0 when unknown."""

    key: str
    address: str
    stand_in: bool
    minutes: int
    inhabitants: int
    employees: int
    volunteers: int
    floor_m2: int
    stock: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Door:
    """An access, the hours it gives (empty: the public ones), and a note for the driver."""

    access: Access
    hours: str = ""
    note: str


def door(facts: Facts, opening: Week) -> Door:
    """How the driver gets into a library."""
    access = _access(facts)
    if access is Access.STAFF:
        hours = opening_hours(weekdays_only(union(opening, _staff(facts))))
        return Door(access=access, hours=hours, note="Sonner, l'équipe ouvre")
    if access is Access.TOWN_HALL:
        hours = opening_hours(_counter(facts))
        return Door(access=access, hours=hours, note="Bacs au guichet de la mairie")
    if access is Access.KEY:
        return Door(access=access, hours="Mo-Fr 08:00-18:00; PH off", note="Le chauffeur a la clé")
    if access is Access.BOX:
        return Door(access=access, hours="Mo-Fr 07:00-19:00; PH off", note="Coffre à bacs à l'extérieur")
    return Door(access=access, note="Pendant l'ouverture au public seulement")


def _access(facts: Facts) -> Access:
    if facts.minutes <= 120:
        return Access.OPENING
    if facts.employees:
        return Access.STAFF
    if facts.stand_in:
        return Access.TOWN_HALL if facts.inhabitants >= 700 else Access.OPENING
    if any(word in facts.address.lower() for word in ("mairie", "hôtel-de-ville")):
        return Access.TOWN_HALL
    if facts.volunteers >= 11:
        return Access.KEY
    return Access.BOX if facts.floor_m2 >= 150 else Access.OPENING


def _staff(facts: Facts) -> Week:
    """When employees are there without readers: five of them make a full week, fewer some mornings."""
    if facts.employees >= 5:
        return daily("Mo,Tu,We,Th,Fr", ((8 * 60 + 30, 12 * 60), (13 * 60 + 30, 17 * 60 + 30)))
    if facts.minutes >= 14 * 60:
        return daily("Tu,We,Th,Fr", (_MORNING,))
    return daily(("Tu,Th", "We,Fr")[draw(f"{facts.key} staff", 2)], (_MORNING,))


def _counter(facts: Facts) -> Week:
    """When the town hall's counter is open: every weekday morning, four, or two half-days."""
    if facts.inhabitants >= 1500:
        return daily("Mo,Tu,We,Th,Fr", (_MORNING,))
    if facts.inhabitants >= 800:
        return daily("Mo,Tu,Th,Fr", (_MORNING,))
    halves = (
        daily("Mo,Th", ((9 * 60, 11 * 60 + 30),)),
        daily("Tu,Fr", ((9 * 60 + 30, 12 * 60),)),
        daily("Tu,Th", ((14 * 60, 16 * 60 + 30),)),
    )
    return halves[draw(f"{facts.key} counter", len(halves))]
