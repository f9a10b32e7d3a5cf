"""Is this installation well? Each question with its answer and, where something is amiss, what to do."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from sqlmodel import Session

from api.db import Database
from api.repositories import plan_runs, webhooks, whole, workers
from api.schema import drift, newest, revision
from api.services.road.rebuild import astray
from api.services.territory import Territories
from api.settings import Settings
from models.errors import NavetteError
from models.network.check import check_network
from models.tables.base import now

SECRET_FILE = "secret.key"
_ROOM_MB = 1000
_SHORTEST_SECRET = 32
_SKEW_S = 5
_SILENT = timedelta(seconds=30)
_LONG = timedelta(minutes=10)


class Verdict(StrEnum):
    """Well; worth knowing; to be mended."""

    WELL = "✓"
    REMARK = "·"
    AMISS = "✗"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was looked at, what was found, what to do about it (empty when well)."""

    verdict: Verdict
    about: str
    told: str
    remedy: str = ""


def look(settings: Settings, database: Database, prepared: Callable[[Database], bool]) -> Iterator[Answer]:
    """Every answer, in an order in which one mends. `prepared`: are the tables of the jobs there?"""
    yield _room(settings.data)
    yield _secret(settings)
    yield _address(settings)
    if database.on_sqlite and not Path(database.url.database).exists():
        told = f"« {database.url.database} » n'existe pas encore"
        yield Answer(Verdict.REMARK, "base", told, "navette serve la crée, avec le réseau qui s'y trouve.")
        return
    try:
        found = revision(database)
    except Exception as error:  # whatever keeps a database away
        yield _amiss(
            "base",
            f"{database.url.render_as_string()} ne répond pas ({_short(error)})",
            "Vérifiez NAVETTE_DATABASE.",
        )
        return
    yield Answer(Verdict.WELL, "base", database.url.render_as_string())
    if found != newest() or not prepared(database):
        told = f"schéma {found or 'vide'}, il faut {newest()}"
        yield _amiss("schéma", told, "Lancez navette migrate (SQLite : navette serve le fait seul).")
        return
    yield _drift(database)
    try:
        with database.read() as session:
            yield from (*_network(session), _clock(session), *_jobs(session), *_webhooks(session))
        yield _kept(database)
    except NavetteError as error:
        yield _amiss("base", str(error), "Corrigez, puis relancez navette doctor.")


def _amiss(about: str, told: str, remedy: str) -> Answer:
    return Answer(Verdict.AMISS, about, told, remedy)


