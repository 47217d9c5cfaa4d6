"""The reference page of the adapter says of every setting what its docstring says, and shows settings that work."""

import re
import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tocsin.config.reference import reasons
from tocsin.config.strict import decode, spelled
from tocsin.formats import columns, detections, tracks
from tocsin.sensors.table.adapter import Adapter

ROOT = Path(__file__).resolve().parents[4]
PAGE = (ROOT / "docs" / "reference" / "table-adapter.md").read_text("utf-8")
OUTPUTS = (ROOT / "docs" / "reference" / "outputs.md").read_text("utf-8")
PARTS = (
    "Mapping",
    "Number",
    "Height",
    "Time",
    "Words",
    "Local",
    "Own",
    "Velocity",
    "Sigma",
    "SigmaColumns",
    "Condition",
)


@pytest.mark.parametrize("name", PARTS)
def test_every_setting_has_its_line(name: str) -> None:
    kind: Any = getattr(columns, name)
    lines = [line.strip("|").split(" | ") for line in PAGE.splitlines() if line.startswith("| `")]
    told = {(cells[0].strip(), cells[-1].strip()) for cells in lines}
    why = reasons(kind)
    for field in msgspec.structs.fields(kind):
        reason = re.sub(r"`(\w+)`", lambda found: f"`{spelled(found[1])}`", why[field.name])
        assert (f"`{spelled(field.name)}`", reason) in told


def test_the_examples_settings_work() -> None:
    (example,) = re.findall(r"^```toml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    (sensor,) = tomllib.loads(example)["sensor"]
    decode(sensor["settings"], Adapter.Settings)


@pytest.mark.parametrize("module", [tracks, detections])
def test_every_column_of_the_outputs_has_its_line(module: Any) -> None:
    section = OUTPUTS.split(f"## {module.__name__.rpartition('.')[2]}.parquet")[1].split("## ")[0]
    named = set(re.findall(r"`(\w+)`", " ".join(line.split("|")[1] for line in section.splitlines() if "|" in line)))
    assert named == {*module._FIELDS, "geometry"}
