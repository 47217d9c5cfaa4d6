"""Placing: positions against PROJ, bearings in each convention, sensors that move."""

import math
from typing import Any

import pyproj
import pytest

from tocsin.formats.columns import Height, Local, Mapping, Own, Sigma, SigmaColumns
from tocsin.formats.problems import BadRow
from tocsin.formats.reading import Reading
from tocsin.geo.heights import undulation_m
from tocsin.model.adapter import AdapterContext
from tocsin.model.detection import Detection, MeasurementKind
from tocsin.model.packet import Packet, PacketKind
from tocsin.model.sensor import Pose
from tocsin.sensors.table.placing import Placer, Timed

DEG = math.pi / 180.0
LATITUDE, LONGITUDE, HEIGHT_M = 54.6, 18.8, 41.0
PACKET = Packet(PacketKind.DATA, "s", 0.0, sequence=9, exercise=True)
SIGMA = Sigma(horizontal_m=10.0, up_m=20.0, range_m=5.0, azimuth_rad=0.01, elevation_rad=0.02)
HERE = Pose()
NAN = math.nan


def context(pose: Pose) -> AdapterContext:
    return AdapterContext("s", pose, LATITUDE * DEG, LONGITUDE * DEG, HEIGHT_M)


def place(mapping: Mapping, reading: Reading, pose: Pose = HERE) -> Detection:
    (found,) = Placer(mapping, context(pose)).place([Timed(reading, 1.0, 2.0, PACKET)])
    assert isinstance(found, Detection), found
    return found


def proj_enu(latitude_deg: float, longitude_deg: float, height_m: float) -> tuple[float, float, float]:
    pipeline = (
        "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=cart +ellps=WGS84 "
        f"+step +proj=topocentric +ellps=WGS84 +lat_0={LATITUDE} +lon_0={LONGITUDE} +h_0={HEIGHT_M}"
    )
    return tuple(pyproj.Transformer.from_pipeline(pipeline).transform(longitude_deg, latitude_deg, height_m))


@pytest.mark.parametrize(
    ("height", "value", "ellipsoid_m"),
    [
        (Height("h", "ellipsoid"), 120.0, 120.0),
        (Height("h", "msl"), 120.0, 120.0 + undulation_m(54.65 * DEG, 18.9 * DEG)),
        (Height("h", "takeoff"), 120.0, 161.0),
        (Height("h", "agl", reference_m=30.0), 120.0, 150.0),
        (Height("h", "pressure", reference_m=-55.0), 120.0, 65.0),
    ],
)
def test_each_kind_of_height(height: Height, value: float, ellipsoid_m: float) -> None:
    mapping = Mapping(latitude="a", longitude="b", height=height, sigma=SIGMA)
    found = place(mapping, Reading(1, 1.0, 2.0, (54.65 * DEG, 18.9 * DEG, value)))
    assert found.kind is MeasurementKind.POSITION_3D
    assert found.values == pytest.approx(proj_enu(54.65, 18.9, ellipsoid_m), abs=1e-6)
    assert found.lla == pytest.approx((54.65 * DEG, 18.9 * DEG, ellipsoid_m))


def test_a_row_without_height_is_flat_and_its_height_unknown() -> None:
    mapping = Mapping(latitude="a", longitude="b", height=Height("h", "msl"), sigma=Sigma(horizontal_m=10.0, up_m=1.0))
    found = place(mapping, Reading(7, 1.0, 2.0, (54.65 * DEG, 18.9 * DEG, NAN)))
    assert found.kind is MeasurementKind.POSITION_2D
    assert found.values == pytest.approx(proj_enu(54.65, 18.9, HEIGHT_M)[:2], abs=1e-6)
    assert found.covariance == (100.0, 0.0, 0.0, 100.0)
    assert found.lla is not None and math.isnan(found.lla[2])
    assert (found.row, found.packet, found.exercise) == (7, 9, True)


