"""`tocsin test` runs every check, says which failed, and fails if any did."""

import sys
from pathlib import Path

import pytest
import typer

from tocsin.cli import test as command

GOOD = (sys.executable, "-c", "print('all is well')")
BAD = (sys.executable, "-c", "raise SystemExit('line 3 is wrong')")


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout whose one test passes."""
    (tmp_path / "test_one.py").write_text("def test_one(): pass\n")
    monkeypatch.setattr(command, "checkout", lambda: tmp_path)
    return tmp_path


def code(*pytest_arguments: str) -> int:
    with pytest.raises(typer.Exit) as ended:
        command.test(list(pytest_arguments))
    return ended.value.exit_code


def test_all_pass(checkout: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(command, "CHECKS", {"style": GOOD})
    assert code() == 0
    said = capfd.readouterr().out.splitlines()
    assert said[0].startswith("style ... ok, ")
    assert "1 passed" in said[-1]


def test_one_check_fails(checkout: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(command, "CHECKS", {"style": BAD, "types": GOOD})
    assert code() == 1
    said = capfd.readouterr().out
    assert "style ... FAILED" in said
    assert "line 3 is wrong" in said
    assert "types ... ok" in said
    assert "failed: style" in said
    assert "1 passed" in said.splitlines()[-1]


def test_a_test_fails(checkout: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(command, "CHECKS", {})
    (checkout / "test_two.py").write_text("def test_two(): assert False\n")
    assert code() == 1
    assert "1 failed, 1 passed" in capfd.readouterr().out.splitlines()[-1]


def test_arguments_reach_pytest(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "CHECKS", {})
    assert code("-k", "no_such_test") == 5  # pytest's code for no tests


def test_no_test_is_a_failure_too(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "CHECKS", {})
    (checkout / "test_one.py").unlink()
    assert code() == 5
