"""The main line on the ICMCIS recordings: what the tracks must reach beside the raw reports, one site file for all.

The bars were set before the line existed, from a prototype's runs on the same files.
"""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from shared_data import shared
from tocsin.cli.evaluate import evaluated
from tocsin.config.site import read_site
from tocsin.evaluation.evaluation import Evaluation
from tocsin.service.replay import replay

SETUP = Path(__file__).parent / "icmcis"
DATA = shared("data/icmcis_cuas")
EVERY = ("ALVIRA", "ARCUS", "DIANA", "VENUS")
ALONE = ("ALVIRA",)


@cache
def result(scene: str, sensors: tuple[str, ...]) -> Evaluation:
    folder = DATA / f"Scenario_{scene}"
    inputs = [path for name in sensors for path in sorted(folder.glob(f"{name}_*"))]
    (truth,) = folder.glob("truth_*")
    with TemporaryDirectory() as place:
        out = Path(place) / "run"
        replay(read_site(SETUP / "site.toml"), inputs, out)
        found, bad_rows = evaluated(out, truth, SETUP / "truth.toml", "ALVIRA")
    assert bad_rows == {}
    return found


@pytest.mark.parametrize(
    ("scene", "sensors", "ratio", "false_seconds_per_h", "switches"),
    [
        ("1_1", ALONE, 1.4, 200.0, 2),
        ("1_3", ALONE, 1.4, 200.0, 2),
        ("1_1", ("ALVIRA", "ARCUS"), 1.8, 300.0, 2),
        ("1_1", EVERY, 1.35, 350.0, 3),
        ("1_3", EVERY, 1.35, 350.0, 3),
    ],
)
def test_tracks_cover_more_than_raw_reports(
    scene: str, sensors: tuple[str, ...], ratio: float, false_seconds_per_h: float, switches: int
) -> None:
    found = result(scene, sensors)
    assert found.coverage_ratio_to_raw >= ratio
    assert found.false_track_seconds_per_h <= false_seconds_per_h
    assert found.error_median_m <= 20.0
    assert max(target.id_switches for target in found.targets) <= switches


def test_arcus_hardly_starts_false_tracks() -> None:
    """It reports 42 new places a second, nearly all of them clutter."""
    assert result("1_1", ("ALVIRA", "ARCUS")).false_tracks_per_h <= 10.0


@pytest.mark.parametrize(("scene", "sensors"), [("1_1", ALONE), ("1_3", ALONE), ("1_1", EVERY), ("1_3", EVERY)])
def test_gospa_is_better_than_that_of_the_reports(scene: str, sensors: tuple[str, ...]) -> None:
    found = result(scene, sensors)
    assert found.baselines.raw is not None and found.baselines.hold is not None
    assert found.gospa_m.mean_m <= found.baselines.raw.gospa_m.mean_m
    assert found.gospa_m.mean_m <= found.baselines.hold.gospa_m.mean_m + 0.1


def test_two_drones_are_told_apart() -> None:
    """Both are covered, by tracks of their own, and the raw reports are bettered."""
    found = result("2_1", EVERY)
    first, second = found.targets
    assert first.coverage_50m > 0.09 and second.coverage_50m > 0.35
    assert found.coverage_ratio_to_raw >= 1.35
    assert found.error_median_m <= 20.0
    assert found.baselines.hold is not None
    assert found.false_track_seconds_per_h <= found.baselines.hold.false_track_seconds_per_h


@pytest.mark.parametrize(("scene", "sensors"), [("1_1", ALONE), ("1_3", ALONE)])
def test_an_entry_that_a_radar_saw_was_warned_of(scene: str, sensors: tuple[str, ...]) -> None:
    """Of the two entries of each scene the radar sees one coming."""
    found = result(scene, sensors)
    assert len(found.entries) == 2
    assert max(entry.warning_s for entry in found.entries) >= 10.0
    assert found.baselines.never_warn.warning_time_min_s == 0.0
