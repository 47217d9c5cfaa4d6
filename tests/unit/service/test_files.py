"""Run files: opened whole or refused, completed once, let go of after a failure."""

import json
from pathlib import Path

import msgspec
import pyarrow.parquet as pq
import pytest

from small_site import START_S, approach, small_site
from tocsin.model.errors import TocsinError
from tocsin.service.files import OWN_FILES, RESULTS, RunFiles
from tocsin.service.pipeline import Line
from tocsin.service.play import as_live, numbered

SITE = small_site()


def test_what_the_line_puts_out_is_in_the_files(tmp_path: Path) -> None:
    files, line = RunFiles(SITE, tmp_path / "a" / "b"), Line(SITE)
    outputs = [line.step(packet) for packet in numbered(as_live(SITE, approach()), exercise=True)]
    for output in [*outputs, line.finish()]:
        files.write(output)
    files.close({"b": 1, "a": 2}, {"wall_s": 0.5})
    folder = tmp_path / "a" / "b"
    assert sorted(path.name for path in folder.iterdir()) == sorted(RESULTS)
    assert (folder / "site.toml").read_text() == SITE.text
    detections = pq.read_table(folder / "detections.parquet")
    assert detections["time_s"].to_pylist() == [packet.received_s for packet in approach()]
    assert set(detections["exercise"].to_pylist()) == {True}
    assert pq.read_table(folder / "tracks.parquet").num_rows >= 40
    alerts = [json.loads(text) for text in (folder / "alerts.jsonl").read_bytes().splitlines()]
    assert [alert["version"] for alert in alerts if alert["id"] == alerts[0]["id"]][:2] == [1, 2]
    assert (folder / "summary.json").read_bytes() == b'{\n  "a": 2,\n  "b": 1\n}\n'
    assert msgspec.json.decode((folder / "timings.json").read_bytes()) == {"wall_s": 0.5}


@pytest.mark.parametrize("name", OWN_FILES)
def test_a_folder_that_holds_any_of_a_run_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    with pytest.raises(TocsinError, match=f"already holds a run \\({name}\\); name another folder"):
        RunFiles(SITE, tmp_path)


def test_a_folder_that_cannot_be_made_or_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(TocsinError, match="cannot make the output folder"):
        RunFiles(SITE, tmp_path / "file" / "out")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "detections.parquet").symlink_to(tmp_path / "gone" / "x")
    with pytest.raises(TocsinError, match="out: cannot be written"):
        RunFiles(SITE, tmp_path / "out")


def test_an_abandoned_run_can_be_read_as_far_as_it_got(tmp_path: Path) -> None:
    files, line = RunFiles(SITE, tmp_path), Line(SITE)
    for packet in numbered(as_live(SITE, approach(2)), exercise=True):
        files.write(line.step(packet))
    files.abandon()
    files.abandon()
    assert pq.read_table(tmp_path / "detections.parquet")["time_s"].to_pylist()[0] == START_S
    assert not (tmp_path / "summary.json").exists()
