import re
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from tocsin.simulation import plan
from tocsin.simulation.plan import Device, Motion
from tocsin.simulation.world import World

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "scenario.md"
TABLES = [
    kind
    for kind in vars(plan).values()
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind is not msgspec.Struct
]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
def test_every_table_is_strict_and_every_key_documented(table: Any) -> None:
    assert table.__struct_config__.forbid_unknown_fields
    assert table.__struct_config__.frozen
    words = set(re.findall(r"`([a-z_0-9]+)`", PAGE.read_text(encoding="utf-8")))
    containers = {"chapter", "world", "event", "target", "sensor", "motion", "device"}
    assert set(table.__struct_fields__) - words - containers == set()


def test_every_kind_is_documented() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for kind in (*get_args(Motion), *get_args(Device)):
        assert f"`{kind.__struct_config__.tag}`" in page
    assert World in TABLES
