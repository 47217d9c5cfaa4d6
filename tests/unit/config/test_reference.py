"""The reference page is what the program draws, and no setting escapes it."""

from pathlib import Path

import msgspec
import pytest

from tocsin.config.reference import reasons, reference
from tocsin.model.errors import TocsinError

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "site-file.md"


class Told(msgspec.Struct):
    """First words, `not_a_key`: no.

    `far_m`, `near_m`: both ends,
    of it. `angle_rad`: less than `far_m`.
    plain: at the start of a line
        and further on
    """

    far_m: float
    near_m: float
    angle_rad: float
    plain: int = 0


class Untold(msgspec.Struct):
    """`one`: told."""

    one: int
    other: int


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference(), (
        "run: python -m tocsin.config.reference > docs/reference/site-file.md"
    )


def test_reasons_come_from_docstrings_in_both_spellings() -> None:
    assert {key: value for key, value in reasons(Told).items() if key != "not_a_key"} == {
        "far_m": "both ends, of it",
        "near_m": "both ends, of it",
        "angle_rad": "less than `far_m`",
        "plain": "at the start of a line and further on",
    }


def test_a_setting_without_a_reason_is_an_error() -> None:
    with pytest.raises(TocsinError, match="no reason for `other`"):
        reasons(Untold)


@pytest.mark.parametrize(
    "row",
    [
        "| `view.blind_deg` | list of lists of 2 numbers | degrees | `[]` |",
        "| `view.elevation_deg` | list of 2 numbers | degrees | `[-90, 90]` |",
        "| `people` | whole number |  | left out |",
        "| `name` | text |  | required |",
        "| `settings` | table |  | `{}` |",
    ],
)
def test_rows_say_type_unit_and_default_as_in_the_file(row: str) -> None:
    assert row in reference()
