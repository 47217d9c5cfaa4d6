"""Records: every item read back through libasterix; what does not fit is given as the most that does."""

from typing import Any

import asterix.base as base
import asterix.generated as generated
import msgspec
import pytest

from tocsin.formats.asterix import layout
from tocsin.geo.tracks import PlacedTrack
from tocsin.sharing.asterix.records import DAY_S, Report, ServiceRecords, TrackRecords

KIND: Any = generated.Cat_062_1_20
PLACE = PlacedTrack(0, 54.6, 18.8, 120.0, 3.0, -20.0, 1.0, 20.2, 171.5, 12.0, 8.0)
BARE = PlacedTrack(0, -54.6, -178.8, None, None, None, None, None, None, None, None)
TRACKS, SERVICE = TrackRecords(layout(62, "1.20"), 48, 7), ServiceRecords(layout(65, "1.6"), 48, 7, 1)


def record(report: Report) -> Any:
    bits = base.Bits.from_bytes(TRACKS.write(report))
    records = KIND.cv_uap.parse(bits)
    assert not isinstance(records, ValueError), records
    (found,) = records
    return found


def quantity(found: Any, item: str, part: str | None, unit: str) -> float:
    variation = found.get_item(item).variation
    if part is not None:
        variation = variation.get_item(part).variation
    return float(variation.content.as_quantity(unit))


def flag(found: Any, name: str) -> int:
    item = found.get_item("080").variation.get_item(name)
    return 0 if item is None else int(item.variation.as_uint())


@pytest.mark.parametrize("place", [PLACE, BARE])
def test_place_and_time_read_back(place: PlacedTrack) -> None:
    found = record(Report(65_535, 3 * DAY_S + 1.5, place))
    assert quantity(found, "070", None, "s") == 1.5
    assert quantity(found, "105", "LAT", "°") == pytest.approx(place.latitude_deg, abs=6e-6)
    assert quantity(found, "105", "LON", "°") == pytest.approx(place.longitude_deg, abs=6e-6)
    assert found.get_item("040").variation.as_uint() == 65_535


def test_what_is_unknown_is_left_out() -> None:
    found = record(Report(1, 0.0, BARE))
    assert [item for item in ("185", "130", "220", "500", "380") if found.get_item(item) is not None] == []


@pytest.mark.parametrize(
    ("name", "field"),
    [("tentative", "CNF"), ("coasting", "CST"), ("begun", "TSB"), ("ended", "TSE"), ("exercise", "SIM")],
)
def test_each_state_sets_its_own_flag(name: str, field: str) -> None:
    plain = Report(1, 0.0, BARE)
    fields = ("CNF", "CST", "TSB", "TSE", "SIM")
    assert [flag(record(plain), one) for one in fields] == [0] * 5
    marked = record(msgspec.structs.replace(plain, **{name: True}))
    assert [one for one in fields if flag(marked, one)] == [field]


def test_what_does_not_fit_is_the_most_that_does() -> None:
    wild = msgspec.structs.replace(PLACE, east_mps=-1e6, north_mps=1e6, height_m=1e6, sigma_horizontal_m=1e6)
    found = record(Report(1, 0.0, wild))
    assert quantity(found, "185", "VX", "m/s") == pytest.approx(-8191.75, abs=0.25)
    assert quantity(found, "185", "VY", "m/s") == pytest.approx(8191.75, abs=0.25)
    assert quantity(found, "130", None, "ft") > 200_000.0


def test_service_status_says_that_the_system_works() -> None:
    records = generated.Cat_065_1_6.cv_uap.parse(base.Bits.from_bytes(SERVICE.write(DAY_S + 36_005.0)))
    assert not isinstance(records, ValueError)
    found: Any = records[0]
    assert quantity(found, "030", None, "s") == 36_005.0
    assert found.get_item("015").variation.as_uint() == 1
