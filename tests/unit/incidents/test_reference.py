"""The reference of the records names every type and every field, and no other."""

import re
from pathlib import Path

import pytest

from tocsin.model.record import Body, Record

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "records.md").read_text("utf-8")
SECTIONS = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
TYPES = {str(kind.__struct_config__.tag): kind for kind in Body.__args__}  # type: ignore[attr-defined]


def fields(section: str) -> dict[str, bool]:
    """Each field of the section's table, and whether it is said to be needed."""
    cells = re.findall(r"^\| (.+?) \| ", section, re.MULTILINE)
    return {name: bool(bold) for cell in cells for bold, name in re.findall(r"(\*\*)?`(\w+)`", cell)}


def test_every_type_has_its_section() -> None:
    assert set(SECTIONS) == set(TYPES)


@pytest.mark.parametrize("name", TYPES)
def test_every_field_is_described(name: str) -> None:
    kind = TYPES[name]
    required = {
        field: field in kind.__struct_fields__[: len(kind.__struct_fields__) - len(kind.__struct_defaults__)]
        for field in kind.__struct_fields__
    }
    assert fields(SECTIONS[name]) == required


def test_the_envelope_is_described() -> None:
    assert set(fields(PAGE.partition("## author")[0])) == set(Record.__struct_fields__)
