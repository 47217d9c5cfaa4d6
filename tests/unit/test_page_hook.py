"""The build hook: a page is built once from the same sources; a build that fails is told or refused, never silent."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def hook() -> ModuleType:
    """`hatch_build.py`, which lies outside the package."""
    spec = spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "ui" / "node_modules").mkdir(parents=True)
    (tmp_path / "ui" / "page.ts").write_text("show();\n")
    return tmp_path


def initialize(hook: ModuleType, checkout: Path, version: str) -> None:
    hook.PageHook(str(checkout), {}, None, None, "", "wheel").initialize(version, {})


def building(checkout: Path, calls: list[str]):
    """Stands in for npm: writes the page on `run build`."""

    def npm(ui: Path, failure: str, *arguments: str) -> None:
        calls.append(arguments[0])
        if arguments[0] == "run":
            static = checkout / "src" / "tocsin" / "web" / "static"
            static.mkdir(parents=True)
            (static / "index.html").write_text("page")

    return npm


def test_the_page_is_built_once_from_the_same_sources(
    hook: ModuleType, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    monkeypatch.setattr(hook, "npm", building(checkout, calls))
    initialize(hook, checkout, "editable")
    initialize(hook, checkout, "standard")
    assert calls == ["ci", "run"]
    (checkout / "ui" / "page.ts").write_text("show(1);\n")
    initialize(hook, checkout, "editable")
    assert calls == ["ci", "run"] * 2


def test_npm_that_fails_is_told_in_an_editable_install(hook: ModuleType, checkout: Path) -> None:
    initialize(hook, checkout, "editable")  # no package.json: the real npm fails at once
    said = (checkout / "src" / "tocsin" / "web" / "static" / "MISSING").read_text()
    assert said.startswith("the npm packages of the page could not be fetched (npm error ")
    assert said.count("\n") == 1


def test_npm_that_fails_refuses_a_wheel(hook: ModuleType, checkout: Path) -> None:
    with pytest.raises(hook.PageError, match="could not be fetched"):
        initialize(hook, checkout, "standard")


def test_a_failed_build_leaves_no_old_page(hook: ModuleType, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hook, "npm", building(checkout, []))
    initialize(hook, checkout, "editable")
    monkeypatch.undo()
    (checkout / "ui" / "page.ts").write_text("show(1);\n")
    initialize(hook, checkout, "editable")
    static = checkout / "src" / "tocsin" / "web" / "static"
    assert [path.name for path in static.iterdir()] == ["MISSING"]


def test_a_source_archive_carries_the_page_already(hook: ModuleType, tmp_path: Path) -> None:
    initialize(hook, tmp_path, "standard")
    assert list(tmp_path.iterdir()) == []