@pytest.mark.parametrize(
    ("place", "own", "reason"),
    [
        ((18.8 * DEG, 54.6 * DEG, NAN), None, "position: further from the site than furthest_m"),  # mixed up
        ((54.6 * DEG, 18.8 * DEG, 1e9), None, "position: further from the site than furthest_m"),
        (
            (54.6 * DEG, 18.8 * DEG, 1.0),
            (5.46 * DEG, 18.8 * DEG, NAN, NAN),
            "own: further from the site than furthest_m",
        ),
    ],
)
def test_a_place_too_far_to_be_meant_is_broken(place: Any, own: Any, reason: str) -> None:
    columns = {"latitude": "a", "longitude": "b"}
    mapping = Mapping(**columns, height=Height("h", "ellipsoid"), own=Own(**columns), sigma=SIGMA)
    timed = Timed(Reading(1, 1.0, 2.0, place, own=own), 1.0, 2.0, PACKET)
    (found,) = Placer(mapping, context(Pose())).place([timed])
    assert isinstance(found, BadRow) and found.reason == reason


@pytest.mark.parametrize(
    ("triple", "kind", "values"),
    [
        ((900.0, 0.5, 0.1), MeasurementKind.POLAR_3D, (900.0, 0.5, 0.1)),
        ((900.0, 0.5, NAN), MeasurementKind.POLAR_2D, (900.0, 0.5)),
        ((NAN, 0.5, 0.1), MeasurementKind.AZIMUTH_ELEVATION, (0.5, 0.1)),
        ((NAN, 0.5, NAN), MeasurementKind.AZIMUTH, (0.5,)),
        ((NAN, -0.5, NAN), MeasurementKind.AZIMUTH, (math.tau - 0.5,)),
        ((NAN, 3 * math.tau + 0.25, NAN), MeasurementKind.AZIMUTH, (0.25,)),
    ],
)
def test_ranges_and_bearings(
    triple: tuple[float, float, float], kind: MeasurementKind, values: tuple[float, ...]
) -> None:
    mapping = Mapping(azimuth="a", range="r", elevation="e", sigma=SIGMA)
    found = place(mapping, Reading(1, 1.0, 2.0, triple), Pose(3.0, 4.0, 5.0))
    assert found.kind is kind
    # 3 m east of the meridian true north has turned by less than a millionth of a radian
    assert found.values == pytest.approx(values, abs=1e-6)
    assert found.sensor_enu_m == (3.0, 4.0, 5.0)
    assert found.covariance[0] == pytest.approx(1e-4 if math.isnan(triple[0]) else 25.0)


@pytest.mark.parametrize(
    ("zero", "turn", "azimuth_deg"),
    [
        ("north", "clockwise", 30.0),
        ("heading", "clockwise", 100.0),
        ("heading", "anticlockwise", 40.0),
        ("east", "clockwise", 120.0),
        ("east", "anticlockwise", 60.0),
        ("north", "anticlockwise", 330.0),
    ],
)
def test_where_azimuth_begins_and_how_it_turns(zero: Any, turn: Any, azimuth_deg: float) -> None:
    mapping = Mapping(azimuth="a", azimuth_zero=zero, azimuth_turn=turn, sigma=SIGMA)
    found = place(mapping, Reading(1, 1.0, 2.0, (NAN, 30.0 * DEG, NAN)), Pose(heading_rad=70.0 * DEG))
    assert found.values[0] / DEG == pytest.approx(azimuth_deg, abs=1e-9)


