"""Whatever goes wrong → a problem (RFC 9457), in French, whoever found it."""

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from api.errors import problem
from api.wire.base import Problem
from models.errors import Finding, InputError, NavetteError, NotFound, TooOften, Unavailable

PROBLEM = "application/problem+json"
_log = logging.getLogger("navette.http")

# What pydantic finds wrong → a sentence; its own words where we have none.
_SENTENCES: Mapping[str, str] = {
    "missing": "il manque.",
    "extra_forbidden": "ce champ n'existe pas.",
    "string_type": "c'est un texte qui est attendu.",
    "string_too_short": "c'est trop court (au moins {min_length} caractères).",
    "string_too_long": "c'est trop long (au plus {max_length} caractères).",
    "string_pattern_mismatch": "la forme ne convient pas.",
    "int_type": "c'est un nombre entier qui est attendu.",
    "int_parsing": "c'est un nombre entier qui est attendu.",
    "int_from_float": "c'est un nombre entier qui est attendu.",
    "float_type": "c'est un nombre qui est attendu.",
    "float_parsing": "c'est un nombre qui est attendu.",
    "finite_number": "c'est un nombre fini qui est attendu.",
    "bool_type": "c'est oui ou non (true ou false) qui est attendu.",
    "bool_parsing": "c'est oui ou non (true ou false) qui est attendu.",
    "greater_than": "il faut plus de {gt}.",
    "greater_than_equal": "il faut au moins {ge}.",
    "less_than": "il faut moins de {lt}.",
    "less_than_equal": "il faut au plus {le}.",
    "too_short": "il en faut au moins {min_length}.",
    "too_long": "il y en a trop (au plus {max_length}).",
    "list_type": "c'est une liste qui est attendue.",
    "dict_type": "c'est un objet qui est attendu.",
    "model_type": "c'est un objet qui est attendu.",
    "model_attributes_type": "c'est un objet qui est attendu.",
    "enum": "valeurs possibles : {expected}.",
    "literal_error": "valeurs possibles : {expected}.",
    "uuid_parsing": "c'est un identifiant UUID qui est attendu.",
    "uuid_type": "c'est un identifiant UUID qui est attendu.",
    "date_from_datetime_parsing": "c'est une date qui est attendue, par exemple 2026-12-01.",
    "date_parsing": "c'est une date qui est attendue, par exemple 2026-12-01.",
    "datetime_from_date_parsing": "c'est un instant qui est attendu, par exemple 2026-12-01T09:30:00+01:00.",
    "datetime_parsing": "c'est un instant qui est attendu, par exemple 2026-12-01T09:30:00+01:00.",
    "timezone_aware": "l'instant doit dire son fuseau, par exemple 2026-12-01T09:30:00+01:00.",
    "json_invalid": "ce n'est pas du JSON.",
}


def handle_problems(app: FastAPI) -> None:
    """Have every error of an application told as a problem, and documented so."""
    app.add_exception_handler(NavetteError, _foreseen)
    app.add_exception_handler(RequestValidationError, _not_understood)
    app.add_exception_handler(HTTPException, _of_the_framework)
    app.add_exception_handler(Exception, _unforeseen)


def described(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For an endpoint's `responses`: these statuses answer with a problem."""
    return {
        status: {"model": Problem, "content": {PROBLEM: {}}, "description": _TITLES[status]}
        for status in statuses
    }


_TITLES = {
    401: "Non identifié",
    403: "Interdit",
    404: "Introuvable",
    405: "Méthode non prévue",
    409: "Conflit, avec les deux versions quand il y en a deux",
    413: "Trop grand",
    415: "Type de contenu non prévu",
    422: "La demande ne peut pas être comprise",
    428: "En-tête If-Match manquant",
    429: "Trop de tentatives",
    500: "Erreur imprévue",
    503: "Momentanément indisponible : rien n'a été enregistré",
}


def answer(error: NavetteError) -> Response:
    """An error as an HTTP answer."""
    body = problem(error)
    headers = {}
    if isinstance(error, TooOften):
        headers["Retry-After"] = str(error.wait_s)
    if isinstance(error, Unavailable):
        headers["Retry-After"] = "5"
    return _sent(body, headers)


def _foreseen(_: Request, error: Exception) -> Response:
    assert isinstance(error, NavetteError)
    return answer(error)


def _not_understood(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    findings = tuple(finding(one) for one in error.errors())
    return answer(InputError("La demande ne peut pas être comprise.", findings))


def finding(one: Mapping[str, Any]) -> Finding:
    """One thing that pydantic found wrong, in French."""
    where = ".".join(str(part) for part in one["loc"] if part != "body") or "corps"
    of_text = isinstance(one.get("input"), str)  # a text that was cleaned first is measured as a list is
    sentence = _SENTENCES.get(f"string_{one['type']}" if of_text else "") or _SENTENCES.get(one["type"])
    if sentence is None:
        said = str(one.get("ctx", {}).get("error", one["msg"]))
        return Finding(where=where, message=said, remedy="")
    return Finding(where=where, message=sentence.format_map(one.get("ctx", {})), remedy="")


def _of_the_framework(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        return answer(NotFound("Cette adresse n'existe pas."))
    if error.status_code == 400:  # a body that is no text at all
        return answer(InputError("Le corps de la demande ne peut pas être lu : envoyez du JSON en UTF-8."))
    title = _TITLES.get(error.status_code, "La demande n'a pas abouti")
    body = {
        "type": f"urn:navette:http-{error.status_code}",
        "title": title,
        "status": error.status_code,
        "detail": f"{title}.",
    }
    return _sent(body, dict(error.headers or {}))


def _unforeseen(request: Request, error: Exception) -> Response:
    _log.error("unforeseen", exc_info=error, extra={"path": request.url.path})
    body = {
        "type": "urn:navette:imprevu",
        "title": "Erreur imprévue",
        "status": 500,
        "detail": "Une erreur imprévue est survenue, rien n'a été enregistré. Elle est notée au journal.",
    }
    return _sent(body, {})


def _sent(body: Mapping[str, Any], headers: Mapping[str, str]) -> Response:
    return JSONResponse(
        jsonable_encoder(body), status_code=body["status"], media_type=PROBLEM, headers=dict(headers)
    )