def _short(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__


def _room(folder: Path) -> Answer:
    at = next(one for one in (folder.absolute(), *folder.absolute().parents) if one.exists())
    free_mb = shutil.disk_usage(at).free // 1_000_000
    told = f"{free_mb / 1000:.1f} Go libres dans « {at} »"
    if free_mb < _ROOM_MB:
        return _amiss("place", told, "Libérez de la place : sans elle, plus rien ne s'enregistre.")
    return Answer(Verdict.WELL, "place", told)


def _secret(settings: Settings) -> Answer:
    given = settings.secret.get_secret_value()
    if given:
        if len(given) < _SHORTEST_SECRET:
            return _amiss(
                "clé secrète", "NAVETTE_SECRET est trop courte", "Donnez-lui 32 caractères ou plus."
            )
        return Answer(Verdict.WELL, "clé secrète", "donnée par NAVETTE_SECRET")
    file = settings.data / SECRET_FILE
    if not file.exists():
        return Answer(Verdict.REMARK, "clé secrète", f"« {file} » sera créée au premier démarrage")
    if file.stat().st_mode & 0o077:
        return _amiss("clé secrète", f"« {file} » peut être lue par d'autres", f"chmod 600 {file}")
    return Answer(Verdict.WELL, "clé secrète", f"« {file} », lisible par vous seul")


def _address(settings: Settings) -> Answer:
    local = any(name in settings.public_url for name in ("127.0.0.1", "localhost"))
    if local:
        return Answer(
            Verdict.REMARK,
            "adresse",
            f"{settings.public_url} : les QR codes ne mènent qu'à cette machine",
            "Donnez l'adresse publique dans NAVETTE_PUBLIC_URL.",
        )
    if not settings.public_url.startswith("https://"):
        return _amiss("adresse", f"{settings.public_url} n'est pas en https", "Servez Navette en https.")
    return Answer(Verdict.WELL, "adresse", settings.public_url)


def _drift(database: Database) -> Answer:
    found = drift(database)
    if found:
        told = f"{len(found)} écart(s) avec ce que cette version attend : {found[0][:120]}"
        return _amiss("schéma", told, "Restaurez une sauvegarde dans une base neuve, ou demandez de l'aide.")
    return Answer(Verdict.WELL, "schéma", newest())


def _network(session: Session) -> Sequence[Answer]:
    try:
        territory = Territories().open(session)
    except NavetteError as error:
        return [_amiss("réseau", str(error), "Lancez navette import DOSSIER, ou complétez le réseau.")]
    serious = [one for one in check_network(territory.network, territory.communes) if one.serious]
    network = (
        _amiss(
            "réseau", f"{len(serious)} erreur(s), dont : {serious[0]}", "Corrigez-les dans l'écran Réseau."
        )
        if serious
        else Answer(Verdict.WELL, "réseau", f"{territory.network.name}, {len(territory.network.sites)} lieux")
    )
    guessed = [i for i, one in zip(territory.travel.ids, territory.travel.estimated, strict=True) if one]
    roads = (
        Answer(
            Verdict.REMARK,
            "routes",
            f"temps estimés pour {len(guessed)} lieu(x) : {', '.join(guessed[:5])}",
            "Calculez-les : navette roads build, puis importez travel.npz.",
        )
        if guessed
        else Answer(Verdict.WELL, "routes", f"{len(territory.travel.ids)} lieux sur de vrais temps de route")
    )
    return [network, roads]


def _kept(database: Database) -> Answer:
    """Do visits and crates, as they are kept, still say what their facts say? Some of them are looked at."""
    with whole.one_moment(database.engine) as connection, Session(connection) as session:
        found = [one for names in astray(session) for one in names]
    if found:
        told = f"{len(found)} passage(s) ou bac(s) ne disent pas ce que disent leurs pointages : "
        told += ", ".join(found[:3])
        return _amiss("pointages", told, "Lancez navette refaire : tout est recalculé, sans rien arrêter.")
    return Answer(Verdict.WELL, "pointages", "passages et bacs regardés disent ce que disent leurs pointages")


def _clock(session: Session) -> Answer:
    apart = abs((workers.database_now(session) - now()).total_seconds())
    if apart > _SKEW_S:
        return _amiss("horloge", f"{apart:.0f} s d'écart avec celle de la base", "Réglez-la (NTP).")
    return Answer(Verdict.WELL, "horloge", f"{now():%d/%m/%Y %H:%M} UTC")


def _jobs(session: Session) -> Sequence[Answer]:
    moment = workers.database_now(session)
    living = [one for one in workers.list_workers(session) if moment - one.seen_at < _SILENT]
    oldest = plan_runs.oldest_waiting(session)
    waits = moment - oldest if oldest else timedelta(0)
    if living:
        first = Answer(Verdict.WELL, "calculs", f"{len(living)} processus les exécutent")
    else:
        first = Answer(
            Verdict.AMISS if oldest else Verdict.REMARK,
            "calculs",
            "aucun processus ne les exécute",
            "Lancez navette serve, ou navette worker.",
        )
    if waits > _LONG:
        told = f"le plus ancien calcul demandé attend depuis {waits.total_seconds() / 60:.0f} min"
        return [first, _amiss("attente", told, "Ajoutez un navette worker, ou annulez des calculs.")]
    return [first, Answer(Verdict.WELL, "attente", "aucun calcul n'attend depuis longtemps")]


def _webhooks(session: Session) -> Sequence[Answer]:
    """Software that Navette has given up on; what the coordination stopped itself is no news."""
    return [
        _amiss(
            "webhook",
            f"{one.url} est arrêté depuis le {one.disabled_at:%d/%m/%Y}. {one.disabled_why}",
            "Corrigez ce qui l'empêche, puis remettez-le en service : PUT /api/v1/webhooks/{id}.",
        )
        for one in webhooks.list_webhooks(session)
        if one.disabled_at is not None and one.failing_since is not None
    ]
