"""Lists of documents from other software: every form they are saved in, what is refused, and why."""

from datetime import UTC, datetime

import pytest

from models.errors import InputError
from models.network.values import Site, SiteKind
from models.transfers.columns import describes_a_reader
from models.transfers.moments import read_moment
from models.transfers.places import Places
from models.transfers.read import read_transfers
from models.transfers.values import Field, ItemState, TransfersRead, Vocabulary
from models.values import Coordinates

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


def site(code: str, name: str, commune: str) -> Site:
    place = Coordinates(lon=2.5, lat=50.8)
    return Site(
        id=code, name=name, kind=SiteKind.LIBRARY, commune=commune, insee="59000", address="", postcode="",
        point=place,
    )  # fmt: skip


SITES = (
    site("cassel", "Bibliothèque municipale", "Cassel"),
    site("hazebrouck", "Médiathèque André Malraux", "Hazebrouck"),
    site("steenvoorde", "Médiathèque", "Steenvoorde"),
)


def read(text: str, encoding: str = "utf-8", **vocabulary: object) -> TransfersRead:
    asked = Vocabulary(**vocabulary)  # type: ignore[arg-type]
    table = {"BIB-STV": "steenvoorde", **asked.sites}
    return read_transfers("liste.csv", text.encode(encoding), asked, Places(SITES, table), NOW)


LINES = "Code-barres;Titre;De;Vers;Date demande\n123;Été à Cassel;Hazebrouck;cassel;01/12/2026 09:30\n"


@pytest.mark.parametrize(
    ("encoding", "form"),
    [
        ("utf-8", "UTF-8, points-virgules"),
        ("utf-8-sig", "UTF-8, points-virgules"),
        ("latin-1", "Windows-1252, points-virgules"),
        ("utf-16", "UTF-16, points-virgules"),
    ],
)
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_every_usual_form_is_read_and_said(encoding: str, form: str, separator: str) -> None:
    found = read(LINES.replace(";", separator), encoding)
    words = {";": "points-virgules", ",": "virgules", "\t": "tabulations"}
    assert found.form == form.replace("points-virgules", words[separator])
    [one] = found.transfers
    # Paris is an hour ahead of UTC in December: 9:30 there is 8:30.
    assert one.requested_at == datetime(2026, 12, 1, 8, 30, tzinfo=UTC)
    assert (one.barcode, one.title, one.origin, one.destination) == (
        "123",
        "Été à Cassel",
        "hazebrouck",
        "cassel",
    )
    assert (one.state, one.line) == (ItemState.WAITING, 2)
    assert found.refused == ()


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-12-01T09:30:00Z", "2026-12-01T09:30"),
        ("2026-12-01 09:30:15+02:00", "2026-12-01T07:30:15"),
        ("2026-12-01 09:30:00", "2026-12-01T08:30"),
        ("2026-12-01", "2026-11-30T23:00"),
        ("1/12/2026 9h30", "2026-12-01T08:30"),
        ("01/12/2026 à 9h", "2026-12-01T08:00"),
        ("01.12.26", "2026-11-30T23:00"),
        ("01/07/2026 09:30", "2026-07-01T07:30"),  # summer: two hours ahead
        ("2026-12-01 09:30:00.123", "2026-12-01T08:30:00.123"),
    ],
)
def test_dates_in_the_usual_forms(text: str, utc: str) -> None:
    assert read_moment(text) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "demain", "12/31/2026", "31/02/2026", "2026-13-01", "25:00", "12"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert read_moment(text) is None


def test_readers_are_dropped_and_said() -> None:
    found = read(
        "barcode,from,to,daterequested,borrowernumber,Nom du lecteur,note\n"
        "1,cassel,hazebrouck,2026-12-01,77,Jeanne Dupont,ecrire a jeanne@exemple.fr\n"
    )
    assert found.dropped == ("borrowernumber", "nom_du_lecteur", "note")
    assert "Jeanne" not in repr(found)
    assert "jeanne@" not in repr(found)
    assert "décrivent des lecteurs" in str(found.remarks[-1])


def test_a_reader_cannot_be_mapped_to_a_title() -> None:
    with pytest.raises(InputError, match="décrit un lecteur"):
        read(LINES.replace("Titre", "Lecteur"), columns={Field.TITLE: "Lecteur"})
    with pytest.raises(InputError, match="décrit un lecteur"):  # by its cells
        read(LINES.replace("Été à Cassel", "a@b.fr"), columns={Field.TITLE: "Titre"})


@pytest.mark.parametrize(
    "title", ["cardnumber", "N° carte", "E-mail", "Prénom", "surname", "Adhérent", "patron_id"]
)
def test_titles_of_readers(title: str) -> None:
    assert describes_a_reader(title)


@pytest.mark.parametrize(
    "title", ["barcode", "titre", "document", "reason", "itemnumber", "reference", "cote"]
)
def test_titles_of_documents(title: str) -> None:
    assert not describes_a_reader(title)