def test_true_north_turns_away_from_the_sites_meridian() -> None:
    """The bearing from one place to another, by PROJ, is the bearing in the site's frame."""
    sensor, target = (54.6, 19.3), (54.7, 19.5)
    true_deg, _, _ = pyproj.Geod(ellps="WGS84").inv(sensor[1], sensor[0], target[1], target[0])
    own = Own(latitude="a", longitude="b")
    reading = Reading(1, 1.0, 2.0, (NAN, true_deg * DEG, NAN), own=(sensor[0] * DEG, sensor[1] * DEG, NAN, NAN))
    found = place(Mapping(azimuth="a", own=own, sigma=SIGMA), reading)
    here, there = proj_enu(*sensor, HEIGHT_M), proj_enu(*target, HEIGHT_M)
    frame_deg = math.degrees(math.atan2(there[0] - here[0], there[1] - here[1]))
    assert abs(true_deg - frame_deg) > 0.3  # what would be lost otherwise
    assert found.values[0] / DEG == pytest.approx(frame_deg, abs=2e-3)
    assert found.sensor_enu_m[:2] == pytest.approx(here[:2], abs=1e-6)


def test_a_moving_sensor_and_what_its_pose_stands_in_for() -> None:
    own = Own(east="e", north="n", up="u", heading="h")
    mapping = Mapping(azimuth="a", azimuth_zero="heading", own=own, sigma=SIGMA)
    pose = Pose(1.0, 2.0, 3.0, 0.1)
    found = [
        place(mapping, Reading(1, 1.0, 2.0, (NAN, 0.5, NAN), own=stand), pose)
        for stand in ((50.0, 60.0, 7.0, 0.2), (50.0, 60.0, NAN, NAN), (NAN, NAN, NAN, 0.3), None)
    ]
    assert [item.sensor_enu_m for item in found] == [
        (50.0, 60.0, 7.0),
        (50.0, 60.0, 3.0),
        (1.0, 2.0, 3.0),
        (1.0, 2.0, 3.0),
    ]
    assert [item.values[0] for item in found] == pytest.approx([0.7, 0.6, 0.8, 0.6], abs=2e-5)


def test_local_frames() -> None:
    reading = Reading(1, 1.0, 2.0, (100.0, 200.0, 30.0))
    pose = Pose(1000.0, 2000.0, 10.0, 90.0 * DEG)
    site = place(Mapping(east="e", north="n", up="u", sigma=SIGMA), reading, pose)
    assert site.values == (100.0, 200.0, 30.0)
    sensor = place(Mapping(east="e", north="n", up="u", sigma=SIGMA, local=Local("sensor")), reading, pose)
    assert sensor.values == pytest.approx((1100.0, 2200.0, 40.0), abs=0.1)  # true north turns by 2e-4 rad in 1 km
    ahead = place(Mapping(east="e", north="n", up="u", sigma=SIGMA, local=Local("sensor", "heading")), reading, pose)
    assert ahead.values == pytest.approx((1200.0, 1900.0, 40.0))  # it points east: ahead is east, right is south
    point = Local("point", latitude_rad=54.7 * DEG, longitude_rad=18.9 * DEG, height_m=20.0)
    moved = place(Mapping(east="e", north="n", up="u", sigma=SIGMA, local=point), Reading(1, 1.0, 2.0, (0.0, 0.0, 5.0)))
    assert moved.values == pytest.approx(proj_enu(54.7, 18.9, 25.0), abs=1e-6)
    flat = place(Mapping(east="e", north="n", sigma=SIGMA, local=point), Reading(1, 1.0, 2.0, (0.0, 0.0, NAN)))
    assert flat.kind is MeasurementKind.POSITION_2D
    assert flat.values == pytest.approx(proj_enu(54.7, 18.9, 20.0)[:2], abs=1e-6)


def test_a_spread_that_is_no_spread_breaks_the_row() -> None:
    mapping = Mapping(azimuth="a", sigma_columns=SigmaColumns(azimuth="s"))
    reading = Reading(1, 1.0, 2.0, (NAN, 0.5, NAN), sigma=(NAN, NAN, NAN, 0.0, NAN))
    (found,) = Placer(mapping, context(Pose())).place([Timed(reading, 1.0, 2.0, PACKET)])
    assert isinstance(found, BadRow) and found.reason == "sigma: not positive"
