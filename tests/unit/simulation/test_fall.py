import math

import numpy as np
import pytest

from tocsin.simulation.fall import fly_falling
from tocsin.simulation.flight import Flight
from tocsin.simulation.plan import FallingObject, Target
from tocsin.simulation.world import World

CALM = World(wind_mps=0.0)


def dropped(beta_kgpm2: float, height_m: float, velocity: tuple[float, float, float], world: World = CALM) -> Flight:
    motion = FallingObject(
        east_m=0.0, north_m=0.0, height_m=height_m, velocity_enu_mps=velocity, ballistic_kgpm2=beta_kgpm2
    )
    return fly_falling(Target(name="body", motion=motion, from_s=0.0), motion, 600.0, world)


def test_without_air_the_path_is_the_parabola() -> None:
    flight = dropped(1e15, 2000.0, (150.0, -80.0, 90.0))
    t = flight.time_s
    parabola = np.column_stack([150.0 * t, -80.0 * t, 2000.0 + 90.0 * t - 9.80665 * t**2 / 2.0])
    assert np.abs(flight.position_enu_m - parabola).max() < 1e-6
    # It ends at the ground, which the vacuum solution reaches at the root of the parabola.
    assert t[-1] == pytest.approx((90.0 + math.sqrt(90.0**2 + 2 * 9.80665 * 2000.0)) / 9.80665, abs=0.2)


def test_a_shuttlecock_falls_as_measured() -> None:
    # Peastrel, Lynch and Armenti, Am. J. Phys. 48, 511 (1980): fallen distances by time, terminal velocity 6.80 m/s.
    measured = {1.031: 4.00, 1.354: 6.00, 1.501: 7.00, 1.726: 8.50, 1.873: 9.50}
    # Mass 5 g, section 28 cm^2, drag coefficient 0.6: Cohen et al., New J. Phys. 17, 063001 (2015).
    flight = dropped(0.005 / (0.6 * 28e-4), 60.0, (0.0, 0.0, 0.0))
    fallen_m = 60.0 - np.interp(list(measured), flight.time_s, flight.position_enu_m[:, 2])
    assert fallen_m == pytest.approx(list(measured.values()), rel=0.03)
    assert -flight.velocity_enu_mps[-1, 2] == pytest.approx(6.80, rel=0.03)


def test_quadratic_drag_has_its_closed_form() -> None:
    # v = V tanh(g t / V), V^2 = 2 g beta / rho; density differs by under 0.2 % over the fall.
    beta = 20.0
    flight = dropped(beta, 20.0, (0.0, 0.0, 0.0))
    terminal = math.sqrt(2 * 9.80665 * beta / World().density_kgpm3(10.0))
    expected = terminal * np.tanh(9.80665 * flight.time_s / terminal)
    assert np.abs(-flight.velocity_enu_mps[:, 2] - expected).max() < 2e-3 * terminal


def test_wind_carries_a_light_body_along() -> None:
    windy = World(wind_mps=5.0, wind_from_deg=270.0, wind_shear_exponent=0.0, wind_veer_deg_per_km=0.0)
    flight = dropped(1.0, 300.0, (0.0, 0.0, 0.0), windy)
    assert flight.velocity_enu_mps[-1, :2] == pytest.approx((5.0, 0.0), abs=0.01)
