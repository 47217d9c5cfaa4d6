"""Frames are cut by our reader of Beast and decoded by rs1090, another implementation."""

import pytest
import rs1090

from tocsin.formats.beast import BeastReader
from tocsin.simulation.emit.beast import beast_frames
from tocsin.simulation.report import Report, ReportKind

FIELDS = {
    "id": "48AD01", "callsign": "TCS7", "category": "A3", "latitude_deg": 54.7, "longitude_deg": 18.9,
    "altitude_pressure_m": 1219.2, "speed_mps": 102.9, "course_deg": 216.9, "climb_mps": -6.5,
}  # fmt: skip


def test_a_claim_is_read_by_another_implementation() -> None:
    data = beast_frames(Report("r", ReportKind.CLAIM, 0.0, 0.1, FIELDS), 1.0, 1_772_359_200.0)
    frames = [frame.data.hex() for frame in BeastReader().feed(data)]
    name, even, odd, motion = (rs1090.decode(frame, 0.0) for frame in frames)
    assert (name["icao24"], name["callsign"].strip(), name["wake_vortex"]) == ("48ad01", "TCS7", "<136,000kg")
    assert (even["altitude"], even["parity"], odd["parity"]) == (4000, "even", "odd")
    place = rs1090.decode(frames[1:3], [0.0, 0.1])[-1]
    assert (place["latitude"], place["longitude"]) == pytest.approx((54.7, 18.9), abs=1e-4)
    assert motion["groundspeed"] == pytest.approx(200.0, abs=1.0)
    assert motion["track"] == pytest.approx(216.9, abs=0.4)
    assert motion["vertical_rate"] == -1280


def test_nothing_else_has_words_here() -> None:
    assert beast_frames(Report("r", ReportKind.BEAT, 0.0, 0.1, {}), 1.0, 1.1) == b""
