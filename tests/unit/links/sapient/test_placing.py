"""Places and bearings of SAPIENT against PROJ and plain trigonometry."""

import math
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod, Proj

from sapient_messages import NODE, registration
from tocsin.formats.sapient.schema import schema
from tocsin.geo.frames import Origin
from tocsin.links.sapient.node import Node, registered, variance
from tocsin.links.sapient.placing import Measured, Placer, Unplaceable
from tocsin.links.sapient.settings import Settings
from tocsin.model.detection import MeasurementKind
from tocsin.model.sensor import Pose
from tocsin.units import RAD_PER_DEG

ORIGIN = Origin(54.6 * RAD_PER_DEG, 18.8 * RAD_PER_DEG, 41.0)
SOUTH = Origin(-33.9 * RAD_PER_DEG, 151.2 * RAD_PER_DEG, 41.0)
POSE = Pose(10.0, 20.0, 3.0, 0.5)
NONE = Node(NODE)
KNOWN = Settings()


def place(node: Node = NONE, origin: Origin = ORIGIN, near: bool = True, **fields: Any) -> Measured:
    body = {"coordinate_system": 1, "datum": 1} | fields
    location = schema().message(detection_report={"location": body}).detection_report.location
    return Placer(Settings(), origin, near).place(location, node, POSE)


def bearing(node: Node = NONE, known: Settings = KNOWN, **fields: Any) -> Measured:
    body = {"coordinate_system": 1, "datum": 1} | fields
    seen = schema().message(detection_report={"range_bearing": body}).detection_report.range_bearing
    return Placer(known, ORIGIN).bearing(seen, node, POSE)


def degrees(measured: Measured) -> tuple[float, float]:
    assert measured.lla is not None
    return measured.lla[0] / RAD_PER_DEG, measured.lla[1] / RAD_PER_DEG


def test_degrees_and_radians() -> None:
    one = place(x=18.81, y=54.61, z=141.0)
    two = place(x=18.81 * RAD_PER_DEG, y=54.61 * RAD_PER_DEG, z=141.0, coordinate_system=2)
    assert one.kind is MeasurementKind.POSITION_3D
    assert one.values == pytest.approx(two.values, abs=1e-6)
    east_m = Geod(ellps="WGS84").inv(18.8, 54.61, 18.81, 54.61)[2]
    assert one.values[0] == pytest.approx(east_m, abs=0.2)
    assert one.covariance == (900.0, 0.0, 0.0, 0.0, 900.0, 0.0, 0.0, 0.0, 2500.0)


def test_a_height_above_the_geoid_is_brought_to_the_ellipsoid() -> None:
    above = place(x=18.8, y=54.6, z=100.0, datum=2).lla
    assert above is not None
    assert above[2] == pytest.approx(129.0, abs=1.5)  # EGM96 stands about 29 m above the ellipsoid there


def test_an_unknown_height_makes_a_place_on_the_map() -> None:
    flat = place(x=18.8, y=54.6)
    assert (flat.kind, len(flat.values)) == (MeasurementKind.POSITION_2D, 2)
    assert flat.lla is not None and math.isnan(flat.lla[2])


@pytest.mark.parametrize("zone", ["34N", "34U", "34", "034u", ""])
def test_utm_in_every_spelling(zone: str) -> None:
    easting_m, northing_m = Proj(proj="utm", zone=34, ellps="WGS84")(18.81, 54.61)
    found = degrees(place(x=easting_m, y=northing_m, coordinate_system=5, utm_zone=zone))
    assert found == pytest.approx((54.61, 18.81), abs=1e-7)


@pytest.mark.parametrize("zone", ["56S", "56H", "56", ""])
def test_utm_south_of_the_equator(zone: str) -> None:
    easting_m, northing_m = Proj(proj="utm", zone=56, south=True, ellps="WGS84")(151.21, -33.91)
    found = degrees(place(origin=SOUTH, x=easting_m, y=northing_m, coordinate_system=5, utm_zone=zone))
    assert found == pytest.approx((-33.91, 151.21), abs=1e-7)


def test_the_zone_of_the_registration_serves_where_a_report_names_none() -> None:
    easting_m, northing_m = Proj(proj="utm", zone=33, ellps="WGS84")(18.81, 54.61)
    node = msgspec.structs.replace(NONE, zone="33U")
    found = degrees(place(node, x=easting_m, y=northing_m, coordinate_system=5))
    assert found == pytest.approx((54.61, 18.81), abs=1e-6)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"x": 500.0, "y": 54.6}, "not on the earth"),
        ({"x": 18.8, "y": 120.0}, "x and y look swapped"),
        ({"x": 54.6, "y": 18.8}, "far from the site.*look swapped"),
        ({"x": 0.0, "y": 0.0}, "far from the site"),
        ({"x": 51.17, "y": -1.82, "coordinate_system": 5, "utm_zone": "30U"}, "look like a latitude"),
        ({"x": 400000.0, "y": 6000000.0, "coordinate_system": 5, "utm_zone": "99Z"}, "no UTM zone"),
        ({"x": 18.8, "y": 54.6, "z": 1e7}, "height cannot be meant"),
    ],
)
def test_what_cannot_be_placed(fields: dict[str, Any], reason: str) -> None:
    with pytest.raises(Unplaceable, match=reason):
        place(**fields)


def test_without_a_site_nothing_is_far_and_a_zone_is_needed() -> None:
    assert degrees(place(near=False, x=100.0, y=10.0)) == pytest.approx((10.0, 100.0))
    with pytest.raises(Unplaceable, match="without a zone"):
        place(near=False, x=400000.0, y=6000000.0, coordinate_system=5)


