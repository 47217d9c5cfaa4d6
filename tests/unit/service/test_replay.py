"""Replay: files of a run, equal each time; nothing left behind by a run that could not begin."""

from pathlib import Path

import msgspec
import pytest

from small_site import START_S, approach, rows, small_site
from tocsin.model.errors import TocsinError
from tocsin.recording.journal import Journal
from tocsin.service.play import as_live, numbered
from tocsin.service.replay import replay, run_packets

SAME = ("site.toml", "detections.parquet", "tracks.parquet", "alerts.jsonl", "summary.json")


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    folder.mkdir()
    (folder / "radar.jsonl").write_bytes(rows())
    return folder


def test_two_replays_are_equal_byte_for_byte(raw: Path, tmp_path: Path) -> None:
    site = small_site()
    summaries = [replay(site, [raw], tmp_path / name) for name in ("one", "two")]
    assert summaries[0] == summaries[1]
    assert summaries[0]["track"]["confirmed"] >= 1
    for name in SAME:
        content = (tmp_path / "one" / name).read_bytes()
        assert content
        assert content == (tmp_path / "two" / name).read_bytes(), name
    with Journal(tmp_path / "one" / "journal.sqlite") as journal:
        assert journal.alerts()
    assert msgspec.json.decode((tmp_path / "one" / "timings.json").read_bytes())["data_packets"] == 40


def test_the_pace_changes_nothing(raw: Path, tmp_path: Path) -> None:
    site = small_site()
    assert replay(site, [raw], tmp_path / "max") == replay(site, [raw], tmp_path / "paced", speed_ratio=1000.0)


def test_an_input_that_cannot_be_used_leaves_no_folder(raw: Path, tmp_path: Path) -> None:
    (raw / "radar.jsonl").write_bytes(rows().replace(b'"east"', b'"oest"'))
    with pytest.raises(TocsinError, match="east"):
        replay(small_site(), [raw], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_folder_with_a_run_is_not_written_over(raw: Path, tmp_path: Path) -> None:
    replay(small_site(), [raw], tmp_path / "out")
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    with pytest.raises(TocsinError, match="already holds a run"):
        replay(small_site(), [raw], tmp_path / "out")
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before


def test_notes_are_asked_at_the_end_and_counters_shown_on_the_way(tmp_path: Path) -> None:
    site, shown = small_site(), []
    packets = numbered(as_live(site, approach()), exercise=True)
    summary = run_packets(site, packets, tmp_path, notes=lambda: [f"after {len(shown)} looks"], statistics=shown.append)
    assert summary["notes"] == [f"after {len(shown) - 1} looks"]  # the last look is the end itself
    assert {"line", "track", "timings"} <= shown[0].keys()


def test_a_watcher_that_fails_ends_the_run(tmp_path: Path) -> None:
    def fail(output) -> None:
        if output.time_s > START_S + 2.0:
            raise OSError(28, "No space left on device")

    site = small_site()
    with pytest.raises(TocsinError, match="No space left on device"):
        run_packets(site, numbered(as_live(site, approach()), exercise=True), tmp_path, watch=[fail])
    assert not (tmp_path / "summary.json").exists()
