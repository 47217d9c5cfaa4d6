"""An adapter is a folder with an entry-point line of the same name, and the line's module exists."""

from importlib.util import find_spec
from pathlib import Path

from architecture.adapters import declared, folders


def test_every_folder_has_its_line_and_every_line_its_folder() -> None:
    lines = {(entry.group.removeprefix("tocsin."), entry.name): entry for entry in declared()}
    assert sorted(lines) == folders()
    for (ring, name), entry in lines.items():
        assert entry.value == f"tocsin.{ring}.{name.replace('-', '_')}.adapter:Adapter"
        assert find_spec(entry.module)


def test_every_folder_explains_itself() -> None:
    missing = [
        f"{entry.module}: {part}"
        for entry in declared()
        for part in ("README.md", "samples")
        if not (Path(str(find_spec(entry.module).origin)).parent / part).exists()  # type: ignore[union-attr]
    ]
    assert missing == []


def test_folders_are_found(tmp_path: Path) -> None:
    (tmp_path / "sensors" / "asterix").mkdir(parents=True)
    (tmp_path / "sensors" / "asterix" / "adapter.py").touch()
    assert folders(tmp_path) == [("sensors", "asterix")]
