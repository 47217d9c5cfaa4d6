"""The `table` adapter keeps the contract on each of its samples."""

import tomllib
from pathlib import Path

import pytest

from tocsin.config.strict import decode
from tocsin.model.adapter import AdapterContext
from tocsin.model.sensor import Pose
from tocsin.sensors.table import adapter
from tocsin.sensors.table.adapter import Adapter
from tocsin.testing import Sample, check_adapter, read_expected
from tocsin.units import RAD_PER_DEG

FOLDER = Path(adapter.__file__).parent
NORTH_PIER = AdapterContext("sample", Pose(), 54.6 * RAD_PER_DEG, 18.8 * RAD_PER_DEG, 41.0)


@pytest.mark.parametrize("file", ["rotating.csv", "vessel.jsonl", "bearings.csv"])
def test_table_keeps_the_contract(file: str) -> None:
    path = FOLDER / "samples" / file
    settings = decode(tomllib.loads(path.with_suffix(".toml").read_text("utf-8")), Adapter.Settings)
    expected = read_expected(path.with_suffix(".expected.jsonl").read_text("utf-8"))
    sample = Sample(path.read_bytes(), 1772359210.0, expected, tolerance=1e-7)
    check_adapter(Adapter, settings, NORTH_PIER, sample, (FOLDER / "README.md").read_text("utf-8"))
