"""Importing: stories and tables from files into draft files, with the text of each story kept beside its draft.

`import_file(path, out, ...)` writes one draft; `import_folder` one for every story and table of a folder, in the order
of their names, and goes on past a file that cannot be read, which it answers with the reason.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from tocsin.incidents.draft import Draft, toml
from tocsin.incidents.story.files import PAGES, TABLES, TEXTS, read_story_file
from tocsin.incidents.story.parser import Parse
from tocsin.incidents.story.propose import propose
from tocsin.incidents.table_import import table_draft
from tocsin.model.errors import TocsinError


def import_file(path: Path, out: Path, published: date | None, parse: Parse | None, publisher: str = "") -> Draft:
    """Write the draft of the story or table in `path` to `out`; TocsinError if it cannot be read or written."""
    if path.suffix.lower() in TABLES:
        draft = table_draft(
            _bytes(path), path.name, publisher, published.isoformat() if published else "", str(path.name)
        )
    else:
        story = read_story_file(path)
        is_beside = story.is_itself and path.parent.resolve() == out.parent.resolve()
        name = path.name if story.is_itself else path.stem + ".story.txt"
        draft = propose(story.text, published, parse, name, reference=path.name)
        if not is_beside:
            _write(out.parent / name, story.text)
    _write(out, toml(draft))
    return draft


def import_folder(
    folder: Path, out: Path, published: date | None, parse: Parse | None, publisher: str = ""
) -> Iterator[tuple[Path, Draft | str]]:
    """For each story or table of `folder` its draft, written into the folder `out`, or the reason for none."""
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() not in (*TEXTS, *PAGES, *TABLES) or path.name.startswith(".") or not path.is_file():
            continue
        try:
            yield path, import_file(path, out / f"{path.stem}.toml", published, parse, publisher)
        except TocsinError as error:
            yield path, str(error)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise TocsinError(f"{path}: cannot be read: {error.strerror}") from error


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    except OSError as error:
        raise TocsinError(f"{path}: cannot be written: {error.strerror}") from error
