"""Reading back: what is missing is named, what is damaged is never given for whole."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.model.errors import TocsinError
from tocsin.model.packet import Packet
from tocsin.recording import log, segment
from tocsin.recording.settings import Settings
from unit.recording.harness import BUILD, SITE, data, record, wait_until


def test_a_missing_middle_file_and_a_cut_tail_are_named(tmp_path: Path) -> None:
    record(tmp_path, [SITE, *(data(10.0 * k) for k in range(1, 20))], rotate_s=60.0)
    files = sorted(tmp_path.glob("*.mcap"))
    files[1].unlink()
    files[3].write_bytes(files[3].read_bytes()[:-40])
    reading = log.read(tmp_path)
    assert [packet.sequence for packet in reading] == [*range(1, 7), *range(13, 21)]
    missing, tail = reading.findings
    assert (missing.file, missing.what, missing.count, missing.after) == (files[2], "missing packets", 6, 6)
    assert (tail.file, tail.what) == (files[3], "tail bytes") and tail.count > 0
    assert "6 missing packets after packet 6" in str(missing)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, list[Packet]]:
    """One file of several chunks, as bytes, and its packets."""
    folder = tmp_path_factory.mktemp("whole")
    written: list[Packet] = []
    with log.Recorder(Settings(folder=str(folder), flush_s=0.02), BUILD) as recorder:
        for k in range(30):
            written.append(recorder.submit(data(k, os.urandom(300))))
            if k % 5 == 4:
                wait_until(lambda: recorder.statistics()["recorded"] == len(written))
    (path,) = folder.glob("*.mcap")
    return path.read_bytes(), written


@settings(max_examples=60, deadline=None)
@given(part=st.floats(0, 1))
def test_a_file_cut_anywhere_gives_a_prefix_and_says_so(
    tmp_path_factory: pytest.TempPathFactory, whole: tuple[bytes, list[Packet]], part: float
) -> None:
    content, written = whole
    path = tmp_path_factory.mktemp("cut") / "cut-1.mcap"
    path.write_bytes(content[: int(part * len(content))])
    try:
        reading = log.read(path)
    except TocsinError as error:
        assert "no readable recording" in str(error)
        return
    found = list(reading)
    assert found == written[: len(found)]
    assert len(found) == len(written) or len(content) > path.stat().st_size


@settings(max_examples=100, deadline=None)
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_a_flipped_bit_never_gives_a_wrong_packet(
    tmp_path_factory: pytest.TempPathFactory, whole: tuple[bytes, list[Packet]], place: float, bit: int
) -> None:
    content, written = whole
    broken = bytearray(content)
    broken[int(place * len(content))] ^= 1 << bit
    path = tmp_path_factory.mktemp("flip") / "flip-1.mcap"
    path.write_bytes(broken)
    try:
        reading = log.read(path)
        found = list(reading)
    except TocsinError:
        return
    by_number = {packet.sequence: packet for packet in written}
    assert all(by_number[packet.sequence] == packet for packet in found)
    assert len(found) == len(written) or reading.findings


def test_a_missing_recording_and_a_wrong_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TocsinError, match="no such recording"):
        log.read(tmp_path / "nothing.mcap")
    wrong = tmp_path / "wrong.mcap"
    wrong.write_text("a poem")
    with pytest.raises(TocsinError, match="no readable recording"):
        log.read(wrong)


def test_another_schema_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segment, "SCHEMA", 9)
    record(tmp_path, [data()])
    with pytest.raises(TocsinError, match=r"schema 9; this program reads \(1,\)"):
        log.read(tmp_path)


def test_one_bad_file_in_a_folder_does_not_hide_the_others(tmp_path: Path) -> None:
    written = record(tmp_path, [data(), data()])
    (tmp_path / "20230101T000000Z-000000000009.mcap").write_bytes(bytes(500))  # as a power cut may leave it
    reading = log.read(tmp_path)
    assert list(reading) == written
    assert [(finding.what, finding.count) for finding in reading.findings] == [("bytes without a readable head", 500)]


def test_packets_recorded_twice_are_given_once(tmp_path: Path) -> None:
    written = record(tmp_path, [data(), data()])
    (path,) = tmp_path.glob("*.mcap")
    (tmp_path / "copy.mcap").write_bytes(path.read_bytes())
    reading = log.read(tmp_path)
    assert list(reading) == written
    assert (reading.repeated, reading.findings) == (2, [])
