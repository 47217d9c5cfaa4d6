"""Files that a story comes in, and what is refused."""

from pathlib import Path

import pytest

from tocsin.incidents.story.files import read_story_file
from tocsin.model.errors import TocsinError


def test_text_in_utf_8_is_itself(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("“It fell,” Zoë said.\r\n".encode())
    found = read_story_file(path)
    assert found.is_itself and found.text.endswith("\r\n")


def test_a_page_is_not(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    words = "A drone fell on the north mole of Velmora late on Tuesday, a port official said to the paper. "
    path.write_text(f"<html><body><article><p>{words * 3}</p></article></body></html>", "utf-8")
    found = read_story_file(path)
    assert not found.is_itself and "north mole" in found.text and "<" not in found.text


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.txt", b" \n", "holds no text"),
        ("a.html", b"", "no story"),
        ("a.txt", b"A drone fell. " * 15_000, "210000 characters are no story"),
    ],
)
def test_what_holds_no_story(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(TocsinError, match=says):
        read_story_file(path)
