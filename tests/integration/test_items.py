"""Documents on their way: imported from other software, packed, carried, found again, on both databases."""

import json
from datetime import UTC, datetime
from uuid import UUID

import pytest
from httpx2 import Response
from sqlmodel import select

from api.service import Service
from api.services.actor import Actor, Role
from api.services.items.crates import follow_crates
from api.services.items.where import Where, where_is
from models.custody.crates import Custody, Holder
from models.tables.base import now
from models.tables.demand import CrateRecord, CustodyRecord, ItemRecord
from tests.queries import count_queries
from tests.service_fixtures import ClientAs

CAMILLE = Actor(role=Role.COORDINATOR, name="Camille")
HEAD = "Code-barres;Titre;De;Vers;Demandé le;Lecteur\n"
FIRST = HEAD + (
    "111;Été;cassel;hazebrouck;01/11/2026;Jeanne\n"
    "222;;cassel;BIB-BAI;01/11/2026;Paul\n"
    "333;Hiver;hazebrouck;cassel;01/11/2026;Anne\n"
)
MAPPING = {"columns": {"requested_at": "Demandé le"}, "sites": {"BIB-BAI": "bailleul"}}


def send(
    client_as: ClientAs,
    text: str,
    *,
    dry_run: bool,
    mapping: object = None,
    role: Role = Role.COORDINATOR,
) -> Response:
    return client_as(role).post(
        "/api/v1/transfers/import",
        params={"dry_run": dry_run},
        files={"file": ("liste.csv", text.encode("cp1252"), "text/csv")},
        data={"source": "Orphée", "mapping": json.dumps(mapping) if mapping else ""},
    )


def test_a_trial_shows_everything_and_stores_nothing(client_as: ClientAs, service: Service) -> None:
    answer = send(client_as, FIRST, dry_run=True, mapping=MAPPING)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["counts"] == {"new": 3, "changed": 0, "gone": 0, "refused": 0, "same": 0}
    assert (told["form"], told["dropped"]) == ("Windows-1252, points-virgules", ["lecteur"])
    assert [one["line"] for one in told["new"]] == [2, 3, 4]
    with service.database.read() as session:
        assert session.exec(select(ItemRecord)).all() == []
    assert client_as(Role.COORDINATOR).get("/api/v1/transfers/sources").json()["items"] == []


def test_lists_are_compared_with_what_is_known(client_as: ClientAs, service: Service) -> None:
    assert send(client_as, FIRST, dry_run=False, mapping=MAPPING).status_code == 200
    # The mapping and the table of sites are remembered: the second list needs neither.
    second = HEAD + (
        "111;Été indien;cassel;hazebrouck;01/11/2026;Jeanne\n"
        "222;;cassel;BIB-BAI;01/11/2026;Paul\n"
        "444;;cassel;BIB-XXX;02/11/2026;Paul\n"
        "555;;cassel;caëstre;02/11/2026;Paul\n"
    )
    told = send(client_as, second, dry_run=False).json()
    assert told["counts"] == {"new": 1, "changed": 1, "gone": 1, "refused": 1, "same": 1}
    assert told["changed"] == [{"line": 2, "barcode": "111", "fields": {"title": ["Été", "Été indien"]}}]
    assert [one["barcode"] for one in told["gone"]] == ["333"]
    assert "ligne 4 : le site d'arrivée « BIB-XXX » est inconnu." in told["refused"][0]
    with service.database.read() as session:
        assert not [one for one in session.exec(select(ItemRecord)) if "Jeanne" in repr(one)]
    again = send(client_as, second, dry_run=False).json()
    assert again["counts"] == {"new": 0, "changed": 0, "gone": 0, "refused": 1, "same": 3}
    reads = (
        client_as(Role.OFFICIAL).get("/api/v1/transfers/reads", params={"source": "Orphée"}).json()["items"]
    )
    assert [(one["new"], one["gone"]) for one in reads] == [(0, 0), (1, 1), (3, 0)]
    [source] = client_as(Role.COORDINATOR).get("/api/v1/transfers/sources").json()["items"]
    assert source["sites"] == {"BIB-BAI": "bailleul"}
    assert source["read_note"] == "Lu : 0 nouveaux, 0 modifiés, 0 disparus, 1 refusés."