def test_stated_errors_in_degrees_and_in_metres() -> None:
    lat_m, lon_m = 6_371_000.0 * RAD_PER_DEG, 6_371_000.0 * RAD_PER_DEG * math.cos(54.6 * RAD_PER_DEG)
    said = {"x": 18.8, "y": 54.6, "z": 41.0, "z_error": 8.0}
    small = place(**said, x_error=1e-4, y_error=2e-4)
    assert [small.covariance[k] ** 0.5 for k in (0, 4, 8)] == pytest.approx([1e-4 * lon_m, 2e-4 * lat_m, 8.0], rel=1e-6)
    metres = place(**said, x_error=12.0, y_error=12.0)  # as degrees, a thousand kilometres
    assert [metres.covariance[k] ** 0.5 for k in (0, 4)] == pytest.approx([12.0, 12.0])
    node = msgspec.structs.replace(NONE, errors_in_metres=True, error_ratio=2.0)
    halved = place(node, **said, x_error=0.05, y_error=0.05)
    assert [halved.covariance[k] ** 0.5 for k in (0, 4, 8)] == pytest.approx([0.03, 0.03, 4.0])


def test_bearings_are_seen_from_where_the_node_stands() -> None:
    seen = bearing(azimuth=90.0, azimuth_error=1.0)
    assert (seen.kind, seen.sensor_enu_m) == (MeasurementKind.AZIMUTH, (10.0, 20.0, 3.0))
    assert seen.values[0] == pytest.approx(math.pi / 2, abs=1e-5)
    assert seen.covariance[0] == pytest.approx(RAD_PER_DEG**2)
    node = msgspec.structs.replace(NONE, lla=(54.61 * RAD_PER_DEG, 18.8 * RAD_PER_DEG, 41.0))
    assert bearing(node, azimuth=0.0).sensor_enu_m[1] == pytest.approx(1113.3, abs=1.0)


def test_every_north() -> None:
    known = Settings(declination_rad=0.1)
    assert bearing(azimuth=0.0, datum=4).values[0] == pytest.approx(0.5)  # the platform's heading
    assert bearing(known=known, azimuth=0.0, datum=2).values[0] == pytest.approx(0.1, abs=1e-5)
    grid = Proj(proj="utm", zone=34, ellps="WGS84").get_factors(18.8, 54.6).meridian_convergence
    turned_rad = bearing(azimuth=10.0 - grid, datum=3).values[0]
    assert turned_rad == pytest.approx(10.0 * RAD_PER_DEG, abs=2e-4)
    with pytest.raises(Unplaceable, match="declination_deg"):
        bearing(azimuth=0.0, datum=2)


def test_kinds_of_bearings() -> None:
    kinds = [
        bearing(azimuth=1.0, elevation=2.0).kind,
        bearing(azimuth=1.0, range=100.0).kind,
        bearing(azimuth=1.0, elevation=2.0, range=0.1, coordinate_system=3).kind,
    ]
    assert kinds == [MeasurementKind.AZIMUTH_ELEVATION, MeasurementKind.POLAR_2D, MeasurementKind.POLAR_3D]
    assert bearing(azimuth=1.0, range=0.1, coordinate_system=3).values[0] == pytest.approx(100.0)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"elevation": 1.0}, "no azimuth"),
        ({"azimuth": 1.0, "range": 0.0}, "range cannot"),
        ({"azimuth": 1.0, "range": 1e9}, "range cannot"),
        ({"azimuth": 1.0, "elevation": 91.0}, "elevation cannot"),
        ({"azimuth": 1e300}, "azimuth cannot"),
    ],
)
def test_bearings_that_cannot_be(fields: dict[str, Any], reason: str) -> None:
    with pytest.raises(Unplaceable, match=reason):
        bearing(**fields)


NUMBER = st.floats(allow_nan=False, allow_infinity=False)


@settings(deadline=None, max_examples=200)
@given(
    NUMBER, NUMBER, st.none() | NUMBER, st.sampled_from([1, 2, 5]), st.sampled_from([1, 2]), NUMBER, st.text(max_size=4)
)
def test_any_location_is_placed_or_refused(
    x: float, y: float, z: float | None, system: int, datum: int, error: float, zone: str
) -> None:
    height = {} if z is None else {"z": z}
    try:
        found = place(x=x, y=y, coordinate_system=system, datum=datum, x_error=error, utm_zone=zone, **height)
    except Unplaceable:
        return
    assert all(map(math.isfinite, (*found.values, *found.covariance)))
    assert min(found.covariance[:: len(found.values) + 1]) > 0.0


def test_what_a_registration_teaches() -> None:
    said = registration().registration
    errors = said.mode_definition[0].detection_definition[0].geometric_error
    errors.type, errors.units, errors.variation_type = "95% confidence", "metres", "none"
    said.mode_definition[0].detection_definition[0].location_type.zone = "34N"
    said.node_definition.add(node_type=14)
    said.status_definition.status_interval.units = 3
    node = registered(NONE, said)
    assert (node.name, node.zone, node.interval_s) == ("Test radar", "34N", 0.005)
    assert (node.error_ratio, node.errors_in_metres) == (1.96, True)
    assert node.is_effector and not node.is_fusion
    assert variance(1.96, node, 30.0) == pytest.approx(1.0)
    assert variance(0.0, node, 30.0) == 900.0
    assert 0.0 < variance(1e-300, node, 30.0) < variance(1e300, node, 30.0) < math.inf
