"""What the plan shows of its sites and rounds in a few words: pins, access, and what is only assumed."""

from datetime import date

from maps import words
from models.network.values import Access, Site
from models.plan import Plan, Round, Visit

_LETTERS = ("L", "Ma", "Me", "J", "V", "S", "D")
_ACCESS = {
    Access.OPENING: "Quelqu’un vous reçoit pendant l’ouverture",
    Access.STAFF: "L’équipe vous ouvre",
    Access.KEY: "Vous ouvrez avec la clé",
    Access.BOX: "Boîte de dépôt, à toute heure",
    Access.TOWN_HALL: "Le guichet de la mairie garde les bacs",
}
_ACCESS_WORD = {
    Access.OPENING: "Ouverture",
    Access.STAFF: "Équipe",
    Access.KEY: "Clé",
    Access.BOX: "Boîte",
    Access.TOWN_HALL: "Mairie",
}
_ASSUMED = {
    "site": "site supposé",
    "position": "position supposée",
    "horaires": "horaires supposés",
    "accès": "accès supposé",
    "fréquence": "fréquence supposée",
    "bacs": "bacs supposés",
    "téléphone": "téléphone supposé",
}
_COST_TERMS = {
    "rounds": "Sorties des véhicules",
    "hours": "Heures des chauffeurs",
    "distance": "Kilomètres",
    "waiting": "Attente des lecteurs",
    "habit": "Changements d’habitudes",
    "missing": "Passages non planifiés",
    "lateness": "Retards",
    "overload": "Surcharges",
}


def cost_term(name: str) -> str:
    """The French name of a term of the objective; a term unknown here keeps its own name."""
    return _COST_TERMS.get(name, name)


def day_letter(on: date) -> str:
    """« L », « Ma », « Me », « J »…: as short as French can tell Tuesday from Wednesday."""
    return _LETTERS[on.weekday()]


def pin(tour: Round, visit: Visit) -> str:
    """« Ma3 »: the third halt of a Tuesday round."""
    return f"{day_letter(tour.date)}{visit.number}"


def access(site: Site) -> str:
    """How one gets in, as a short sentence without its full stop."""
    return _ACCESS[site.access]


def access_word(site: Site) -> str:
    """The same in one word, where a note says the rest."""
    return _ACCESS_WORD[site.access]


def assumed(site: Site, *names: str) -> tuple[str, ...]:
    """« horaires supposés »: the marks of a site among the facts named, in that order; all without names."""
    return tuple(_ASSUMED[name] for name in names or _ASSUMED if name in site.assumed)


def remarks(plan: Plan, site: Site, visit: Visit) -> tuple[str, ...]:
    """What a reader of the timetable must know of a visit beside its time."""
    estimated = ("temps de route estimé",) if site.id in plan.estimated_sites else ()
    notes = tuple(words.typeset(note) for note in visit.notes)
    return (*assumed(site, "site", "horaires"), *estimated, *notes)
