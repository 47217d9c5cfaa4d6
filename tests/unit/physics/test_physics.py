"""Air, drag, wind and motion against published tables and closed forms."""

import math

import numpy as np
import pytest

from tocsin.model.errors import TocsinError
from tocsin.physics.atmosphere import density_kgpm3, pressure_pa, speed_of_sound_mps, temperature_k
from tocsin.physics.drag import BLUNT, CURVES, SLENDER, UNKNOWN, relative_drag, terminal_speed_mps
from tocsin.physics.dynamics import advance, air, fall
from tocsin.physics.wind import wind_at, wind_profile

# U.S. Standard Atmosphere, 1976 (NOAA-S/T 76-1562), table I: geometric height m, K, Pa, kg/m^3, m/s.
STANDARD = (
    (0.0, 288.150, 101_325.0, 1.2250, 340.29),
    (5_000.0, 255.676, 54_048.0, 0.73643, 320.55),
    (10_000.0, 223.252, 26_500.0, 0.41351, 299.53),
    (20_000.0, 216.650, 5_529.3, 0.088910, 295.07),
    (30_000.0, 226.509, 1_197.0, 0.018410, 301.71),
)


@pytest.mark.parametrize(("altitude_m", "kelvin", "pascal", "density", "sound"), STANDARD)
def test_the_standard_atmosphere(altitude_m, kelvin, pascal, density, sound) -> None:
    assert temperature_k(altitude_m) == pytest.approx(kelvin, abs=0.02)
    assert pressure_pa(altitude_m) == pytest.approx(pascal, rel=5e-4)
    assert density_kgpm3(altitude_m) == pytest.approx(density, rel=5e-4)
    assert speed_of_sound_mps(altitude_m) == pytest.approx(sound, abs=0.03)


def body(velocity, factor_m2pkg: float, up_m: float = 0.0):
    return np.array([0.0, 0.0, up_m, *velocity, math.log(factor_m2pkg), 0.0, 0.0])


def test_without_drag_a_throw_is_a_parabola() -> None:
    x = body((60.0, 0.0, 80.0), 1e-6)
    seconds_s = fall(x, 0.0, 60.0, air(SLENDER))
    assert seconds_s == pytest.approx(2.0 * 80.0 / 9.80665, rel=2e-3)
    assert x[0] == pytest.approx(60.0 * seconds_s, rel=2e-3)
    assert x[2] == pytest.approx(0.0, abs=0.5)


def test_a_long_fall_ends_at_terminal_speed() -> None:
    x = body((0.0, 0.0, 0.0), 0.01, up_m=3000.0)
    assert fall(x, 0.0, 600.0, air(BLUNT)) > 0.0
    assert -x[5] == pytest.approx(terminal_speed_mps(0.01, 1.225), rel=0.03)


def test_wind_carries_a_light_body_at_its_own_speed() -> None:
    x = body((0.0, 0.0, 0.0), 1.0, up_m=500.0)
    advance(x, 60.0, air(BLUNT, wind=wind_profile([0.0], [7.0], [-3.0])))
    assert (x[3], x[4]) == pytest.approx((7.0, -3.0), abs=0.05)


def test_wind_is_straight_between_heights_and_holds_beyond() -> None:
    profile = wind_profile([100.0, 300.0], [0.0, 10.0], [4.0, -4.0])
    assert wind_at(profile, 0.0) == (0.0, 4.0)
    assert wind_at(profile, 200.0) == pytest.approx((5.0, 0.0))
    assert wind_at(profile, 1e6) == (10.0, -4.0)
    for wrong in ([300.0, 100.0], [100.0, math.nan]):
        with pytest.raises(TocsinError, match="rising heights"):
            wind_profile(wrong, [0.0, 0.0], [0.0, 0.0])


def test_drag_rises_through_the_speed_of_sound_and_holds_beyond_the_table() -> None:
    for curve in (SLENDER, BLUNT):
        assert relative_drag(CURVES, curve, 0.3) == pytest.approx(1.0, abs=0.05)
        assert relative_drag(CURVES, curve, 1.2) > 1.5
        assert relative_drag(CURVES, curve, 50.0) == relative_drag(CURVES, curve, 5.0)
    assert UNKNOWN.log_deviation > 1.0  # nothing is known of a body before it is seen
