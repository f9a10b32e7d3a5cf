"""Two people at one thing: a change made to an older version than the stored one is refused, both told."""

from typing import Any, Protocol

from models.errors import StaleVersion


class HasVersion(Protocol):
    version: int


def must_match(stored: HasVersion, seen: int, told: Any = None) -> None:
    """StaleVersion unless `seen` is the stored version; `told` is the stored thing as the API tells it.

    Two writers that pass at one moment are told apart by the database itself (see `models.tables.base`).
    """
    if stored.version != seen:
        raise StaleVersion(
            f"Quelqu'un d'autre l'a modifié depuis (vous aviez la version {seen}, "
            f"la version {stored.version} est enregistrée). Comparez les deux, puis recommencez.",
            yours=seen,
            current=stored.version,
            stored=told,
        )
