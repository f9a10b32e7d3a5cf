"""What is dated in the database reaches the network that weeks are planned from."""

from datetime import date

from api.service import Service
from api.services.assemble import assemble
from api.services.network_records import network_of
from models.network.calendar import Absence, Closure, Season
from models.service_day import IsoWeek
from models.tables.network import AbsenceRecord, ClosureRecord, ClosureStatus, SeasonRecord
from tests.queries import count_queries

DAY, NEXT = date(2026, 12, 1), date(2026, 12, 2)


def _closure(site: str | None, status: ClosureStatus, reason: str) -> ClosureRecord:
    return ClosureRecord(site=site, starts_on=DAY, ends_on=NEXT, reason=reason, status=status)


def test_only_accepted_closures_act_and_everything_dated_is_read(service: Service) -> None:
    with service.database.write() as session:
        for status in ClosureStatus:
            session.add(_closure("cassel", status, f"cassel {status}"))
        session.add(_closure(None, ClosureStatus.ACCEPTED, "inventaire"))
        session.add(_closure(None, ClosureStatus.DECLINED, "non"))
        session.add(SeasonRecord(site="arneke", starts_on=DAY, ends_on=NEXT, label="hiver", opening="off"))
        session.add(AbsenceRecord(driver="C1", starts_on=DAY, ends_on=DAY, reason="congés"))
        session.add(AbsenceRecord(vehicle="V2", starts_on=NEXT, ends_on=NEXT, reason="révision"))
    with service.database.read() as session, count_queries(service.database) as sent:
        network = network_of(session)
    assert len([one for one in sent if one.startswith("SELECT")]) == 7
    shared = Closure(first=DAY, last=NEXT, reason="inventaire")
    assert network.closures == (shared,)
    assert network.site("cassel").closures == (Closure(first=DAY, last=NEXT, reason="cassel accepted"),)
    assert network.site("cassel").closed(DAY) == network.site("cassel").closures[0]
    assert network.site("bailleul").closed(NEXT) == shared
    assert network.site("arneke").seasons == (Season(first=DAY, last=NEXT, label="hiver", opening="off"),)
    assert network.driver("C1").absences == (Absence(first=DAY, last=DAY, reason="congés"),)
    assert network.vehicle("V2").absences == (Absence(first=NEXT, last=NEXT, reason="révision"),)
    assert network.driver("C2").absences == network.vehicle("V1").absences == ()


def test_a_week_with_an_accepted_closure_is_planned_around_it(service: Service) -> None:
    with service.database.write() as session:
        session.add(_closure("cassel", ClosureStatus.ACCEPTED, "travaux"))
    with service.database.read() as session:
        territory = service.territories.open(session)
    asked = assemble(territory.network, territory.travel, IsoWeek(2026, 49))
    cassel = next(stop for stop in asked.problem.stops if stop.id == "cassel")
    assert cassel.windows[1] == cassel.windows[2] == ()  # Tuesday and Wednesday
    assert cassel.windows[3] != ()
    assert all(not {1, 2} & set(pattern.days) for pattern in cassel.patterns)
