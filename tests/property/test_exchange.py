"""Any network, written as a workbook or as points, is read again as it was."""

from collections.abc import Mapping

from hypothesis import given, settings

from api.services.exchange.geojson import write_points
from api.services.exchange.parcel import Parcel, Upload, sorted_out
from api.services.exchange.xlsx import write_workbook
from models.network import rows
from models.network.book import Book
from models.network.rows import DRIVERS, LIBRARIES, VEHICLES
from models.network.sheet import Sheet, sheet_of
from models.network.values import Network
from models.network.write import driver_cells, site_cells, vehicle_cells
from tests.networks import networks


def _book(parcel: Parcel) -> Book:
    def opened(name: str, required: tuple[str, ...], known: frozenset[str]) -> Sheet:
        return sheet_of(name, parcel.tables[name], required, known)

    return Book(opened)


def _rows(network: Network) -> Mapping[str, list[dict[str, str]]]:
    return {
        LIBRARIES: [site_cells(one) for one in network.sites],
        VEHICLES: [vehicle_cells(one) for one in network.vehicles],
        DRIVERS: [driver_cells(one) for one in network.drivers],
    }


@settings(max_examples=40)
@given(network=networks())
def test_a_workbook_is_read_as_it_was_written(network: Network) -> None:
    parcel = sorted_out([Upload("réseau.xlsx", write_workbook(_rows(network)))], {})
    book = _book(parcel)
    assert book.things(LIBRARIES, rows.site) == network.sites
    assert book.things(VEHICLES, rows.vehicle) == network.vehicles
    assert book.things(DRIVERS, rows.driver) == network.drivers
    assert not [one for one in book.findings if one.serious]


@settings(max_examples=40)
@given(network=networks())
def test_points_are_read_as_they_were_written(network: Network) -> None:
    parcel = sorted_out([Upload("lieux.geojson", write_points(_rows(network)[LIBRARIES]))], {})
    assert _book(parcel).things(LIBRARIES, rows.site) == network.sites
