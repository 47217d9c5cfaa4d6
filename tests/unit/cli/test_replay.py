"""`tocsin replay`: its pace, its closing line and its notes."""

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from small_site import rows, site_text
from tocsin.cli import replay as module
from tocsin.cli.program import build
from tocsin.cli.replay import closing, replay, speed_ratio
from tocsin.model.errors import TocsinError

SUMMARY = {
    "line": {"scans": 12},
    "collect": {"detections": 90, "dropped_from_the_future": 2, "repeats": 3},
    "track": {"confirmed": 4, "dropped_too_late": 5},
    "warn": {"sounded": 1},
    "sensors": {
        "radar": {"rows": 90, "broken": 7, "problems": {"reasons": {"time: older than oldest_s": 7}}},
        "camera": {"rows": 8, "broken": 0, "problems": {"reasons": {"score: not a number": 1}}},
        "other": {},
    },
}


def test_the_closing_line_says_what_came_in_out_and_was_dropped() -> None:
    assert closing(SUMMARY) == (
        "90 detections in 12 scans; 4 tracks confirmed; 1 alert sounded; "
        "dropped: 2 from the future, 5 too late, 3 repeated; "
        "not read: radar (7 of 90 rows: 7 time: older than oldest_s), camera (1 score: not a number)"
    )


@pytest.mark.parametrize(("text", "ratio"), [("max", None), ("2", 2.0), ("0.5", 0.5)])
def test_a_pace(text: str, ratio: float | None) -> None:
    assert speed_ratio(text) == ratio


@pytest.mark.parametrize("text", ["0", "-1", "nan", "inf", "fast", ""])
def test_no_pace(text: str) -> None:
    with pytest.raises(TocsinError, match="--speed: expected a number"):
        speed_ratio(text)


def test_a_replay_ends_with_its_notes_and_its_counts(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text(site_text(), encoding="utf-8")
    (tmp_path / "radar.json").write_bytes(rows(2) + b'{"time": 1, "east": "x"}\n')
    (tmp_path / "radar-b.json").write_bytes(b"")
    arguments = ["replay", str(tmp_path / "radar.json"), str(tmp_path / "radar-b.json")]
    options = ["--site", str(tmp_path / "site.toml"), "--out", str(tmp_path / "out"), "--speed", "100"]
    result = CliRunner().invoke(build(arguments), arguments + options)
    assert result.exit_code == 0, result.output
    assert result.stderr == "note: radar-b.json: file: no rows\n"
    assert result.stdout.startswith(f"{tmp_path / 'out'}: 10 detections in 10 scans; 1 track confirmed;")
    assert "; not read: radar (1 of 11 rows: 1 east: " in result.stdout


def test_a_stop_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def stopped(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "run_replay", stopped)
    with pytest.raises(typer.Exit) as ended:
        replay([tmp_path], tmp_path)
    assert ended.value.exit_code == 130
    assert capsys.readouterr().err == f"tocsin: stopped; {tmp_path} holds what was played until then\n"
