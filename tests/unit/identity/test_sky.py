"""The sky against another implementation: astropy 7 with ERFA's built-in ephemeris, refraction at 1010 hPa and 15 C."""

from datetime import datetime

import pytest

from tocsin.identity.sky import bodies
from tocsin.units import RAD_PER_DEG

# (body, latitude, longitude, height in m, time, azimuth and apparent elevation in degrees, as astropy gives them)
ELSEWHERE = (
    ("Venus", 54.6, 18.8, 41.0, "2025-01-20T17:30:00Z", 236.295, 16.4706),
    ("Venus", -24.3, 125.6, 430.0, "2026-10-01T10:45:00Z", 253.031, 14.2343),
    ("Moon", 54.6, 18.8, 41.0, "2025-11-05T15:10:00Z", 62.8251, 5.0464),
    ("Moon", 51.5, -0.1, 20.0, "2025-12-04T16:10:00Z", 58.4534, 8.4307),
    ("Jupiter", 54.6, 18.8, 41.0, "2026-01-10T20:00:00Z", 118.2785, 44.6851),
    ("Sun", 54.6, 18.8, 41.0, "2025-06-21T10:45:00Z", 179.2706, 58.8448),
)


def sky(latitude_deg: float, longitude_deg: float, height_m: float, time: str):
    time_s = datetime.fromisoformat(time).timestamp()
    return {one.name: one for one in bodies(latitude_deg * RAD_PER_DEG, longitude_deg * RAD_PER_DEG, height_m, time_s)}


@pytest.mark.parametrize(("name", "latitude", "longitude", "height_m", "time", "azimuth", "elevation"), ELSEWHERE)
def test_bodies_stand_where_another_ephemeris_puts_them(
    name: str, latitude: float, longitude: float, height_m: float, time: str, azimuth: float, elevation: float
) -> None:
    found = sky(latitude, longitude, height_m, time)[name]
    assert found.azimuth_rad / RAD_PER_DEG == pytest.approx(azimuth, abs=0.02)
    assert found.elevation_rad / RAD_PER_DEG == pytest.approx(elevation, abs=0.02)


def test_by_day_there_are_the_sun_and_the_moon_alone() -> None:
    assert set(sky(54.6, 18.8, 41.0, "2025-06-21T10:45:00Z")) <= {"Sun", "Moon"}
    night = sky(54.6, 18.8, 41.0, "2026-01-10T20:00:00Z")
    assert "Sun" not in night
    assert {"Jupiter", "Sirius", "Capella"} <= set(night)
    assert all(one.elevation_rad > 0.0 for one in night.values())


def test_the_brightest_comes_first_and_the_moon_says_how_much_is_lit() -> None:
    night = list(sky(54.6, 18.8, 41.0, "2025-11-05T18:00:00Z").values())
    assert [one.magnitude for one in night] == sorted(one.magnitude for one in night)
    moon = next(one for one in night if one.name == "Moon")
    assert moon.lit_fraction == pytest.approx(0.99, abs=0.02)  # it was full at 13:19 UTC
