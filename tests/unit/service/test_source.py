"""The source of a replay: raw files in their order, whatever is wrong with them said; recordings with their site."""

import gzip
from pathlib import Path

import pytest

from small_site import START_S, approach, row, rows, site_text, small_site
from tocsin.config.site import Site, parse_site
from tocsin.model.errors import TocsinError
from tocsin.model.packet import Packet, PacketKind
from tocsin.recording.log import Recorder
from tocsin.recording.settings import Settings
from tocsin.service.source import RecordedSource, open_input

TWO = small_site(radars=("radar", "second"))


def taken(site: Site | None, *inputs: Path) -> tuple[list[Packet], list[str]]:
    source = open_input(site, inputs)
    packets = list(source.packets())
    return packets, source.notes()


def data(packets: list[Packet]) -> bytes:
    return b"".join(packet.data for packet in packets if packet.kind == PacketKind.DATA)


def record(folder: Path, packets: list[Packet], **changes: float) -> None:
    with Recorder(Settings(folder=str(folder), **changes), {}) as recorder:
        for packet in packets:
            recorder.submit(packet)


def test_files_are_merged_by_receipt_then_by_sensor(tmp_path: Path) -> None:
    for name in ("second", "radar"):
        (tmp_path / f"{name}.jsonl").write_bytes(rows(2))
    packets, _ = taken(TWO, tmp_path)
    assert packets[0].kind == PacketKind.SITE
    assert [packet.sequence for packet in packets] == list(range(1, len(packets) + 1))
    assert all(packet.exercise for packet in packets)
    sources = [packet.source for packet in packets if packet.kind == PacketKind.DATA]
    assert sources == ["radar", "second"] * 10
    ticks = [packet.received_s for packet in packets if packet.kind == PacketKind.TICK]
    assert ticks[-1] == pytest.approx(START_S + 1.8 + 2.0 + 5.0, abs=0.1)


def test_the_order_of_inputs_does_not_matter(tmp_path: Path) -> None:
    files = [tmp_path / "second.json", tmp_path / "radar-b.json", tmp_path / "radar-a.json"]
    for k, file in enumerate(files):
        file.write_bytes(rows(2 + k))
    assert taken(TWO, *files) == taken(TWO, *reversed(files))


@pytest.mark.parametrize("packed", [False, True])
def test_a_file_given_twice_counts_once(tmp_path: Path, packed: bool) -> None:
    (tmp_path / "radar.json").write_bytes(rows(2))
    if packed:
        (tmp_path / "radar.json.gz").write_bytes(gzip.compress(rows(2)))
    else:
        (tmp_path / "radar-copy.json").write_bytes(rows(2))
    packets, notes = taken(small_site(), tmp_path, tmp_path / "radar.json")
    assert data(packets) == rows(2)
    assert any("radar" in note and "same" in note for note in notes)


def test_two_sensors_may_say_the_same(tmp_path: Path) -> None:
    (tmp_path / "radar.json").write_bytes(rows(1))
    (tmp_path / "second.json").write_bytes(rows(1))
    packets, notes = taken(TWO, tmp_path)
    assert data(packets).count(b"\n") == 10
    assert notes == []


def test_an_empty_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "radar.json").write_bytes(b"")
    packets, notes = taken(small_site(), tmp_path / "radar.json")
    assert packets == []
    assert notes == ["radar.json: file: no rows"]


def test_what_cannot_be_used_is_refused_with_its_name(tmp_path: Path) -> None:
    site = small_site()
    (tmp_path / "sonar.json").write_bytes(rows(1))
    (tmp_path / "empty").mkdir()
    (tmp_path / "radar.json").mkdir()
    for path, said in {
        "missing.json": "missing.json: no such file or folder",
        "sonar.json": r"sonar.json: no sensor matches this file name, expected one of: radar: radar\*.json\*",
        "empty": "empty: no file in it matches a sensor",
        "radar.json": "radar.json: no file in it matches a sensor",
    }.items():
        with pytest.raises(TocsinError, match=said):
            open_input(site, [tmp_path / path])
    with pytest.raises(TocsinError, match="name the site file with --site"):
        open_input(None, [tmp_path / "sonar.json"])


