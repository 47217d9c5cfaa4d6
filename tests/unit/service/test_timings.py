import pytest

from tocsin.model.packet import Packet, PacketKind
from tocsin.service.pipeline import LineOutput
from tocsin.service.timings import Timings
from warning_builder import warning


def data(time_s: float, kind: PacketKind = PacketKind.DATA) -> Packet:
    return Packet(kind, "radar", time_s)


def test_percentiles_are_within_a_bin_of_the_truth() -> None:
    timings = Timings()
    for k in range(1, 1001):
        timings.measure(data(float(k)), k * 1e-5, detections=2)
    report = timings.report()
    for q in (50, 95, 99, 100):
        assert report["step_ms"][f"p{q}"] == pytest.approx(q * 0.1, rel=0.06)
    assert (report["data_packets"], report["detections"]) == (1000, 2000)
    assert report["covered_s"] == 999.0


def test_extremes_stay_inside_the_histogram() -> None:
    timings = Timings()
    timings.measure(data(1.0), 0.0, 0)
    timings.measure(data(1.0), 1e6, 0)
    assert timings.report()["step_ms"]["p50"] < 0.01
    assert timings.report()["step_ms"]["p100"] > 5e4


def test_a_step_of_the_clock_covers_nothing_and_time_runs_forward() -> None:
    timings = Timings()
    for packet in (data(10.0), data(12.0), data(11.0), data(90_000.0, PacketKind.CLOCK_STEP), data(90_003.0)):
        timings.measure(packet, 1e-3, 0)
    assert timings.report()["covered_s"] == 5.0


def test_nothing_measured_is_no_number() -> None:
    report = Timings().report()
    assert report["step_ms"]["p50"] is None
    assert report["covered_s"] == 0.0


def test_what_changed_nothing_is_no_decision() -> None:
    timings = Timings()
    timings.decide(LineOutput(data(10.0), 10.0), 10.5)
    assert timings.report()["decisions"] == {"count": 0, "p50_ms": None, "p99_ms": None, "p100_ms": None}
    told = warning()
    timings.decide(LineOutput(data(10.0), 10.0, warnings=(told,)), 10.25)
    assert timings.report()["decisions"]["p99_ms"] == 250.0
    assert timings.warned() == [(told.id, 10.25)]
