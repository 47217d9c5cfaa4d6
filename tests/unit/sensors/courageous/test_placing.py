"""Placing: each kind of location as a measurement, with the spread that its width has."""

import math

import pytest

from tocsin.formats.courageous import Arc, Bearing, BearingElevationDistance, Location, Quad, Velocity
from tocsin.geo.frames import Origin
from tocsin.model.detection import MeasurementKind
from tocsin.sensors.courageous.placing import Placing
from tocsin.sensors.courageous.settings import Settings
from tocsin.units import RAD_PER_DEG

ORIGIN = Origin(51.0 * RAD_PER_DEG, 2.7 * RAD_PER_DEG, 60.0)
HERE = (ORIGIN.latitude_rad, ORIGIN.longitude_rad, 60.0)
PLACING = Placing(Settings(), ORIGIN)


@pytest.mark.parametrize(
    ("location", "azimuth_deg", "sigma_deg"),
    [
        (Bearing(-10.0), 350.0, 2.0),
        (Arc(from_=350.0, to=50.0), 20.0, 60.0 / math.sqrt(12.0)),
        (Arc(from_=10.0, to=10.0), 190.0, 360.0 / math.sqrt(12.0)),
        (Arc(from_=10.0, to=11.0), 10.5, 2.0),
        (Quad("West"), 270.0, 90.0 / math.sqrt(12.0)),
    ],
)
def test_sectors_are_azimuths(location: Location, azimuth_deg: float, sigma_deg: float) -> None:
    found = PLACING.measured(location, HERE)
    assert found.kind is MeasurementKind.AZIMUTH
    assert found.values[0] / RAD_PER_DEG == pytest.approx(azimuth_deg)
    assert math.sqrt(found.covariance[0]) / RAD_PER_DEG == pytest.approx(sigma_deg)


def test_a_line_of_sight_with_a_distance_is_polar() -> None:
    found = PLACING.measured(BearingElevationDistance(90.0, 5.0, 1200.0), HERE)
    assert found.kind is MeasurementKind.POLAR_3D
    assert found.values == pytest.approx((1200.0, math.pi / 2, 5.0 * RAD_PER_DEG))
    assert found.covariance[0] == 225.0


def test_north_is_that_of_where_the_system_stood() -> None:
    """A hundred kilometres east of the site, true north leans by sin(latitude) of the longitude between."""
    east = (ORIGIN.latitude_rad, ORIGIN.longitude_rad + 1.4 * RAD_PER_DEG, 60.0)
    (azimuth_rad,) = PLACING.measured(Bearing(0.0), east).values
    turned_deg = (azimuth_rad / RAD_PER_DEG + 180.0) % 360.0 - 180.0
    assert abs(turned_deg) == pytest.approx(1.4 * math.sin(ORIGIN.latitude_rad), abs=0.01)
    east_mps, north_mps, _ = PLACING.velocity_enu_mps(Velocity(0.0, 10.0, 0.0), east)
    assert math.atan2(east_mps, north_mps) / RAD_PER_DEG == pytest.approx(turned_deg, abs=0.01)
