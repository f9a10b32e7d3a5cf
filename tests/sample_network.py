"""The sample network: real places (twenty-three libraries, depot, partner); all the rest is invented."""

from models.network.values import Access, Contact, Driver, Network, Rules, Site, SiteKind, Vehicle
from models.values import Coordinates

# id, name, commune, insee, address, postcode, lon, lat, access, access note, opening, shuttle hours
_PLACES = """
LI8682|Médiathèque municipale de Wallon-Cappel|Wallon-Cappel|59634|240 route d'Hazebrouck|59190|2.473487|50.725872|ouverture||Tu 09:00-12:00; We 14:00-18:00|
LI8461|Bibliothèque municipale de Bavinchove|Bavinchove|59054|5 place de l'église|59670|2.452929|50.786648|clé|Clé n° 4, porte verte à gauche de l'église.|We 14:00-16:00; Sa 10:00-12:00|Mo-Fr 07:00-20:00
LI8610|Bibliothèque d'Oxelaëre|Oxelaëre|59454|3 rue de la mairie|59670|2.475774|50.78841|boîte|Coffre gris sous le préau de l'école.|We 16:00-18:00; Sa 10:00-13:00|24/7
LI8492|Médiathèque de Cassel|Cassel|59135|72 D rue Foch|59670|2.489167|50.798619|équipe|Sonner à l'entrée du personnel, au fond de la cour.|Tu 10:00-12:00; We 10:00-12:00,14:00-18:00; Sa 10:00-12:00,14:00-16:00|Tu-Fr 09:00-12:00,13:30-18:00
LI8637|Bibliothèque de Sainte-Marie-Cappel|Sainte-Marie-Cappel|59536|La Place|59670|2.508918|50.784011|mairie|Guichet de la mairie, demander la clé du local.|We 14:00-16:00; Sa 10:00-12:00|Mo-Fr 09:00-12:00
LI8643|Médiathèque municipale de Saint-Sylvestre-Cappel|Saint-Sylvestre-Cappel|59546|5 route d'Hondeghem|59114|2.553093|50.775903|clé|Clé n° 11. Alarme : code au dos du badge.|We 14:00-18:00; Sa 09:00-13:00|Mo-Fr 07:00-20:00
LI8659|Médiathèque de Strazeele|Strazeele|59582|Route d'Hazebrouck|59270|2.619861|50.729312|ouverture||We 10:00-12:00; Sa 10:00-13:00|
LI8584|Médiathèque Maison de Till de Merris|Merris|59399|1 place de l'Église|59270|2.660221|50.715629|ouverture||We 10:00-13:00; Sa 10:00-13:00|
LI19754|Bibliothèque de Méteren|Méteren|59401|69 rue Nationale|59270|2.690532|50.740795|ouverture|Entrée par le parking de la salle des fêtes.|We 10:00-12:30,13:30-18:00; Sa 09:00-12:00|
LI2465|Médiathèque municipale de Bailleul|Bailleul|59043|22 bis rue d'Ypres|59270|2.737217|50.740045|équipe|Quai de livraison, rue du Collège.|Tu-Sa 10:00-12:00,14:00-18:00|Tu-Fr 08:30-18:00
LI8636|Médiathèque Louis Sonneville de Saint-Jans-Cappel|Saint-Jans-Cappel|59535|64 rue Marguerite Yourcenar|59270|2.714996|50.759141|ouverture||We 13:00-17:00; Sa 10:00-12:00|
LI8504|Médiathèque Le Doulieu|Le Doulieu|59180|Rue de l'église|59940|2.717634|50.682361|clé|Clé n° 7.|We 15:00-18:00; Sa 10:00-12:00|Mo-Fr 07:00-20:00
LI2564|Bibliothèque municipale de Vieux-Berquin|Vieux-Berquin|59615|Grand Place|59232|2.643917|50.694549|équipe||We 10:00-12:00,14:00-18:00; Fr 16:00-18:00; Sa 09:00-12:00,14:00-17:00|Mo-Fr 09:00-18:00
LI2514|Bibliothèque municipale d'Hazebrouck|Hazebrouck|59295|Place Georges Degroote|59190|2.535127|50.720986|équipe|Monte-charge, badge au trousseau.|Tu-Sa 10:00-12:00,14:00-18:00|Mo-Fr 08:30-18:00
LI8591|Comité Morbecquois D'animation Bibliothèque|Morbecque|59416|Place de l'hôtel de ville|59190|2.516466|50.692532|mairie|Guichet de la mairie.|We 14:00-18:00; Sa 09:00-13:00|Mo-Fr 09:00-12:00,14:00-17:00
LI8656|Bibliothèque municipale de Steenbecque|Steenbecque|59578|Place Jean Ruyssen|59189|2.484713|50.673754|boîte|Boîte derrière la salle Ruyssen, cadenas 59.|We 14:00-16:30; Sa 10:00-12:00|24/7
LI8661|Bibliothèque municipale de Thiennes|Thiennes|59590|Rue de la gare|59189|2.470781|50.652395|clé|Clé n° 15, prendre le sentier : la rue est barrée au camion.|We 14:00-16:00|Mo-Fr 07:00-20:00
S59308|Bibliothèque d'Hondeghem|Hondeghem|59308|Mairie, place de l'Église|59190|2.520602|50.756935|mairie|Guichet de la mairie.|We 14:00-17:00|Mo-Fr 09:00-12:00
LI8657|Médiathèque municipale de Steenvoorde|Steenvoorde|59580|44 rue Carnot|59114|2.583722|50.807156|équipe||Tu-Sa 14:00-18:00|Tu-Fr 09:00-18:00
LI2504|Médiathèque de Godewaersvelde|Godewaersvelde|59262|275 rue de Boeschepe|59270|2.646045|50.795976|ouverture||We 14:00-18:00; Th 14:00-18:00; Sa 10:00-11:00|
LI8474|Médiathèque Claude Dupont, Boeschepe|Boeschepe|59086|163 rue de la Mairie|59299|2.690517|50.800394|clé|Clé n° 2.|We 14:00-16:30; Sa 10:00-12:00|Mo-Fr 07:00-20:00
LI8508|Bibliothèque municipale d'Eecke|Eecke|59189|15 rue de Steenvoorde|59114|2.592653|50.78465|ouverture||Th 14:30-18:00; Sa 10:00-13:00|
LI8655|Bibliothèque municipale de Staple|Staple|59577|97 rue de la mairie|59190|2.455335|50.749402|ouverture||We 17:00-18:00|
DEPOT|Coordination du réseau L'Escapade|Hazebrouck|59295|222 bis rue de Vieux-Berquin|59190|2.55224|50.717351|équipe|||Mo-Fr 07:00-19:00
BD2515|Médiathèque départementale du Nord, site de Flandre|Bailleul|59043|Allée de Strasbourg|59270|2.739033|50.728143|équipe||Mo-Fr 09:00-12:00|
"""  # noqa: E501
_CONFIRMED = {"LI2465", "LI2514"}  # the only two whose hours somebody has confirmed
_KINDS = {"DEPOT": SiteKind.DEPOT, "BD2515": SiteKind.PARTNER}


