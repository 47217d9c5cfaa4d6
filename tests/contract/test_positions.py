"""The `positions` adapter keeps the contract on its sample, which is built here again byte for byte."""

from pathlib import Path

import pynmea2

from tocsin.model.adapter import AdapterContext
from tocsin.model.sensor import Pose
from tocsin.sensors.positions import adapter
from tocsin.sensors.positions.adapter import Adapter
from tocsin.testing import Sample, check_adapter, read_expected
from tocsin.units import RAD_PER_DEG

FOLDER = Path(adapter.__file__).parent
NORTH_PIER = AdapterContext("sample", Pose(), 54.6 * RAD_PER_DEG, 18.8 * RAD_PER_DEG, 41.0)
RECEIVED_S = 1_772_359_205.0


def sample() -> bytes:
    """A walk of three seconds, a satellite list, a sentence that was damaged, one without a fix."""
    lines: list[str] = []
    for second in range(3):
        time, minutes = f"10000{second}.00", f"5436.{1000 + 10 * second}"
        lines.append(
            str(
                pynmea2.RMC("GP", "RMC", (time, "A", minutes, "N", "01848.2000", "E", "2.5", "010.0", "010326", "", ""))
            )
        )
        lines.append(
            str(
                pynmea2.GGA(
                    "GP",
                    "GGA",
                    (time, minutes, "N", "01848.2000", "E", "1", "08", "1.0", "12.5", "M", "28.7", "M", "", ""),
                )
            )
        )
    lines += ["$GPGSV,1,1,00*79", lines[0].replace("2.5", "9.5"), "$GPRMC,100003.00,V,,,,,,,010326,,*1C"]
    return "".join(f"{line}\r\n" for line in lines).encode()


def test_the_sample_is_what_its_builder_builds() -> None:
    assert (FOLDER / "samples" / "walk.nmea").read_bytes() == sample()


def test_positions_keeps_the_contract() -> None:
    expected = read_expected((FOLDER / "samples" / "walk.expected.jsonl").read_text("utf-8"))
    given = Sample(sample(), RECEIVED_S, expected, tolerance=1e-9)
    check_adapter(Adapter, Adapter.Settings(), NORTH_PIER, given, (FOLDER / "README.md").read_text("utf-8"))
