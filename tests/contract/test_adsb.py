"""The `adsb` adapter keeps the contract on a sample of each of its forms; the Beast sample is built here again."""

from pathlib import Path

import pytest

from adsb_frames import airborne, beast, identification, surface, velocity
from tocsin.model.adapter import AdapterContext
from tocsin.model.sensor import Pose
from tocsin.sensors.adsb import adapter
from tocsin.sensors.adsb.adapter import Adapter
from tocsin.testing import Sample, check_adapter, read_expected
from tocsin.units import RAD_PER_DEG

FOLDER = Path(adapter.__file__).parent
NORTH_PIER = AdapterContext("sample", Pose(), 54.6 * RAD_PER_DEG, 18.8 * RAD_PER_DEG, 41.0)
RECEIVED_S = 1_772_359_205.0


def frames() -> bytes:
    """An airliner in the air, a taxiing aircraft, and a place that a ground station says."""
    return beast(
        identification(0x48AD01, "TCS7"),
        velocity(0x48AD01, 120, 160, -1280, 100),
        airborne(0x48AD01, (54.70, 18.90), 4000, is_odd=False),
        airborne(0x48AD01, (54.70, 18.90), 4000, is_odd=True),
        surface(0x48AD02, (54.38, 18.47), is_odd=False),
        airborne(0x48AD03, (54.50, 18.60), 1500, is_odd=False, control=2, form=18),
        airborne(0x48AD03, (54.50, 18.60), 1500, is_odd=True, control=2, form=18),
    )


def test_the_sample_is_what_its_builder_builds() -> None:
    assert (FOLDER / "samples" / "pier.beast").read_bytes() == frames()


@pytest.mark.parametrize("file", ["pier.beast", "pier.sbs", "pier.json"])
def test_adsb_keeps_the_contract(file: str) -> None:
    path = FOLDER / "samples" / file
    expected = read_expected((FOLDER / "samples" / f"{file}.expected.jsonl").read_text("utf-8"))
    sample = Sample(path.read_bytes(), RECEIVED_S, expected, tolerance=2e-6)
    check_adapter(Adapter, Adapter.Settings(), NORTH_PIER, sample, (FOLDER / "README.md").read_text("utf-8"))
