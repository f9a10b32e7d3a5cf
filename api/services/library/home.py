"""Everything that a library's page tells, read in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from api.repositories import library
from api.repositories import messages as stored
from api.repositories.visits_by_date import published_weeks
from api.service import Service
from api.services.actor import Actor
from api.services.library import phrases
from api.services.library.entry import Help, help_of
from api.services.library.next_visit import Visits, visits_of
from api.services.library.received import LastVisit, last_visit
from api.services.library.told import Change, changes
from api.services.library.weeks import Week, coming_weeks, published_calls
from api.services.network_records import network_of
from models.errors import NotFound, RoadDataError
from models.network.values import Network, Site
from models.service_day import IsoWeek
from models.tables.network import ClosureRecord, SiteRecord
from models.tables.scans import MessageKind, MessageRecord

_THREAD = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Whose:
    """Whose page it is, and whom to call."""

    code: str
    name: str
    commune: str
    help: Help


@dataclass(frozen=True, kw_only=True, slots=True)
class Live:
    """The part of the page that changes while one looks: the next visit, and what was told lately of those to
    come. `none` says why there is no next one."""

    visits: Visits
    none: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Home:
    """The whole page."""

    whose: Whose
    live: Live
    last: LastVisit | None
    weeks: tuple[Week, ...]
    closures: Sequence[ClosureRecord]
    messages: Sequence[MessageRecord]
    unread: int
    others: Sequence[SiteRecord]


def whose(session: Session, site: str) -> Whose:
    """NotFound without such a site."""
    found = library.site_of_code(session, site)
    if found is None:
        raise NotFound("Cette bibliothèque n'existe plus.")
    return Whose(code=found.code, name=found.name, commune=found.commune, help=help_of(session))


def live(session: Session, service: Service, actor: Actor, at: datetime) -> Live:
    """What is looked at again every half a minute."""
    assert actor.site is not None
    cut_off_s = the_network(session, service).rules.cut_off_s
    visits = visits_of(session, actor.site, actor.name, cut_off_s, at)
    return Live(
        visits=visits,
        none="" if visits.next else _why_none(session, at),
        changes=changes(session, actor.site, at),
    )


def home(session: Session, service: Service, actor: Actor, at: datetime) -> Home:
    """The whole page of a library."""
    assert actor.site is not None
    site, today = actor.site, phrases.iso_today(at)
    network = the_network(session, service)
    shown = live(session, service, actor, at)
    told = [(one.day, one.announced_early_at, one.announced_late_at) for one in shown.visits.arrivals]
    calls = published_calls(told, described(network, site))
    return Home(
        whose=whose(session, site),
        live=shown,
        last=last_visit(session, site, at),
        weeks=coming_weeks(session, network, site, calls, at),
        closures=library.closures_ahead(session, site, today),
        messages=[
            one for one in library.last_messages(session, site, _THREAD) if one.kind is not MessageKind.READY
        ],
        unread=stored.unread(session, site, from_library=False).get(site, 0),
        others=[one for one in library.open_sites(session) if one.code != site],
    )


def the_network(session: Session, service: Service) -> Network:
    """The network as it stands; also one that has no roads yet."""
    try:
        return service.territories.open(session).network
    except (RoadDataError, NotFound):
        return network_of(session)


def described(network: Network, site: str) -> Site | None:
    """A site as it is described, None where it was put away."""
    return next((one for one in network.sites if one.id == site), None)


def _why_none(session: Session, at: datetime) -> str:
    week = IsoWeek.of(phrases.iso_today(at))
    if published_weeks(session, {str(week), str(week.next())}):
        return "Aucun passage n'est prévu chez vous dans les semaines déjà publiées."
    return "Le planning des prochains jours n'est pas encore publié."