def test_what_a_cut_list_closed_comes_back_with_the_whole_one(client_as: ClientAs) -> None:
    send(client_as, FIRST, dry_run=False, mapping=MAPPING)
    cut = "\n".join(FIRST.splitlines()[:2])
    assert send(client_as, cut, dry_run=False).json()["counts"]["gone"] == 2
    assert send(client_as, FIRST, dry_run=False).json()["counts"]["changed"] == 2
    listed = client_as(Role.COORDINATOR).get("/api/v1/items", params={"state": "waiting"}).json()["items"]
    assert {one["barcode"] for one in listed} == {"111", "222", "333"}


def test_many_that_are_gone_at_once_are_doubted(client_as: ClientAs) -> None:
    rows = "".join(f"{k};;cassel;hazebrouck;01/11/2026;\n" for k in range(60))
    send(client_as, HEAD + rows, dry_run=False, mapping=MAPPING)
    told = send(client_as, "\n".join((HEAD + rows).splitlines()[:11]), dry_run=True).json()
    # 10 of 60 are left: 50 gone is more than half.
    assert "50 documents connus n'y figurent plus" in " ".join(told["remarks"])


def test_who_may_import_and_what_is_refused(client_as: ClientAs) -> None:
    assert send(client_as, FIRST, dry_run=True, role=Role.OFFICIAL).status_code == 403
    assert send(client_as, FIRST, dry_run=True, role=Role.PUBLIC).status_code == 401
    bad = send(client_as, FIRST, dry_run=True, mapping={"columns": {"isbn": "x"}})
    assert (bad.status_code, bad.json()["type"]) == (422, "urn:navette:demande-invalide")
    unknown = send(client_as, FIRST, dry_run=False, mapping={"sites": {"A": "atlantis"}})
    assert "« atlantis » n'existe pas" in unknown.json()["findings"][0]
    unread = send(client_as, "x\n", dry_run=False)
    assert unread.status_code == 422


def test_pages_and_filters_and_a_library_sees_its_own(client_as: ClientAs) -> None:
    send(client_as, FIRST, dry_run=False, mapping=MAPPING)
    client = client_as(Role.COORDINATOR)
    first = client.get("/api/v1/items", params={"limit": 2}).json()
    rest = client.get("/api/v1/items", params={"limit": 2, "cursor": first["next"]}).json()
    assert len(first["items"]) == 2
    assert len(rest["items"]) == 1
    assert rest["next"] is None
    assert len(client.get("/api/v1/items", params={"destination": "cassel"}).json()["items"]) == 1
    library = client_as(Role.LIBRARY, site="bailleul")
    assert [one["barcode"] for one in library.get("/api/v1/items").json()["items"]] == ["222"]
    assert library.get("/api/v1/items/111").json()["where"] == "inconnu"
    assert library.get("/api/v1/items/222").json()["where"] == "en attente"


def test_a_document_follows_its_crate(client_as: ClientAs, service: Service) -> None:
    send(client_as, FIRST, dry_run=False, mapping=MAPPING)
    with service.database.write() as session:
        session.add(CrateRecord(code="B12", home="cassel"))
    client = client_as(Role.LIBRARY, site="cassel")
    packed = client.post("/api/v1/crates/B12/items", json={"barcodes": ["111", "333", "999"]}).json()
    # 333 leaves from Hazebrouck: it is not for Cassel to pack.
    assert [one["barcode"] for one in packed["packed"]] == ["111"]
    assert packed["unknown"] == ["333", "999"]
    assert [one["state"] for one in client.get("/api/v1/crates/B12/items").json()["items"]] == ["packed"]
    assert client.post("/api/v1/crates/B99/items", json={"barcodes": ["111"]}).status_code == 404
    moment = datetime(2026, 11, 3, 9, tzinfo=UTC)

    def at(holder: Holder, place: str) -> Custody:
        return Custody(crate="B12", holder=holder, place=place, empty=None, since=moment, scan=UUID(int=1))

    with service.database.write() as session:
        session.add(
            CustodyRecord(crate="B12", holder=Holder.ROUND, holder_ref="2026-W45-mar-V1", since=moment)
        )
        assert follow_crates(session, {"B12": at(Holder.ROUND, "2026-W45-mar-V1")}) == 1
    told = client.get("/api/v1/items/111").json()
    assert (told["where"], told["item"]["state"], told["since"]) == (
        "en route",
        "travelling",
        "2026-11-03T09:00:00Z",
    )
    # Its source still says that it waits: what was scanned here is better known here.
    assert send(client_as, FIRST, dry_run=False).json()["counts"]["changed"] == 0
    with service.database.write() as session:
        custody = session.exec(select(CustodyRecord)).one()
        custody.holder, custody.holder_ref = Holder.SITE, "hazebrouck"
        assert follow_crates(session, {"B12": at(Holder.SITE, "hazebrouck")}) == 1
        assert follow_crates(session, {"B12": at(Holder.SITE, "hazebrouck")}) == 0
    assert client.get("/api/v1/items/111").json()["where"] == "livré"
    assert client.get("/api/v1/crates/B12/items").json()["items"] == []


