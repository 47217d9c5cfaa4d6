import numpy as np
import pytest

from tocsin.simulation.flight import STEP_S, Log


def test_between_rows_the_path_is_the_cubic_through_positions_and_velocities() -> None:
    log = Log("t", "bird", 10.0)
    for k in range(20):
        t = k * STEP_S
        log.add((t**3, 2.0 * t**2, 5.0), (3.0 * t**2, 4.0 * t, 0.0), True)
    time_s = np.linspace(10.0, 10.0 + 18.9 * STEP_S, 50)
    position, _, alive = log.flight().at(time_s)
    t = time_s - 10.0
    # A cubic Hermite reproduces cubics exactly.
    assert position == pytest.approx(np.column_stack([t**3, 2.0 * t**2, np.full(50, 5.0)]), abs=1e-12)
    assert alive.all()


def test_outside_its_life_it_is_not_there() -> None:
    log = Log("t", "bird", 10.0)
    log.add((0.0, 0.0, 0.0), (1.0, 0.0, 0.0), True)
    _, _, alive = log.flight().at(np.array([9.99, 10.0, 10.0 + STEP_S, 10.1]))
    assert alive.tolist() == [False, True, True, False]
