"""Tests stand where the modules they test stand."""

from pathlib import Path, PurePosixPath

import pytest

from architecture.exceptions import UNTESTED
from architecture.mirror import untested
from architecture.source import PACKAGE, ROOT, Module, modules

MODULE = Module(PurePosixPath("geo/frames.py"), "def f(): ...\n")


def test_every_module_is_tested() -> None:
    assert list(untested(modules(), ROOT / "tests")) == []


def test_reasons_speak_of_what_exists() -> None:
    assert [entry for entry in UNTESTED if not (PACKAGE / entry).exists()] == []


@pytest.mark.parametrize(
    ("test", "text", "found"),
    [
        ("unit/geo/test_frames.py", "", True),
        ("unit/geo/test_place.py", "from tocsin.geo.frames import f\n", True),
        ("kernels/test_geo.py", "import tocsin.geo.frames\n", True),
        ("unit/geo/test_place.py", "from tocsin.geo.angles import f\n", False),
        ("unit/threat/test_frames.py", "", False),
    ],
)
def test_where_a_test_may_stand(tmp_path: Path, test: str, text: str, found: bool) -> None:
    (tmp_path / test).parent.mkdir(parents=True)
    (tmp_path / test).write_text(text)
    assert (not list(untested([MODULE], tmp_path))) is found