def test_what_is_unpacked_waits_again(client_as: ClientAs, service: Service) -> None:
    send(client_as, FIRST, dry_run=False, mapping=MAPPING)
    with service.database.write() as session:
        session.add(CrateRecord(code="B12"))
    client = client_as(Role.COORDINATOR)
    client.post("/api/v1/crates/B12/items", json={"barcodes": ["111"]})
    assert client.delete("/api/v1/crates/B12/items/111").status_code == 204
    assert client.delete("/api/v1/crates/B12/items/111").status_code == 404
    assert client.get("/api/v1/items/111").json()["where"] == "en attente"


def test_a_library_without_demand_knows_nothing(service: Service) -> None:
    with service.database.read() as session:
        assert where_is(session, CAMILLE, "777", now()).where is Where.UNKNOWN


@pytest.mark.parametrize("name", ["Orphée", "Koha de Lille"])
def test_sources_are_kept_by_version_and_never_show_their_secret(client_as: ClientAs, name: str) -> None:
    client = client_as(Role.COORDINATOR)
    asked = {"name": name, "kind": "koha", "address": "https://koha.example.fr", "secret": "s3cret"}
    made = client.post("/api/v1/transfers/sources", json=asked)
    assert made.status_code == 201, made.text
    assert "s3cret" not in made.text
    assert made.json()["has_secret"] is True
    assert client.post("/api/v1/transfers/sources", json=asked).status_code == 409
    where = made.headers["location"]
    assert client.put(where, json={"gone": "keep"}).status_code == 428
    changed = client.put(where, json={"gone": "keep"}, headers={"If-Match": made.headers["etag"]})
    assert (changed.json()["gone"], changed.json()["has_secret"]) == ("keep", True)
    stale = client.put(where, json={}, headers={"If-Match": made.headers["etag"]})
    assert (stale.status_code, stale.json()["stored"]["gone"]) == (409, "keep")
    assert client.delete(where, headers={"If-Match": changed.headers["etag"]}).status_code == 204
    assert client.get(where).status_code == 404


def test_lists_take_few_questions(client_as: ClientAs, service: Service) -> None:
    rows = "".join(f"{k};;cassel;hazebrouck;01/11/2026;\n" for k in range(60))
    send(client_as, HEAD + rows, dry_run=False, mapping=MAPPING)
    client = client_as(Role.COORDINATOR)
    for path, most in (
        ("/api/v1/items?limit=50", 1),
        ("/api/v1/items/7", 2),
        ("/api/v1/transfers/sources", 1),
    ):
        with count_queries(service.database) as sent:
            assert client.get(path).status_code == 200
        # SQLite says BEGIN as a statement of its own; looking for a next passage is one more.
        assert len([one for one in sent if one.startswith("SELECT")]) <= most, (path, sent)
    with count_queries(service.database) as sent:
        send(client_as, HEAD + rows, dry_run=True)
    assert len([one for one in sent if one.startswith("SELECT")]) <= 4  # source, sites, codes, open documents
