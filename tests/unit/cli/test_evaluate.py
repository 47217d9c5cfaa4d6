"""`tocsin evaluate` on a folder as the program writes it."""

import msgspec
import pytest
import typer
from typer.testing import CliRunner

from evaluation_run import write_run, write_truth
from tocsin.cli.evaluate import evaluate
from tocsin.model.errors import TocsinError

app = typer.Typer()
app.command()(evaluate)


def invoke(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)


def test_prints_a_table_and_writes_every_figure(tmp_path):
    folder, truth = write_run(tmp_path / "run"), write_truth(tmp_path / "truth.csv")
    result = invoke(folder, "--truth", truth, "--raw", "radar", "--json", tmp_path / "out.json")
    assert result.exit_code == 0
    assert "coverage_50m" in result.stdout and "30 s judged" in result.stdout
    found = msgspec.json.decode((tmp_path / "out.json").read_bytes())
    assert found["coverage_50m"] == 1.0
    assert found["coverage_raw_50m"] == pytest.approx(10 / 30)
    assert found["coverage_ratio_to_raw"] == pytest.approx(3.0)
    assert found["error_median_m"] == pytest.approx(7.0, abs=0.05)
    assert found["first_track_s"] == 0.0
    assert found["first_alert_s"] == 6.0
    assert found["warning_time_min_s"] == 14.0  # it comes within 105 m of the pier in second 20
    assert found["entries"] == [{"target": "a", "asset": "Pier", "at_s": 20.0, "warning_s": 14.0}]


def test_rows_of_truth_that_cannot_be_read_are_told(tmp_path):
    folder, truth = write_run(tmp_path / "run"), write_truth(tmp_path / "truth.csv")
    with truth.open("a") as log:
        log.write("a,quadcopter,soon,54.6,18.8,90,true\n")
    result = invoke(folder, "--truth", truth)
    assert "truth.csv: 1 row could not be read: time: not a time" in result.stdout.replace("\n", " ")


def test_what_cannot_be_read_or_written_is_named(tmp_path):
    folder, truth = write_run(tmp_path / "run"), write_truth(tmp_path / "truth.csv")
    with pytest.raises(TocsinError, match="nowhere"):
        invoke(tmp_path / "nowhere", "--truth", truth)
    with pytest.raises(TocsinError, match="no sensor 'sonar'; it has radar"):
        invoke(folder, "--truth", truth, "--raw", "sonar")
    with pytest.raises(TocsinError, match=r"missing/out.json: cannot be written"):
        invoke(folder, "--truth", truth, "--json", tmp_path / "missing" / "out.json")
