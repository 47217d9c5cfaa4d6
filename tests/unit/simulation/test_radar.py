import math
from collections import Counter

import numpy as np
import pytest
from scipy import stats

from tocsin.simulation.flight import STEP_S, Flight
from tocsin.simulation.plan import Clutter, Radar, Sensor, SensorPose
from tocsin.simulation.radar import detection_probability, look
from tocsin.simulation.report import Report

POSE = SensorPose(east_m=0.0, north_m=0.0, up_m=0.0)
CLEAN = Clutter(per_scan=0.0)
LOOKS = 4000


def still(east_m: float, north_m: float, up_m: float, kind: str = "one-way-drone", looks: int = LOOKS) -> Flight:
    """A target that hangs in the air for `looks` seconds."""
    time_s = np.arange(0.0, looks + 0.5, STEP_S)
    position = np.tile([east_m, north_m, up_m], (len(time_s), 1))
    return Flight("t", kind, time_s, position, np.zeros_like(position), np.ones(len(time_s), dtype=np.bool_))


def sent(
    radar: Radar, *flights: Flight, blind_deg: tuple[tuple[float, float], ...] = (), end_s: float = LOOKS
) -> list[Report]:
    sensor = Sensor(name="r", pose=POSE, device=radar, blind_deg=blind_deg)
    return look(sensor, radar, flights, end_s, 11)


def column(reports: list[Report], name: str) -> np.ndarray:
    return np.array([float(report.fields[name]) for report in reports])


@pytest.mark.parametrize("tail_share", [0.0, 0.3])
def test_noise_and_bias_are_as_stated(tail_share: float) -> None:
    radar = Radar(
        clutter=CLEAN,
        range_sigma_m=8.0,
        azimuth_sigma_deg=0.3,
        elevation_sigma_deg=0.5,
        range_rate_sigma_mps=0.4,
        range_bias_m=12.0,
        azimuth_bias_deg=0.2,
        elevation_bias_deg=-0.1,
        tail_share=tail_share,
    )
    reports = sent(radar, still(3000.0, 0.0, 400.0))
    n = len(reports)
    assert n > 0.95 * LOOKS
    truth = (math.hypot(3000.0, 400.0) + 12.0, 90.2, math.degrees(math.atan2(400.0, 3000.0)) - 0.1, 0.0)
    names, sigmas = ("range_m", "azimuth_deg", "elevation_deg", "range_rate_mps"), (8.0, 0.3, 0.5, 0.4)
    for name, expected, sigma in zip(names, truth, sigmas, strict=True):
        errors = column(reports, name) - expected
        assert abs(errors.mean()) < 4.0 * sigma / math.sqrt(n)
        if tail_share == 0.0:
            low, high = stats.chi2.ppf([1e-4, 1.0 - 1e-4], n)
            assert low < np.sum((errors / sigma) ** 2) < high
            assert stats.kstest(errors / sigma, "norm").pvalue > 1e-4
        else:
            # Beyond 4 sigma: 0.3 * P(|t3| > 4 sqrt 3) = 0.0018, some 7 of 4,000; of a normal law 0.25.
            assert np.sum(np.abs(errors) > 4.0 * sigma) >= 2
            assert np.std(errors) == pytest.approx(sigma, rel=0.25)


def test_half_of_the_looks_detect_a_reference_object_at_its_reach() -> None:
    chance, _ = detection_probability(Radar(reach_m=6000.0), -20.0, np.array([6000.0]))
    assert chance[0] == pytest.approx(0.5)


@pytest.mark.parametrize("distance_m", [3000.0, 6000.0, 9000.0])
def test_detections_are_as_often_as_swerling_1_says(distance_m: float) -> None:
    radar = Radar(clutter=CLEAN, reach_m=6000.0)
    # A bird: -24 dBsm, 4 dB under the reference. Pd = p^(1/(1+S)), S in range^-4.
    half = math.log(1e-6) / math.log(0.5) - 1.0
    expected = 1e-6 ** (1.0 / (1.0 + half * 10**-0.4 * (6000.0 / distance_m) ** 4))
    found = len(sent(radar, still(0.0, distance_m, 0.0, "bird")))
    assert stats.binomtest(found, LOOKS, expected).pvalue > 1e-4