def test_each_refusal_has_its_line_and_its_reason() -> None:
    found = read(
        "barcode;from;to;requested_at;reference\n"
        "1;cassel;hazebrouck;01/12/2026;a\n"
        ";cassel;hazebrouck;01/12/2026;b\n"
        "3,06E+13;cassel;hazebrouck;01/12/2026;c\n"
        "4;BIB-CASS;hazebrouck;01/12/2026;d\n"
        "5;cassel;cassel;01/12/2026;e\n"
        "6;cassel;hazebrouck;31/02/2026;f\n"
        "7;cassel;hazebrouck;01/01/2031;g\n"
        "8;cassel;hazebrouck;;h\n"
        "9;cassel;hazebrouck;01/12/2026;a\n"
    )
    assert [one.barcode for one in found.transfers] == ["1"]
    told = {one.line: one.message for one in found.refused}
    assert told == {
        3: "le code-barres manque.",
        4: "le tableur a abrégé le code-barres (« 3,06E+13 ») : ses chiffres sont perdus.",
        5: "le site de départ « BIB-CASS » est inconnu.",
        6: "le départ et l'arrivée sont le même site (cassel).",
        7: "« 31/02/2026 » n'est pas une date.",
        8: "la date « 01/01/2031 » n'est pas vraisemblable.",
        9: "ni date de demande, ni date d'envoi.",
        10: "ce transfert figure déjà à la ligne 2.",
    }
    assert found.unknown_sites == {"BIB-CASS": "cassel"}
    assert "Est-ce « cassel » ?" in str(found.refused[2])


def test_a_table_translates_the_codes_of_sites() -> None:
    text = "barcode,from,to,requested_at\n1,BIB-CASS,bib-stv,2026-12-01\n"
    [one] = read(text, sites={"BIB-CASS": "cassel"}).transfers
    assert (one.origin, one.destination) == ("cassel", "steenvoorde")


def test_names_that_two_sites_share_are_not_guessed() -> None:
    places = Places((*SITES, site("x", "Médiathèque", "Oxelaëre")), {})
    assert places.find("Médiathèque") is None
    assert places.find("Oxelaere") == "x"
    assert places.nearest("MED-OXELAERE") == "x"
    assert places.nearest("BM") == ""
    assert places.nearest("Tokyo") == ""


def test_a_koha_report_is_understood_without_a_mapping() -> None:
    found = read(
        "branchtransfer_id,itemnumber,barcode,daterequested,datesent,frombranch,datearrived,datecancelled,"
        "tobranch,reason\n"
        "11,901,30593,2026-11-30 10:00:00,NULL,cassel,NULL,NULL,hazebrouck,Reserve\n"
        "12,902,30594,2026-11-30 10:00:00,2026-12-01 08:00:00,cassel,NULL,NULL,hazebrouck,Reserve\n"
        "13,903,30595,2026-11-28 10:00:00,2026-11-29 08:00:00,cassel,2026-11-30 09:00:00,NULL,hazebrouck,\n"
        "14,904,30596,2026-11-28 10:00:00,,cassel,,2026-11-29 09:00:00,hazebrouck,Manual\n"
    )
    assert found.refused == ()
    assert [(one.reference, one.state) for one in found.transfers] == [
        ("11", ItemState.WAITING),
        ("12", ItemState.TRAVELLING),
        ("13", ItemState.ARRIVED),
        ("14", ItemState.CANCELLED),
    ]


def test_words_for_states_are_understood_or_told() -> None:
    text = "barcode,from,to,requested_at,statut\n1,cassel,hazebrouck,2026-12-01,{}\n"
    [one] = read(text.format("En transit")).transfers
    assert one.state is ItemState.TRAVELLING
    assert "l'état « Zut » est inconnu." in str(read(text.format("Zut")).refused[0])
    [one] = read(text.format("Zut"), states={"zut": ItemState.CANCELLED}).transfers
    assert one.state is ItemState.CANCELLED


def test_a_transfer_without_a_reference_gets_one_that_stays() -> None:
    [one] = read(LINES).transfers
    assert one.reference == "123/hazebrouck/cassel/2026-12-01"


@pytest.mark.parametrize("text", ["", "\n\n", 'a,b\n"open\n'])
def test_files_that_cannot_be_read(text: str) -> None:
    with pytest.raises(InputError, match="ne peut pas être lu"):
        read(text)


def test_columns_that_are_not_understood_are_all_told_at_once() -> None:
    with pytest.raises(InputError) as told:
        read("a;b\n1;2\n")
    assert [one.where for one in told.value.findings] == [
        "mapping.barcode",
        "mapping.from",
        "mapping.to",
        "mapping.requested_at",
    ]
    assert "Colonnes du fichier : a, b." in told.value.findings[0].remedy
