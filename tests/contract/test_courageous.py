"""The `courageous` adapter keeps the contract on its sample, which is built here again byte for byte."""

from pathlib import Path

from tocsin.formats.courageous import (
    Alarm,
    Arc,
    BearingElevation,
    BearingElevationDistance,
    Document,
    Place2d,
    Place3d,
    Position3d,
    Record,
    RecordSet,
    Velocity,
    write_document,
)
from tocsin.model.adapter import AdapterContext
from tocsin.model.sensor import Pose
from tocsin.sensors.courageous import adapter
from tocsin.sensors.courageous.adapter import Adapter
from tocsin.testing import Sample, check_adapter, read_expected
from tocsin.units import RAD_PER_DEG

FOLDER = Path(adapter.__file__).parent
NORTH_PIER = AdapterContext("sample", Pose(), 54.6 * RAD_PER_DEG, 18.8 * RAD_PER_DEG, 41.0)
BEGIN_S = 1_772_359_200
ALARM = Alarm(True, 0.8)


def sample() -> bytes:
    """A system that locks on a drone, loses and regains it, hears its pilot, and has one hit of nothing known."""
    ms = BEGIN_S * 1000
    first = (
        Record(0, ms, "Unknown", alarm=ALARM, location=Arc(from_=350.0, to=10.0)),
        Record(1, ms + 1000, "UAV", "quad", ALARM, BearingElevation(3.0, 4.0), Velocity(1.0, -9.0, 0.0)),
    )
    again = (
        Record(2, ms + 5000, "UAV", "quad", ALARM, BearingElevationDistance(2.0, 5.0, 900.0)),
        Record(3, ms + 6000, "UAV", "quad", ALARM, Place3d(54.607, 18.8005, 95.0), None, Position3d(54.6, 18.801, 9.0)),
        Record(4, ms + 6000, "GCS", None, ALARM, Place2d(54.62, 18.81)),
    )
    hits = (Record(5, ms + 7000, "Unknown"),)
    site = Position3d(54.6, 18.8, 8.0)
    return write_document(
        Document("maker", "system", site, (RecordSet(first, 4), RecordSet(again, 4)), (RecordSet(hits),))
    )


def test_the_sample_is_what_its_builder_builds() -> None:
    assert (FOLDER / "samples" / "pier.courageous.json").read_bytes() == sample()


def test_courageous_keeps_the_contract() -> None:
    expected = read_expected((FOLDER / "samples" / "pier.courageous.expected.jsonl").read_text("utf-8"))
    given = Sample(sample(), BEGIN_S + 8.0, expected, tolerance=1e-4)
    check_adapter(Adapter, Adapter.Settings(), NORTH_PIER, given, (FOLDER / "README.md").read_text("utf-8"))
