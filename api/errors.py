"""Where the error tree gets its codes: exit codes for the terminal, statuses and problems for HTTP."""

from models.errors import (
    Conflict,
    EngineError,
    Forbidden,
    InputError,
    NavetteError,
    NotFound,
    NotSignedIn,
    RoadDataError,
    StaleVersion,
    TooLarge,
    TooOften,
    Unavailable,
    VersionMissing,
)

# (class, exit code, status, slug, title); the first that fits counts, so subclasses stand before parents.
_CODES: tuple[tuple[type[NavetteError], int, int, str, str], ...] = (
    (RoadDataError, 3, 422, "routes-illisibles", "Les données de routes ne conviennent pas"),
    (TooLarge, 2, 413, "trop-grand", "C'est trop grand"),
    (VersionMissing, 2, 428, "version-manquante", "Il manque la version modifiée"),
    (InputError, 2, 422, "demande-invalide", "La demande ne peut pas être comprise"),
    (NotFound, 2, 404, "introuvable", "Cela n'existe pas"),
    (StaleVersion, 2, 409, "version-depassee", "Quelqu'un d'autre l'a modifié"),
    (Conflict, 2, 409, "conflit", "Cela contredit ce qui est enregistré"),
    (NotSignedIn, 2, 401, "non-identifie", "Identifiez-vous"),
    (Forbidden, 2, 403, "interdit", "Vous n'en avez pas le droit"),
    (TooOften, 2, 429, "trop-souvent", "Trop de tentatives"),
    (Unavailable, 1, 503, "indisponible", "Le service est momentanément indisponible"),
    (EngineError, 1, 500, "calcul-impossible", "Le calcul a échoué"),
    (NavetteError, 1, 500, "erreur", "Une erreur est survenue"),
)


def exit_code(error: NavetteError) -> int:
    """0 is success; 1 internal, 2 input, 3 roads."""
    return next(code for kind, code, *_ in _CODES if isinstance(error, kind))


def problem(error: NavetteError) -> dict[str, object]:
    """An RFC 9457 problem: stable `type`, French `title` and `detail`, and every finding."""
    status, slug, title = next((s, slug, t) for kind, _, s, slug, t in _CODES if isinstance(error, kind))
    found = error.findings if isinstance(error, InputError) else ()
    versions = {}
    if isinstance(error, StaleVersion):
        versions = {"yours": error.yours, "current": error.current, "stored": error.stored}
    return {
        "type": f"urn:navette:{slug}",
        "title": title,
        "status": status,
        "detail": str(error).split("\n", maxsplit=1)[0],
        **({"findings": [str(finding) for finding in found]} if found else {}),
        **{name: value for name, value in versions.items() if value is not None},
    }
