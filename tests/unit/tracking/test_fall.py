"""Falls fitted to radar looks: the top of real rocket flights, the drift that pushes, and what is kept of the past."""

import csv
import gzip
import io
import math

import numpy as np
import pytest

from shared_data import shared
from tocsin.physics.dynamics import advance, advance_all
from tocsin.tracking.fall import BLOCK_S, begin, gained, go_on, surroundings
from tocsin.tracking.falling import Falling
from tocsin.tracking.kernels.rows import POLAR_3D, place_rows
from tocsin.tracking.kernels.trajectory import Seen

SIGMA = np.array([0.004, 5.0, 0.004])  # of the benchmarks' radar B, four looks a second
OFF_M = 3000.0
FEET_M = 0.3048

# Flights with a clean coast in their barometer: time, height, metres in a unit. Two more of the folder have pressure
# peaks in the boost that hide where it ends, and are left out.
FLIGHTS = (
    ("IS_20231001_SG1.1-Booster-October-TeleMetrum_altos", "t_s", "baro_agl_m", 1.0),
    ("RP_EPFL_Bella_Lui_bella_lui_flight_data_filtered", "time aprox (s)", "z (m)", 1.0),
    ("RP_NDRT_2020_ndrt_2020_flight_data", "Time (s)", "Altitude (Ft-AGL)", FEET_M),
    ("RP_andromeda_flight_data", "t(s)", "alt(m)", 1.0),
    ("RP_astra_flight_data", "t", "alt", 1.0),
    ("RP_camoes_flight_data", "ts", "filtered_altitude_AGL", 1.0),
    ("RP_erebus11_flight_data_filtered", "t", "alt", 1.0),
    ("RP_genesis_flight_data_faraday", "ts", "filtered_altitude_AGL", 1.0),
    ("RP_polito_altimeter_cavour", "ts", "altitude[m]", 1.0),
    ("RP_prometheus_2022-06-24-serial-5115-flight-0001-TeleMetrum_altos", "t_s", "baro_agl_m", 1.0),
    ("RP_prometheus_2022-06-24-serial-6583-flight-0003-TeleMega_altos", "t_s", "baro_agl_m", 1.0),
)


def height(name: str, clock: str, column: str, unit_m: float):
    """Seconds, rising, and metres of one flight."""
    packed = gzip.open(shared("data/rocket_flights") / f"{name}.csv.gz")
    times_s, heights_m = [], []
    for row in csv.DictReader(io.TextIOWrapper(packed, encoding="utf-8")):
        try:
            time_s, height_m = float(row[clock]), float(row[column]) * unit_m
        except ValueError:  # the instruments' own gaps
            continue
        if not times_s or time_s > times_s[-1]:
            times_s.append(time_s)
            heights_m.append(height_m)
    return np.array(times_s), np.array(heights_m)


def seen(told, times_s) -> Seen:
    """Looks (m, 3) of azimuth, range and elevation."""
    m = len(told)
    z, R = np.column_stack([told, np.zeros(m)]), np.tile(np.diag(SIGMA**2), (m, 1, 1))
    place, covariance = np.zeros((m, 3)), np.zeros((m, 3, 3))
    place_rows(POLAR_3D, np.ascontiguousarray(z[:, :3]), R, np.zeros(3), 0.0, 1.0, place, covariance)
    return Seen(np.full(m, POLAR_3D), times_s, z, R, np.zeros(m), np.zeros((m, 3)), place, covariance)


def looks(places, times_s, rng) -> Seen:
    ground = np.hypot(places[:, 0], places[:, 1])
    told = np.column_stack([
        np.arctan2(places[:, 0], places[:, 1]), np.hypot(ground, places[:, 2]), np.arctan2(places[:, 2], ground)
    ])  # fmt: skip
    return seen(told + SIGMA * rng.standard_normal(told.shape), times_s)


