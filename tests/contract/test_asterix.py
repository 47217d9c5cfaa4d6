"""The `asterix` adapter keeps the contract, as a stream of blocks; its sample is built here again by libasterix."""

from pathlib import Path

from asterix_records import block, target, track
from tocsin.model.adapter import AdapterContext
from tocsin.model.sensor import Pose
from tocsin.sensors.asterix import adapter
from tocsin.sensors.asterix.adapter import Adapter
from tocsin.testing import Sample, check_adapter, read_expected
from tocsin.units import RAD_PER_DEG

FOLDER = Path(adapter.__file__).parent
NORTH_PIER = AdapterContext("sample", Pose(), 54.6 * RAD_PER_DEG, 18.8 * RAD_PER_DEG, 41.0)
RECEIVED_S = 1_772_359_205.0
OF_DAY_S = 36_004.0


def blocks() -> bytes:
    """North marker, two targets (one with a flight level), a block of radar video, a system track, an ADS-B report."""
    plots = block(48, target(OF_DAY_S, 5.0, 30.0, **{"161": 7}), target(OF_DAY_S, 20.0, 60.0, **{"090": 400}))
    moving = {"185": (("VX", (60.0, "m/s")), ("VY", (-25.0, "m/s"))), "130": (1000.0, "ft")}
    said = {"080": 0x48AD01, "071": (OF_DAY_S, "s"), "131": (("LAT", (54.7, "°")), ("LON", (18.9, "°"))), "145": 160}
    return (
        block(34, {"000": 1, "030": (OF_DAY_S, "s"), "050": {"COM": 0x80}})
        + plots
        + b"\xf0\x00\x06abc"
        + block(62, track(OF_DAY_S + 0.5, 33, 54.7, 18.9, **moving))
        + block(21, said)
    )


def test_the_sample_is_what_libasterix_builds() -> None:
    assert (FOLDER / "samples" / "blocks.raw").read_bytes() == blocks()


def test_asterix_keeps_the_contract() -> None:
    expected = read_expected((FOLDER / "samples" / "blocks.expected.jsonl").read_text("utf-8"))
    sample = Sample(blocks(), RECEIVED_S, expected, tolerance=1e-4)
    settings = Adapter.Settings(framing="stream")
    check_adapter(Adapter, settings, NORTH_PIER, sample, (FOLDER / "README.md").read_text("utf-8"))
