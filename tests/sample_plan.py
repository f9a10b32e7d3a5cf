"""A week built by hand from the contract values: four rounds, twenty-three visits, two vans, real places.

Travel is crow-fly × 1.3 at 12.5 m/s, so that the plan needs no roads; everything else (hours, access,
telephones, crates) is invented. Hazebrouck is called at twice in one round, Cassel twice in the week;
Hondeghem is a stand-in; Staple is not planned.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from math import cos, hypot, radians
from pathlib import Path

import numpy as np

from models.communes import Commune, read_communes
from models.network.values import Access, Contact, Driver, Network, Rules, Site, SiteKind, Vehicle
from models.plan import Pause, Plan, Round, RunStamp, Unplanned, Visit
from models.service_day import IsoWeek
from models.values import Coordinates, TimeWindow
from routing.travel import LegShapes

REPO = Path(__file__).parents[1]
TUESDAY, WEDNESDAY, THURSDAY = date(2026, 12, 1), date(2026, 12, 2), date(2026, 12, 3)
METRE_LAT = 1 / 111_195  # degrees of latitude in a metre, on a sphere of 6371 km

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


@dataclass(frozen=True, kw_only=True)
class Call:
    """One visit to build: where, crates left and taken, and what the plan says of it."""

    site: str
    deliver: int
    collect: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Outing:
    """One round to build; the pause starts when visit number `pause_after` ends."""

    id: str
    label: str
    date: date
    vehicle: str
    driver: str
    start_s: int
    shift: TimeWindow
    calls: tuple[Call, ...]
    pause_after: int | None = None


def leg(a: Coordinates, b: Coordinates) -> tuple[int, int]:
    """Seconds and metres from a to b, crow-fly × 1.3 at 12.5 m/s."""
    north = (b.lat - a.lat) / METRE_LAT
    east = (b.lon - a.lon) / METRE_LAT * cos(radians(50.75))
    metres = round(1.3 * hypot(north, east))
    return round(metres / 12.5), metres


def announced(begin_s: int, rules: Rules) -> TimeWindow:
    """Around the planned time, rounded outwards."""
    step = rules.announce_round_s
    early, late = begin_s - rules.announce_before_s, begin_s + rules.announce_after_s
    return TimeWindow(early // step * step, -(-late // step) * step)


def build_round(network: Network, outing: Outing, pause_s: int = 2700) -> Round:
    """The clocks and loads of an outing: drive, wait for the opening, set up, handle the crates."""
    rules, place, now = network.rules, network.site("DEPOT"), outing.start_s
    load_start = load = load_peak = sum(call.deliver for call in outing.calls)
    visits, pause = [], None
    for number, call in enumerate(outing.calls, start=1):
        site = network.site(call.site)
        leg_s, leg_m = leg(place.point, site.point)
        arrival = now + leg_s
        window = next(w for w in site.shuttle_windows(outing.date) if w.late >= arrival)
        begin = max(arrival, window.early)
        end = begin + rules.setup_s + rules.handling_s * (call.deliver + call.collect)
        load += call.collect - call.deliver
        load_peak = max(load_peak, load)
        visits.append(
            Visit(
                number=number,
                site=call.site,
                arrival_s=arrival,
                begin_s=begin,
                end_s=end,
                window=window,
                announced=announced(begin, rules),
                leg_s=leg_s,
                leg_m=leg_m,
                deliver=call.deliver,
                collect=call.collect,
                load_after=load,
                notes=call.notes,
            )
        )
        if number == outing.pause_after:
            pause, end = Pause(after=number, begin_s=end, length_s=pause_s), end + pause_s
        place, now = site, end
    back_s, back_m = leg(place.point, network.site("DEPOT").point)
    return Round(
        id=outing.id,
        label=outing.label,
        date=outing.date,
        vehicle=outing.vehicle,
        driver=outing.driver,
        start_site="DEPOT",
        end_site="DEPOT",
        start_s=outing.start_s,
        end_s=now + back_s,
        shift=outing.shift,
        visits=tuple(visits),
        pause=pause,
        leg_back_s=back_s,
        leg_back_m=back_m,
        load_start=load_start,
        load_peak=load_peak,
        load_end=load,
    )


def _calls(*triples: tuple[str, int, int]) -> tuple[Call, ...]:
    return tuple(Call(site=site, deliver=left, collect=taken) for site, left, taken in triples)


OUTINGS = (
    Outing(
        id="2026-W49-mar-matin-V1",
        label="matin · Fourgon",
        date=TUESDAY,
        vehicle="V1",
        driver="C1",
        start_s=8 * 3600 + 2400,
        shift=TimeWindow(29_700, 44_100),
        calls=_calls(
            ("LI8682", 3, 2),
            ("LI8461", 2, 1),
            ("LI8610", 1, 0),
            ("LI8492", 5, 4),
            ("LI8637", 2, 2),
            ("LI8643", 2, 3),
        ),
    ),
    Outing(
        id="2026-W49-mer-journee-V2",
        label="journée · Utilitaire léger",
        date=WEDNESDAY,
        vehicle="V2",
        driver="C2",
        start_s=10 * 3600 + 1200,
        shift=TimeWindow(32_400, 63_000),
        pause_after=4,
        calls=_calls(
            ("LI8659", 2, 1),
            ("LI8584", 2, 2),
            ("LI19754", 3, 2),
            ("LI2465", 5, 6),
            ("LI8636", 1, 1),
            ("LI8504", 2, 1),
            ("LI2564", 3, 4),
        ),
    ),
    Outing(
        id="2026-W49-jeu-matin-V1",
        label="matin · Fourgon",
        date=THURSDAY,
        vehicle="V1",
        driver="C1",
        start_s=8 * 3600 + 1800,
        shift=TimeWindow(29_700, 44_100),
        calls=(
            *_calls(("LI2514", 8, 6), ("LI8591", 2, 2), ("LI8656", 2, 1), ("LI8661", 1, 1)),
            Call(site="S59308", deliver=2, collect=1, notes=("arrive 5 min avant l'heure souhaitée",)),
            Call(site="LI2514", deliver=0, collect=3),
        ),
    ),
    Outing(
        id="2026-W49-jeu-apres-midi-V1",
        label="après-midi · Fourgon",
        date=THURSDAY,
        vehicle="V1",
        driver="C1",
        start_s=13 * 3600 + 1800,
        shift=TimeWindow(48_600, 63_000),
        calls=_calls(
            ("LI8492", 2, 3), ("LI8657", 4, 4), ("LI2504", 2, 1), ("LI8474", 1, 2), ("LI8508", 1, 1)
        ),
    ),
)


def sample_plan(network: Network | None = None) -> Plan:
    """The four rounds of week 2026-W49."""
    return plan_of(tuple(build_round(network or sample_network(), outing) for outing in OUTINGS))


def plan_of(rounds: tuple[Round, ...]) -> Plan:
    """A plan around any rounds, for the tests that bend them."""
    return Plan(
        week=IsoWeek(2026, 49),
        network="escapade",
        created_at=datetime(2026, 11, 25, 9, 30, tzinfo=UTC),
        rounds=rounds,
        unplanned=(
            Unplanned(
                site="LI8655",
                missing=1,
                reason="Staple n'ouvre qu'une heure le mercredi : tous les véhicules sont à plus de 40 min.",
            ),
        ),
        cost_cents={"rounds": 4800, "hours": 20_660, "distance": 7310, "waiting": 5210, "missing": 8000},
        holidays={},
        estimated_sites=("S59308",),
        run=RunStamp(
            engine="insertion",
            version="1",
            seconds=None,
            iterations=100,
            seed=1,
            travel="0" * 12,
            network="0" * 12,
            spent_s=0.4,
        ),
    )


def sample_shapes(network: Network | None = None) -> LegShapes:
    """Bent lines for every leg of the plan but one, which stays straight; deterministic, no roads."""
    network = network or sample_network()
    points = {site.id: site.point for site in network.sites}
    pairs = {
        pair for tour in sample_plan(network).rounds for pair in zip(tour.stops, tour.stops[1:], strict=False)
    }
    pairs.discard(("LI8656", "LI8661"))
    return LegShapes(points=points, lines={pair: _bent(points[pair[0]], points[pair[1]]) for pair in pairs})


def _bent(a: Coordinates, b: Coordinates) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """A gentle S from a to b, (lon, lat) of shape (17, 2)."""
    s = np.linspace(0, 1, 17)
    sway = 0.08 * np.sin(2 * np.pi * s) + 0.05 * np.sin(3 * np.pi * s) * np.sin(np.pi * s)
    lon = a.lon + s * (b.lon - a.lon) - sway * (b.lat - a.lat) * 1.58
    lat = a.lat + s * (b.lat - a.lat) + sway * (b.lon - a.lon) / 1.58
    return np.column_stack([lon, lat])


def sample_communes() -> tuple[Commune, ...]:
    """The real communes, from the repository's own data."""
    return tuple(read_communes(REPO / "data" / "communes.geojson"))


def with_visits(plan: Plan, tour: int, visits: tuple[Visit, ...]) -> Plan:
    """The same plan, one round holding other visits."""
    rounds = list(plan.rounds)
    rounds[tour] = replace(rounds[tour], visits=visits)
    return replace(plan, rounds=tuple(rounds))
