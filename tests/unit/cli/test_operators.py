"""`tocsin operators`: a file of people is made, changed and listed, and no password is ever printed or kept."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from tocsin.cli.program import build
from tocsin.model.errors import TocsinError
from tocsin.web.operators import Role, matches, read_operators

PASSWORD = "correct horse battery"


def operators(*arguments: str, typed: str = "") -> str:
    given = ("operators", *arguments)
    result = CliRunner().invoke(build(given), given, input=typed)
    if isinstance(result.exception, TocsinError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def test_people_are_added_changed_listed_and_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "operators.toml"
    where = ("--file", str(path))
    monkeypatch.setenv("TOCSIN_PASSWORD", PASSWORD)
    assert "ada may log in as operator" in operators("add", "ada", *where)
    operators("add", "eve", "--role", "viewer", *where)
    monkeypatch.delenv("TOCSIN_PASSWORD")
    told = operators("add", "ada", "--role", "warden", *where, typed=f"{PASSWORD} new\n{PASSWORD} new\n")
    assert PASSWORD not in told and PASSWORD not in path.read_text()
    assert operators("list", *where).splitlines() == ["eve  viewer", "ada  warden"]
    ada = read_operators(path)[1]
    assert ada.role is Role.WARDEN and matches(f"{PASSWORD} new", ada.password)
    operators("remove", "ada", *where)
    assert operators("list", *where).splitlines() == ["eve  viewer"]


def test_what_cannot_be_is_refused_and_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "operators.toml"
    where = ("--file", str(path))
    monkeypatch.setenv("TOCSIN_PASSWORD", "short")
    with pytest.raises(TocsinError, match="12 to 1024"):
        operators("add", "ada", *where)
    assert not path.exists()
    monkeypatch.setenv("TOCSIN_PASSWORD", PASSWORD)
    with pytest.raises(TocsinError, match="name"):
        operators("add", "ada\n[[operator]]", *where)
    operators("add", "ada", *where)
    with pytest.raises(TocsinError, match="nobody is called 'eve'"):
        operators("remove", "eve", *where)
    assert len(read_operators(path)) == 1
