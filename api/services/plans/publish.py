"""Publishing: what it would change for libraries, and doing it, once."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from api.repositories import plans as repository
from api.repositories.drafts import forget_steps, last_step
from api.service import Service
from api.services import audit
from api.services.actor import Actor
from api.services.changes import announce
from api.services.noticing import of_publication
from api.services.plans.drafts import Opened, desk_for, must_be_draft, opened
from api.services.plans.matching import Match, matches
from api.services.plans.question import told_plan
from api.services.plans.store import plan_of_record
from api.services.versions import must_match
from api.services.webhooks import emit
from maps.words import WEEKDAYS, between, day
from models.errors import Conflict
from models.network.values import Network
from models.plan import Round
from models.service_day import IsoWeek
from models.tables.base import now
from models.tables.plans import PlanKind, PlanRecord, PlanStatus
from models.tables.scans import MessageKind, MessageRecord


@dataclass(frozen=True, kw_only=True)
class Publication:
    """What publishing a draft would do. `replaces` is the plan of its week that it would supersede, `against`
    the one that libraries were told by until now. `news` are the visits that somebody must hear of.
    """

    found: Opened
    replaces: PlanRecord | None
    against: PlanRecord | None
    news: tuple[Match, ...]
    unmoved: int
    archived: frozenset[str]


def publication(session: Session, service: Service, plan: UUID) -> Publication:
    """What publishing would change. Conflict when the plan is no draft."""
    record = repository.get_plan(session, plan)
    must_be_draft(record)
    return _publication(session, service, record)


def publish(  # noqa: PLR0913, PLR0917
    session: Session, service: Service, plan: UUID, seen: int, replaces: UUID | None, actor: Actor
) -> Publication:
    """Publish a draft: the former plan of its week is superseded with it, libraries hear of what moves.

    StaleVersion when it is not the version seen; Conflict when it is no draft, or when what is published now
    is not what the publisher has seen (`replaces`).
    """
    repository.take_turn(session)  # two at once: the second sees what the first did
    record = repository.get_plan_to_change(session, plan)
    must_be_draft(record)
    must_match(record, seen)
    found = _publication(session, service, record)
    _must_replace(found.replaces, replaces)
    moment = now()
    if found.replaces is not None:
        found.replaces.status, found.replaces.superseded_at = PlanStatus.SUPERSEDED, moment
        session.flush()
    record.status, record.published_at, record.published_by = PlanStatus.PUBLISHED, moment, actor.name
    session.flush()
    forget_steps(session, plan, up_to=last_step(session, plan))
    told = _tell(session, found, service.territories.open(session).network, actor)
    announce(session, "plans", str(plan))
    emit(session, "plan.published", {"plan": str(plan), "number": record.number, "week": record.week})
    audit.note(
        session,
        "published",
        "plan",
        str(plan),
        number=record.number,
        week=record.week,
        supersedes=found.replaces.number if found.replaces else None,
        told=told,
    )
    return found


def _must_replace(current: PlanRecord | None, seen: UUID | None) -> None:
    if (current.id if current else None) == seen:
        return
    if current is None:
        raise Conflict("Le planning que vous pensiez remplacer n'est plus publié. Relisez, puis publiez.")
    raise Conflict(
        f"Le planning n° {current.number} est publié pour cette semaine"
        f"{f' par {current.published_by}' if current.published_by else ''}. "
        "Relisez ce que votre publication changerait, puis publiez."
    )


def _publication(session: Session, service: Service, record: PlanRecord) -> Publication:
    found = opened(session, record)
    replaces = repository.find_published(
        session, record.week if record.kind is PlanKind.WEEK else None, record.kind
    )
    against = replaces or told_plan(session, IsoWeek.parse(record.week))
    before = plan_of_record(session, against) if against else None
    desk = desk_for(session, service, found.layout)
    every = matches(before, found.plan)
    tolerance = desk.network.rules.habit_tolerance_s
    news = tuple(one for one in every if before is None or _is_news(one, tolerance))
    served = {call.site for outing in found.layout.outings for call in outing.calls}
    return Publication(
        found=found,
        replaces=replaces,
        against=against,
        news=news,
        unmoved=len(every) - len(news),
        archived=desk.former & served,
    )


def _is_news(one: Match, tolerance_s: int) -> bool:
    return one.moved_s is None or one.moved_s > tolerance_s


def _tell(session: Session, found: Publication, network: Network, actor: Actor) -> list[str]:
    """Write to the libraries whose window moves; nobody on the very first publication, when nothing was
    ever told. The sites written to."""
    if found.against is None:
        return []
    known = {site.id for site in network.sites}
    by_site: dict[str, list[Match]] = {}
    for one in found.news:
        by_site.setdefault(one.site, []).append(one)
    template = found.found.record.kind is PlanKind.TEMPLATE
    for site, moved in by_site.items():
        session.add(
            MessageRecord(
                site=site,
                from_library=False,
                kind=MessageKind.NEWS,
                author=actor.name,
                text=" ".join(sentence(one, template=template) for one in moved),
                facts={"plan": str(found.found.record.id), "week": found.found.record.week},
            )
        )
        if site in known:
            announce(session, "messages", site, site)
    if not template:
        of_publication(session, [one for one in found.news if one.site in known], now())
    return sorted(by_site)


def sentence(one: Match, *, template: bool) -> str:
    """What a library is told of a visit that moves, comes, or no longer comes."""
    if one.now is None:
        assert one.was is not None
        return f"La navette ne passera pas {_day(one.was[0], template)}."
    passes = f"{_day(one.now[0], template)}, {between(one.now[1].announced)}"
    if one.was is None:
        return f"La navette passera aussi {passes}."
    before = between(one.was[1].announced)
    if not one.same_day:
        before = f"{WEEKDAYS[one.was[0].date.weekday()]}, {before}"
    return f"La navette passera {passes} (auparavant {before})."


def _day(tour: Round, template: bool) -> str:
    return f"le {WEEKDAYS[tour.date.weekday()]}" if template else f"le {day(tour.date)}"
