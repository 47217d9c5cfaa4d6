"""A run's folder read back, and what is said of a folder that is none."""

import pytest

from evaluation_run import write_run
from tocsin.evaluation.run import read_run
from tocsin.model.errors import TocsinError
from tocsin.model.track import TrackStatus


def test_rows_reports_and_alerts_come_back(tmp_path):
    run = read_run(write_run(tmp_path / "run"), ["radar", "mast"], (), ())
    assert run.tracks.number.tolist() == [1] * 30
    assert run.tracks.position_m[3].tolist() == [30.0, 7.0]
    assert run.tracks.velocity_mps[3].tolist() == [10.0, 0.0]
    assert set(run.tracks.status.tolist()) == {int(TrackStatus.CONFIRMED)}
    assert list(run.reports) == ["radar", "mast"]
    assert len(run.reports["radar"].time_s) == 10  # the bearings have no place
    assert run.reports["radar"].position_m[1].tolist() == [30.0, 20.0]
    assert len(run.reports["mast"].time_s) == 0
    assert [alert.key.place for alert in run.alerts] == ["Pier"]


@pytest.mark.parametrize("name", ["tracks.parquet", "detections.parquet", "alerts.jsonl"])
def test_a_missing_file_is_named(tmp_path, name):
    folder = write_run(tmp_path / "run")
    (folder / name).unlink()
    with pytest.raises(TocsinError, match=name):
        read_run(folder, ["radar"], (), ())


def test_a_broken_line_of_alerts_is_named(tmp_path):
    folder = write_run(tmp_path / "run")
    with (folder / "alerts.jsonl").open("ab") as alerts:
        alerts.write(b'{"id": 1}\n')
    with pytest.raises(TocsinError, match=r"alerts.jsonl:2: no alert"):
        read_run(folder, ["radar"], (), ())
    (folder / "detections.parquet").write_bytes(b"not parquet")
    with pytest.raises(TocsinError, match=r"detections.parquet: no detections file"):
        read_run(folder, ["radar"], (), ())
