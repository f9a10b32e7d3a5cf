"""Networks as hypothesis draws them: any that files can tell, with texts as odd as people write them."""

from hypothesis import strategies as st

from models.network.cells import ASSUMABLE
from models.network.values import Access, Contact, Driver, Network, Rules, Site, SiteKind, Vehicle
from models.values import Coordinates, TimeWindow

HOURS = st.sampled_from(["", "Mo-Fr 08:00-18:00; PH off", "We 14:00-17:00; Sa 10:00-12:00", "24/7", "Tu off"])
# Texts of one line: blanks are made single by reading, control characters dropped.
_ODD = st.text(st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"), max_size=12)
TEXTS = st.one_of(
    st.sampled_from(["=1+1", "+33 3", "-2", "@x", "'=x", 'dit "bon"', "a;b,c", "d'Oxelaëre"]), _ODD
).map(lambda text: " ".join(text.split()))
NAMES = TEXTS.map(lambda text: text or "Sans nom")
CODES = st.from_regex(r"[A-Za-z0-9]{1,6}(-[A-Za-z0-9]{1,4})?", fullmatch=True)
CENTS = st.integers(0, 100_000)
_WHOLE = st.integers(0, 500)
_MINUTES = st.integers(0, 24 * 60)


@st.composite
def sites(draw: st.DrawFn, code: str, kind: SiteKind) -> Site:
    return Site(
        id=code,
        name=draw(NAMES),
        kind=kind,
        commune=draw(NAMES),
        insee=draw(st.from_regex(r"[0-9][0-9AB][0-9]{3}", fullmatch=True)),
        address=draw(TEXTS),
        postcode=draw(st.from_regex(r"[0-9]{5}", fullmatch=True)),
        point=Coordinates(
            lon=draw(st.integers(-10 * 10**7, 11 * 10**7)) / 10**7,
            lat=draw(st.integers(42 * 10**7, 51 * 10**7)) / 10**7,
        ),
        opening=draw(HOURS),
        shuttle_hours=draw(HOURS),
        access=draw(st.sampled_from(Access)),
        access_note=draw(TEXTS),
        phone=draw(st.sampled_from(["", "03 28 41 00 00", "+33 3 28 41 00 00", "mairie"])),
        visits_per_week=draw(st.integers(0, 7)),
        min_gap_days=draw(st.integers(1, 7)),
        deliver=draw(_WHOLE),
        collect=draw(_WHOLE),
        weekly_documents=draw(_WHOLE),
        assumed=draw(st.frozensets(st.sampled_from(ASSUMABLE))),
    )


@st.composite
def windows(draw: st.DrawFn) -> TimeWindow:
    early, late = sorted((draw(_MINUTES), draw(_MINUTES)))
    return TimeWindow(60 * early, 60 * late if early < late else 60 * late + 60) if late < 1440 else WHOLE_DAY


WHOLE_DAY = TimeWindow(0, 86_400)


@st.composite
def vehicles(draw: st.DrawFn, code: str) -> Vehicle:
    return Vehicle(
        id=code,
        name=draw(NAMES),
        depot="depot",
        capacity=draw(st.integers(1, 10_000)),
        hours=draw(HOURS),
        speed_percent=draw(st.integers(20, 200)),
        run_cents=draw(CENTS),
        km_cents=draw(CENTS),
        assumed=draw(st.booleans()),
    )


@st.composite
def drivers(draw: st.DrawFn, code: str, vehicle: str) -> Driver:
    return Driver(
        id=code,
        name=draw(NAMES),
        vehicle=vehicle,
        hours=draw(HOURS),
        phone=draw(st.sampled_from(["", "06 00 00 00 00", "-"])),
        hour_cents=draw(CENTS),
        break_s=60 * draw(st.integers(0, 240)),
        break_window=draw(st.none() | windows()),
        assumed=draw(st.booleans()),
    )


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """A depot, some libraries, vans and drivers; its rules are those that network.toml can tell."""
    codes = draw(st.lists(CODES.filter(lambda code: code != "depot"), unique=True, max_size=3))
    vans = draw(st.lists(CODES, unique=True, min_size=1, max_size=2))
    people = draw(st.lists(CODES, unique=True, min_size=1, max_size=2))
    return Network(
        id="escapade",
        name=draw(NAMES),
        organisation=draw(NAMES),
        coordinator=Contact(name=draw(NAMES), phone=draw(NAMES), email=draw(TEXTS)),
        rules=Rules(setup_s=draw(_WHOLE), closing_margin_s=draw(_WHOLE), missed_visit_cents=draw(CENTS)),
        sites=(
            draw(sites("depot", SiteKind.DEPOT)),
            *(draw(sites(code, draw(st.sampled_from(SiteKind)))) for code in codes),
        ),
        vehicles=tuple(draw(vehicles(code)) for code in vans),
        drivers=tuple(draw(drivers(code, draw(st.sampled_from(vans)))) for code in people),
        fingerprint="",
    )