def test_the_beam_meets_a_target_when_it_passes_its_azimuth() -> None:
    radar = Radar(clutter=CLEAN, period_s=2.0)
    reports = sent(radar, still(-1500.0, 0.0, 100.0))
    phases = {round(report.time_s % 2.0, 6) for report in reports}
    assert phases == {1.5}  # 270 degrees is three quarters of a turn


def test_a_target_crossing_north_is_met_once_a_turn() -> None:
    time_s = np.arange(0.0, 60.0, STEP_S)
    position = np.column_stack([20.0 * (time_s - 30.0), np.full_like(time_s, 2000.0), np.full_like(time_s, 200.0)])
    velocity = np.tile([20.0, 0.0, 0.0], (len(time_s), 1))
    flight = Flight("t", "airliner", time_s, position, velocity, np.ones(len(time_s), dtype=np.bool_))
    reports = sent(Radar(clutter=CLEAN), flight, end_s=60.0)
    gaps = np.diff([report.time_s for report in reports])
    assert len(reports) >= 58
    assert gaps.min() > 0.9
    assert gaps.max() < 1.1


def test_clutter_is_poisson_and_lies_in_the_view() -> None:
    radar = Radar(clutter=Clutter(per_scan=6.0), range_m=(200.0, 5000.0), elevation_deg=(-1.0, 30.0))
    reports = sent(radar, blind_deg=((40.0, 100.0),))
    counts = Counter(int(report.time_s) for report in reports)
    per_scan = np.array([counts[k] for k in range(LOOKS)])
    mean = 6.0 * (1.0 - 60.0 / 360.0)
    assert abs(per_scan.mean() - mean) < 4.0 * math.sqrt(mean / LOOKS)
    # Index of dispersion of a Poisson law is 1, as chi-square with n - 1 degrees of freedom.
    low, high = stats.chi2.ppf([1e-4, 1.0 - 1e-4], LOOKS - 1)
    assert low < per_scan.var() * LOOKS / mean < high
    azimuth, distance = column(reports, "azimuth_deg"), column(reports, "range_m")
    assert not np.any((azimuth > 40.0) & (azimuth < 100.0))
    assert distance.min() >= 200.0
    assert distance.max() <= 5000.0
    assert all(report.target == "" for report in reports)


def test_patches_bunch_their_clutter() -> None:
    radar = Radar(clutter=Clutter(per_scan=0.0, patches=1, patch_per_scan=2.0, patch_m=50.0), resolution_m=0.0)
    reports = sent(radar)
    assert len(reports) == pytest.approx(2.0 * LOOKS, rel=0.1)
    assert np.std(column(reports, "range_m")) == pytest.approx(50.0, rel=0.1)


def test_two_targets_in_one_cell_make_one_plot() -> None:
    near, far = still(3000.0, 0.0, 100.0, looks=200), still(3010.0, 0.0, 100.0, looks=200)
    apart = still(3400.0, 0.0, 100.0, looks=200)
    radar = Radar(clutter=CLEAN, reach_m=12_000.0, resolution_m=60.0)
    assert len(sent(radar, near, far, end_s=200.0)) <= 201
    assert len(sent(radar, near, apart, end_s=200.0)) > 390


def test_slow_and_blind_and_far_targets_are_not_seen() -> None:
    assert not sent(Radar(clutter=CLEAN, radial_speed_min_mps=1.0), still(3000.0, 0.0, 100.0))
    assert not sent(Radar(clutter=CLEAN), still(3000.0, 0.0, 100.0), blind_deg=((80.0, 100.0),))
    assert not sent(Radar(clutter=CLEAN, range_m=(100.0, 2000.0)), still(3000.0, 0.0, 100.0))


def test_a_two_dimensional_radar_says_no_elevation() -> None:
    (report, *_) = sent(Radar(clutter=CLEAN, elevations=False, range_rate_sigma_mps=None), still(3000.0, 0.0, 100.0))
    assert set(report.fields) == {"range_m", "azimuth_deg", "snr_db"}