def top_m(estimate, around, rng):
    """The 5 and 95 % points of the greatest height that is still to come."""
    bodies = rng.multivariate_normal(estimate.mean, estimate.covariance, 300)
    top = bodies[:, 2].copy()
    for _ in range(450):
        advance_all(bodies, 0.1, around)
        top = np.maximum(top, bodies[:, 2])
    return np.quantile(top, (0.05, 0.95))


def test_three_seconds_of_a_rockets_coast_tell_the_interval_of_its_top() -> None:
    """Nothing is known of drag or wind beforehand; the interval of 90 % covers at least four in five flights."""
    settings, inside, width = Falling(), [], []
    around = surroundings(settings, 0.0)
    for flight in FLIGHTS:
        times_s, heights_m = height(*flight)
        highest = int(np.argmax(heights_m))
        even_s = np.arange(times_s[0], times_s[highest], 0.1)
        smooth = np.convolve(np.pad(np.interp(even_s, times_s, heights_m), 5, mode="edge"), np.ones(11) / 11, "valid")
        burnt_out_s = even_s[int(np.argmax(np.gradient(smooth, even_s)))] + 1.0
        look_s = burnt_out_s + np.arange(13) * 0.25
        up = np.interp(look_s, times_s, heights_m)
        rng = np.random.default_rng(1)
        fall = begin(looks(np.column_stack([np.full(13, OFF_M), np.zeros(13), up]), look_s, rng), settings, around)
        assert fall.estimate is not None
        low_m, high_m = top_m(fall.estimate, around, rng)
        inside.append(low_m <= heights_m[highest] <= high_m)
        width.append((high_m - low_m) / heights_m[highest])
    assert np.mean(inside) >= 0.8
    assert np.median(width) < 0.5  # and says something


def test_what_drag_and_wind_push_is_what_walks_drawn_at_random_do() -> None:
    settings, rng = Falling(drag_drift=0.05, wind_drift_mps=1.0), np.random.default_rng(2)
    around, seconds_s, part_s = surroundings(settings, 0.0), 4.0, 0.1
    body = np.array([0.0, 0.0, 800.0, 250.0, 0.0, 100.0, math.log(5e-4), 0.0, 0.0])
    ends = []
    for _ in range(1500):
        x = body.copy()
        for _ in range(round(seconds_s / part_s)):
            x[6:] += math.sqrt(part_s) * np.array([0.05, 1.0, 1.0]) * rng.standard_normal(3)
            advance(x, part_s, around)
        ends.append(x)
    covariance = gained(body, settings, seconds_s, around)
    drawn = np.cov(np.array(ends).T)
    assert np.sqrt(np.diag(covariance)) == pytest.approx(np.sqrt(np.diag(drawn)), rel=0.08)
    assert covariance[3, 6] / math.sqrt(covariance[3, 3] * covariance[6, 6]) == pytest.approx(
        drawn[3, 6] / math.sqrt(drawn[3, 3] * drawn[6, 6]), abs=0.05
    )


def test_the_block_stays_short_and_one_fit_of_all_says_the_same_as_many() -> None:
    settings = Falling(drag_drift=0.0, wind_drift_mps=0.0)
    around, rng = surroundings(settings, 0.0), np.random.default_rng(3)
    x = np.array([-5000.0, 1000.0, 300.0, 240.0, 0.0, 200.0, math.log(4e-4), 0.0, 0.0])
    places, times_s = [], np.arange(0.0, 6.1, 0.25)
    for _ in times_s:
        places.append(x[:3].copy())
        advance(x, 0.25, around)
    every = looks(np.array(places), times_s, rng)
    whole = begin(every, settings, around)
    parts = begin(Seen._make(column[:8] for column in every), settings, around)
    for k in range(8, len(times_s)):
        parts = go_on(parts, Seen._make(column[k : k + 1] for column in every), settings, around)
    assert whole.estimate is not None and parts.estimate is not None
    assert times_s[-1] - whole.start_s < BLOCK_S and times_s[-1] - parts.start_s < BLOCK_S
    deviation = np.sqrt(np.diag(whole.estimate.covariance))
    assert (np.abs(whole.estimate.mean - parts.estimate.mean) < 0.5 * deviation).all()