def _site(row: str) -> Site:
    key, name, commune, insee, address, postcode, lon, lat, access, note, opening, shuttle = row.split("|")
    assumed = frozenset({"horaires", "accès", "bacs"}) if key not in _CONFIRMED else frozenset[str]()
    return Site(
        id=key,
        name=name,
        kind=_KINDS.get(key, SiteKind.LIBRARY),
        commune=commune,
        insee=insee,
        address=address,
        postcode=postcode,
        point=Coordinates(lon=float(lon), lat=float(lat)),
        access=Access(access),
        access_note=note,
        opening=opening,
        shuttle_hours=shuttle,
        phone="" if access == "boîte" else "03 00 00 00 02",
        visits_per_week=0 if key in _KINDS else 1,
        deliver=3,
        collect=2,
        weekly_documents=40,
        assumed=assumed | {"site", "position"} if key.startswith("S") else assumed,
    )


def sample_network() -> Network:
    """Twenty-three libraries, the depot and a partner; two vans, two drivers."""
    return Network(
        id="escapade",
        name="L'Escapade",
        organisation="Réseau de bibliothèques L'Escapade",
        coordinator=Contact(name="Camille Exemple", phone="03 00 00 00 01", email="navette@exemple.fr"),
        rules=Rules(),
        sites=tuple(_site(row) for row in _PLACES.strip().splitlines()),
        vehicles=(
            Vehicle(id="V1", name="Fourgon", depot="DEPOT", capacity=40, hours="Mo-Fr 08:00-17:30"),
            Vehicle(id="V2", name="Utilitaire léger", depot="DEPOT", capacity=18, hours="We 09:00-17:30"),
        ),
        drivers=(
            Driver(id="C1", name="Conducteur 1", vehicle="V1", hours="Mo-Fr 08:15-12:15,13:30-17:30"),
            Driver(id="C2", name="Conductrice 2", vehicle="V2", hours="We 09:00-17:30"),
        ),
        fingerprint="0" * 64,
    )
