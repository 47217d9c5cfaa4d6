"""Files that a story comes in: plain text in UTF-8 or Windows-1252, or a web page.

`read_story_file(path)` answers the text and whether the file itself is that text, so that spans count its characters;
if not, the text is to be kept beside the draft. A page's text is taken out of it by the optional trafilatura; no script
runs and nothing is fetched.
"""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import msgspec

from tocsin.model.errors import TocsinError

PAGES = (".html", ".htm", ".xhtml")
TEXTS = (".txt", ".text", ".md")
TABLES = (".csv", ".json")
MOST_CHARACTERS = 200_000  # some thirty thousand words; a long report has a tenth of that


class StoryFile(msgspec.Struct, frozen=True):
    """The text of a story; `is_itself` if the file holds just that, as UTF-8."""

    text: str
    is_itself: bool


def read_story_file(path: Path) -> StoryFile:
    """The story in `path`; raises TocsinError if it cannot be read or holds no text."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise TocsinError(f"{path}: cannot be read: {error.strerror}") from error
    if path.suffix.lower() in PAGES:
        return StoryFile(_page_text(content, path), is_itself=False)
    try:
        story = StoryFile(content.decode("utf-8"), is_itself=True)
    except UnicodeDecodeError:
        story = StoryFile(content.decode("cp1252", errors="replace"), is_itself=False)
    if not story.text.strip():
        raise TocsinError(f"{path}: holds no text")
    if len(story.text) > MOST_CHARACTERS:
        raise TocsinError(f"{path}: {len(story.text)} characters are no story; one may have {MOST_CHARACTERS}")
    return story


def _page_text(content: bytes, path: Path) -> str:
    if find_spec("trafilatura") is None:
        raise TocsinError(f"{path}: reading pages needs trafilatura: install tocsin[story]")
    extract = import_module("trafilatura").extract
    text = extract(content, include_comments=False, include_tables=False)
    if not text:
        raise TocsinError(f"{path}: no story was found in the page")
    return str(text) + "\n"
