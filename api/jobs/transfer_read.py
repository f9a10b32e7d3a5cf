"""Reading a Koha's transfers outside of any transaction, then storing them in one; again when it was away."""

from uuid import UUID

from api.service import Service
from api.services.items.difference import apply, difference
from api.services.items.importing import places_of
from api.services.items.sources import KOHA, SourceSettings, settings_of
from api.services.koha.client import Koha, KohaServer
from api.services.koha.errors import KohaAway
from api.services.koha.read import read_koha
from models.errors import InputError
from models.tables.base import now
from models.tables.demand import TransferReadRecord, TransferSourceRecord
from models.transfers.places import Places
from models.transfers.values import TransfersRead, Vocabulary

JOB = "transfer_read"
_AGAIN_S = (60, 300, 1800, 7200)


def read(service: Service, ref: str) -> None:
    """`ref` is a source's id, and « #2 » behind it at the second try. A source that is gone is let be."""
    source, _, tried = ref.partition("#")
    with service.database.read() as session:
        record = session.get(TransferSourceRecord, UUID(source))
        if record is None or record.kind != KOHA:
            return
        settings = settings_of(record)
        places = places_of(session, settings, Vocabulary())
    try:
        found = _fetch(service, settings, record.secret, places)
    except KohaAway as away:
        _failed(service, UUID(source), away, tries=int(tried or 1))
    except InputError as refused:
        _failed(service, UUID(source), refused, tries=len(_AGAIN_S) + 1)
    else:
        _store(service, UUID(source), found)


def _fetch(service: Service, settings: SourceSettings, secret: str, places: Places) -> TransfersRead:
    server = KohaServer(
        address=settings.address,
        login=settings.login,
        secret=service.keyring.decrypt(secret) if secret else "",
        how=settings.how,
    )
    with Koha(server) as koha:
        return read_koha(koha, places, now())


def _store(service: Service, source: UUID, found: TransfersRead) -> None:
    with service.database.write() as session:
        record = session.get(TransferSourceRecord, source)
        if record is not None:
            apply(session, record, found, difference(session, record.name, found), settings_of(record).gone)


def _failed(service: Service, source: UUID, why: Exception, tries: int) -> None:
    """Tell how it went, and try again later where that may help. What was known stays as it was."""
    again = tries <= len(_AGAIN_S)
    wait_s = max(_AGAIN_S[tries - 1], getattr(why, "wait_s", 0)) if again else 0
    with service.database.write() as session:
        record = session.get(TransferSourceRecord, source)
        if record is None:
            return
        later = f" Nouvel essai dans {max(1, wait_s // 60)} min." if again else ""
        record.read_note = f"{str(why).partition(chr(10))[0]} Rien n'a changé.{later}"
        session.add_all((record, TransferReadRecord(source=record.name, note=record.read_note)))
        if again:
            service.jobs.submit(session, JOB, f"{source}#{tries + 1}", delay_s=wait_s)
