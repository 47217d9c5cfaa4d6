"""Files into drafts: a story, a page, a table, a folder, with the text that spans count kept beside the draft."""

from datetime import date
from pathlib import Path

import pytest

from tocsin.incidents.draft import read_draft
from tocsin.incidents.importing import import_file, import_folder
from tocsin.incidents.review import story
from tocsin.incidents.story.files import read_story_file
from tocsin.model.errors import TocsinError

STORY = "VELMORA, March 3 (Harbor Wire) - A drone fell on the mole on Tuesday, the guard said.\n"
PAGE = """<html><head><title>Drone on mole</title></head><body><nav>Home News</nav><article><h1>Drone falls on mole</h1>
<p>A drone fell on the north mole of Velmora late on Tuesday, a port official said.</p>
<p>"We know the type. We will not name the sender," Colonel Ada Brandt told reporters in the capital of the coast.</p>
<p>The harbour has been closed at night since the autumn, when the first of the drones was seen over the quay.</p>
</article><footer>Harbor Wire</footer></body></html>"""


def test_a_story_beside_its_draft(tmp_path: Path) -> None:
    path, out = tmp_path / "story.txt", tmp_path / "draft.toml"
    path.write_text(STORY, "utf-8")
    import_file(path, out, date(2026, 3, 3), None)
    draft = read_draft(out)
    assert story(draft, out) == STORY
    assert draft.origin is not None and draft.origin.published == "2026-03-03"
    assert [one.speaker for one in draft.statements] == ["the guard"]


def test_a_draft_elsewhere_takes_the_text_along(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    path, out = tmp_path / "in" / "story.txt", tmp_path / "out" / "draft.toml"
    path.write_bytes(STORY.replace("\n", "\r\n").encode())
    import_file(path, out, None, None)
    assert story(read_draft(out), out) == STORY.replace("\n", "\r\n")


def test_an_old_encoding_is_read_and_kept_as_utf_8(tmp_path: Path) -> None:
    path, out = tmp_path / "story.txt", tmp_path / "draft.toml"
    path.write_bytes("“It fell,” Zoë said.".encode("cp1252"))
    import_file(path, out, None, None)
    draft = read_draft(out)
    assert draft.statements[0].speaker == "Zoë"
    assert draft.origin is not None and draft.origin.file == "story.story.txt"
    assert story(draft, out).startswith("“It fell,”")


def test_a_page_gives_its_story(tmp_path: Path) -> None:
    path, out = tmp_path / "page.html", tmp_path / "draft.toml"
    path.write_text(PAGE, "utf-8")
    import_file(path, out, None, None)
    draft = read_draft(out)
    assert {"a port official", "Colonel Ada Brandt"} <= {one.speaker for one in draft.statements}
    assert "Home News" not in story(draft, out)


def test_a_folder_goes_on_past_what_it_cannot_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(STORY, "utf-8")
    (tmp_path / "b.txt").write_text("  \n", "utf-8")
    (tmp_path / "c.csv").write_text("id,place\nv-1,Skarn\n", "utf-8")
    (tmp_path / "d.pdf").write_bytes(b"%PDF")
    found = {path.name: draft for path, draft in import_folder(tmp_path, tmp_path / "drafts", None, None)}
    assert list(found) == ["a.txt", "b.txt", "c.csv"]
    assert isinstance(found["b.txt"], str) and "holds no text" in found["b.txt"]
    assert sorted(one.name for one in (tmp_path / "drafts").glob("*.toml")) == ["a.toml", "c.toml"]


def test_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(TocsinError, match="cannot be read"):
        read_story_file(tmp_path / "none.txt")
