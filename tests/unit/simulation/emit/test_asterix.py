"""Blocks are read by libasterix, the other implementation."""

import asterix.generated as generated
import pytest
from asterix.base import Bits

from tocsin.simulation.emit.asterix import asterix_block
from tocsin.simulation.report import Report, ReportKind

PLOT = Report("r", ReportKind.PLOT, 0.0, 0.1, {"range_m": 9260.0, "azimuth_deg": 30.0, "elevation_deg": 3.0})
TEN_S = 1_772_359_200.5  # 10:00:00.5 UTC


def records(data: bytes, spec):
    (block,) = generated.RawDatablock.parse(Bits.from_bytes(data))
    return spec.cv_uap.parse(block.get_raw_records())


def test_a_plot_is_read_by_another_implementation() -> None:
    ((record,), *_) = [records(asterix_block(PLOT, TEN_S, TEN_S), generated.Cat_048_1_31)]
    assert record.get_item("140").variation.content.as_quantity() == pytest.approx(36_000.5)
    place = record.get_item("040").variation
    assert place.get_item("RHO").variation.content.as_quantity("NM") == pytest.approx(5.0)
    assert place.get_item("THETA").variation.content.as_quantity() == pytest.approx(30.0, abs=0.003)


def test_a_sign_of_life_is_a_north_marker() -> None:
    (record,) = records(asterix_block(Report("r", ReportKind.BEAT, 0.0, 0.1, {}), TEN_S, TEN_S), generated.Cat_034_1_29)
    assert record.get_item("000").variation.content.as_uint() == 1
    assert record.get_item("030").variation.content.as_quantity() == pytest.approx(36_000.5)


def test_what_048_cannot_say_is_not_said() -> None:
    far = Report("r", ReportKind.PLOT, 0.0, 0.1, {"range_m": 500_000.0, "azimuth_deg": 30.0})
    assert asterix_block(far, TEN_S, TEN_S) == b""
    assert asterix_block(Report("r", ReportKind.CLAIM, 0.0, 0.1, {}), TEN_S, TEN_S) == b""
