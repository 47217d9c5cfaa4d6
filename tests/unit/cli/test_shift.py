"""`tocsin shift`: the load of a journal in words."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from tocsin.cli.program import build
from tocsin.model.alert import Alert, AlertKey, AlertState, Priority
from tocsin.model.errors import TocsinError
from tocsin.recording.journal import Journal

START_S = 1_790_000_000.0  # 2026-09-21T14:13:20Z


def _run(folder: Path, *options: str):
    arguments = ["shift", str(folder), *options]
    return CliRunner().invoke(build(arguments), arguments)


def _alert(state: AlertState, at_s: float, version: int, **more) -> Alert:
    key = AlertKey("near", "gate", "u")
    return Alert("A1-X", key, state, Priority.HIGH, START_S, START_S + at_s, version, "It comes.", "", **more)


def _journal(folder: Path) -> None:
    shelved = {"shelved_until_s": START_S + 900.0, "put_aside_by": "Nowak", "put_aside_reason": "crane"}
    with Journal(folder / "journal.sqlite") as journal:
        journal.append([
            _alert(AlertState.UNACKNOWLEDGED, 0.0, 1),
            _alert(AlertState.ACKNOWLEDGED, 12.0, 2, acknowledged_by="Nowak", acknowledged_s=START_S + 12.0),
            _alert(AlertState.SHELVED, 600.0, 3, acknowledged_s=START_S + 12.0, **shelved),
        ])  # fmt: skip


def test_the_whole_run(tmp_path: Path) -> None:
    _journal(tmp_path)
    result = _run(tmp_path)
    assert result.exit_code == 0, result.output
    assert "1 alert asked for an answer in 0.17 h" in result.stdout
    assert "mean 1.00, at most 1" in result.stdout
    assert "half within 12 s" in result.stdout
    assert "  A1 shelved until 14:28Z by Nowak (crane): It comes." in result.stdout


def test_a_shift_of_it(tmp_path: Path) -> None:
    _journal(tmp_path)
    result = _run(tmp_path, "--from", "2026-09-21T14:20:00Z", "--until", "2026-09-21T15:20:00Z", "--json")
    assert '"asked":0' in result.stdout and '"covered_s":3600.0' in result.stdout


def test_no_journal_and_no_time(tmp_path: Path) -> None:
    result = _run(tmp_path)
    assert isinstance(result.exception, TocsinError)
    _journal(tmp_path)
    with pytest.raises(TocsinError, match="--from: not a time"):
        raise _run(tmp_path, "--from", "noon").exception
