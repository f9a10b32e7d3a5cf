"""Where the error tree gets its codes: exit codes for the terminal, statuses and problems for HTTP."""

from models.errors import Conflict, EngineError, Forbidden, InputError, NavetteError, NotFound, RoadDataError

# (class, exit code, status, slug, title); the first that fits counts, so subclasses stand before parents.
_CODES: tuple[tuple[type[NavetteError], int, int, str, str], ...] = (
    (RoadDataError, 3, 422, "routes-illisibles", "Les données de routes ne conviennent pas"),
    (InputError, 2, 422, "demande-invalide", "La demande ne peut pas être comprise"),
    (NotFound, 2, 404, "introuvable", "Cela n'existe pas"),
    (Conflict, 2, 409, "conflit", "Cela contredit ce qui est enregistré"),
    (Forbidden, 2, 403, "interdit", "Vous n'en avez pas le droit"),
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
    return {
        "type": f"urn:navette:{slug}",
        "title": title,
        "status": status,
        "detail": str(error).split("\n", maxsplit=1)[0],
        **({"findings": [str(finding) for finding in found]} if found else {}),
    }
