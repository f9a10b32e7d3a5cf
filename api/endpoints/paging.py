"""Lists by pages: `?limit=50&cursor=…`, and `next` to go on with."""

from typing import Annotated

from fastapi import Depends, Query

from api.repositories.paging import Slice


def _slice(
    limit: Annotated[int, Query(ge=1, le=200, description="Combien d'éléments au plus.")] = 50,
    cursor: Annotated[
        str | None, Query(max_length=400, description="La valeur `next` de la page précédente.")
    ] = None,
) -> Slice:
    return Slice(limit=limit, cursor=cursor)


Paging = Annotated[Slice, Depends(_slice)]