def test_a_name_that_two_sensors_claim_is_refused(tmp_path: Path) -> None:
    site = parse_site(site_text(radars=("radar", "radar-b")))
    (tmp_path / "radar-b.json").write_bytes(rows(1))
    with pytest.raises(TocsinError, match="radar, radar-b matches"):
        open_input(site, [tmp_path])


def test_a_wrong_column_name_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "radar.json").write_bytes(rows(1).replace(b'"north"', b'"nort"'))
    with pytest.raises(TocsinError, match="radar.json: .*north"):
        open_input(small_site(), [tmp_path / "radar.json"])


def test_a_recording_brings_its_site(tmp_path: Path) -> None:
    site = small_site()
    packets = [Packet(PacketKind.SITE, "site", START_S, site.text.encode()), *approach(1)]
    record(tmp_path / "run" / "recordings", packets)
    for given in (tmp_path / "run", tmp_path / "run" / "recordings", *(tmp_path / "run" / "recordings").iterdir()):
        got, notes = taken(None, given)
        assert [packet.data for packet in got] == [packet.data for packet in packets]
        assert notes == []
    source = open_input(None, [tmp_path / "run"])
    assert isinstance(source, RecordedSource)
    assert source.site == site
    _, notes = taken(TWO, tmp_path / "run")
    assert notes == ["the site file differs from the one in force when the recording was made"]


def test_a_later_part_of_a_recording_knows_its_site_too(tmp_path: Path) -> None:
    site = small_site()
    record(tmp_path, [Packet(PacketKind.SITE, "site", START_S, site.text.encode()), *approach(4)], rotate_s=1.0)
    *_, last = sorted(tmp_path.glob("*.mcap"))
    assert open_input(None, [last]).site == site


def test_a_site_file_that_changed_on_the_way_is_noted(tmp_path: Path) -> None:
    first, other = small_site(), small_site(radars=("radar", "second"))
    sites = [Packet(PacketKind.SITE, "site", START_S, site.text.encode()) for site in (first, other)]
    record(tmp_path, sites)
    packets, notes = taken(None, tmp_path)
    assert len(packets) == 2
    assert notes == ["packet 2 brought another site file, which was not taken"]


def test_what_a_recording_lost_is_noted_without_its_folder(tmp_path: Path) -> None:
    site = small_site()
    record(tmp_path, [Packet(PacketKind.SITE, "site", START_S, site.text.encode()), *approach(4)], rotate_s=1.0)
    files = sorted(tmp_path.glob("*.mcap"))
    middle = files[len(files) // 2]
    content = bytearray(middle.read_bytes())
    frame = content.index(b"\x28\xb5\x2f\xfd")  # a chunk's zstd frame
    content[frame + 20 : frame + 60] = bytes(40)
    middle.write_bytes(content)
    packets, notes = taken(None, tmp_path)
    assert 0 < len(packets) < 21
    assert notes
    assert all(note.startswith(tuple(file.name for file in files)) for note in notes)
    assert taken(None, tmp_path)[1] == notes


def test_a_recording_given_twice_is_taken_once(tmp_path: Path) -> None:
    site = small_site()
    record(tmp_path, [Packet(PacketKind.SITE, "site", START_S, site.text.encode()), *approach(1)])
    (file,) = tmp_path.glob("*.mcap")
    packets, notes = taken(None, tmp_path, file)
    assert len(packets) == 6
    assert notes == ["6 packets stood in the recording more than once and were taken once"]


def test_two_runs_in_one_folder_are_noted(tmp_path: Path) -> None:
    site = Packet(PacketKind.SITE, "site", START_S, small_site().text.encode())
    record(tmp_path, [site])
    record(tmp_path, [site])
    assert taken(None, tmp_path)[1] == ["the recording holds 2 runs of the program; they were replayed as one"]


def test_a_recording_without_a_site_asks_for_one(tmp_path: Path) -> None:
    record(tmp_path, list(approach(1)))
    with pytest.raises(TocsinError, match="holds no site file; name one with --site"):
        open_input(None, [tmp_path])
    assert len(taken(small_site(), tmp_path)[0]) == 5


def test_recordings_and_raw_files_do_not_mix(tmp_path: Path) -> None:
    record(tmp_path / "rec", list(approach(1)))
    (tmp_path / "radar.json").write_bytes(row(START_S, 900.0))
    with pytest.raises(TocsinError, match="cannot be replayed together"):
        open_input(small_site(), [tmp_path / "rec", tmp_path / "radar.json"])
