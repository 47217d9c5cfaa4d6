import numpy as np

from tocsin.simulation.plots import Plots, joined, resolved


def plots(*rows: tuple[float, float, float, float, str]) -> Plots:
    """From (time, range, azimuth, signal, target)."""
    columns = [np.array([float(row[k]) for row in rows]) for k in range(4)]
    nothing = np.zeros(len(rows))
    return Plots(
        columns[0],
        columns[1],
        columns[2],
        nothing,
        nothing,
        columns[3],
        tuple(row[4] for row in rows),
        ("",) * len(rows),
    )


def test_parts_are_joined_in_order_of_time_then_range() -> None:
    both = joined([plots((2, 500, 0, 10, "b"), (1, 700, 0, 10, "a")), plots((1, 600, 0, 10, "c")), plots()])
    assert both.target == ("c", "a", "b")
    assert both.range_m.tolist() == [600.0, 700.0, 500.0]


def test_of_one_cell_the_strongest_stays() -> None:
    kept = resolved(
        plots((1, 500, 0.1, 10, "weak"), (1, 520, 0.1, 15, "strong"), (1, 600, 0.1, 9, "far")), 0.0, 30.0, 0.02
    )
    assert kept.target == ("strong", "far")


def test_cells_wrap_past_north_and_end_with_the_look() -> None:
    near_north = plots((1.0, 500, 6.28, 10, "a"), (1.001, 500, 0.001, 9, "b"), (2.0, 500, 0.001, 5, "next look"))
    assert resolved(near_north, 0.01, 30.0, 0.02).target == ("a", "next look")
    assert resolved(near_north, 0.01, 30.0, 0.001).target == ("a", "b", "next look")
