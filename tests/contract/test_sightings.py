"""The `sightings` adapter keeps the contract on its sample, which is built here again byte for byte."""

from pathlib import Path

import msgspec

from tocsin.formats.sighting import Sighting, write_sighting
from tocsin.model.adapter import AdapterContext
from tocsin.model.sensor import Pose
from tocsin.sensors.sightings import adapter
from tocsin.sensors.sightings.adapter import Adapter
from tocsin.testing import Sample, check_adapter, read_expected
from tocsin.units import RAD_PER_DEG

FOLDER = Path(adapter.__file__).parent
NORTH_PIER = AdapterContext("sample", Pose(), 54.6 * RAD_PER_DEG, 18.8 * RAD_PER_DEG, 41.0)
BEGIN_S = 1_772_359_200.0


def sample() -> bytes:
    """A guard sees a drone, a patrol hears it, somebody tells of one an hour ago, the guard's message comes twice."""
    guard = Sighting(id="a", author="Gate guard", time="2026-03-01T10:00:00Z", latitude_deg=54.6, longitude_deg=18.8,
                     accuracy_m=0.0, azimuth_deg=40.0, elevation_deg=20.0, what="drone",
                     words="two engines")  # fmt: skip
    patrol = Sighting(id="b", author="Patrol", time="2026-03-01T10:00:03Z", latitude_deg=54.6, longitude_deg=18.8,
                      accuracy_m=0.0, azimuth_deg=310.0, means="heard")  # fmt: skip
    late = msgspec.structs.replace(guard, id="c", time="2026-03-01T09:00:00Z", photo="gate/1.jpg")
    return b"\n".join([write_sighting(guard), write_sighting(patrol), write_sighting(late), write_sighting(guard)])


def test_the_sample_is_what_its_builder_builds() -> None:
    assert (FOLDER / "samples" / "gate.jsonl").read_bytes() == sample()


def test_sightings_keeps_the_contract() -> None:
    expected = read_expected((FOLDER / "samples" / "gate.expected.jsonl").read_text("utf-8"))
    given = Sample(sample(), BEGIN_S + 5.0, expected, tolerance=1e-9)
    check_adapter(Adapter, Adapter.Settings(), NORTH_PIER, given, (FOLDER / "README.md").read_text("utf-8"))
