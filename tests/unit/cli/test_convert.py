import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tocsin.cli.program import build
from tocsin.model.errors import TocsinError
from tocsin.sensors import adsb, remote_id

SAMPLES = Path(remote_id.__file__).parent / "samples"
PIER = Path(adsb.__file__).parent / "samples"


def run(*arguments: str) -> str:
    result = CliRunner().invoke(build(["convert"]), ["convert", *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stderr


def test_a_capture_becomes_points(tmp_path: Path) -> None:
    told = run(str(SAMPLES / "transmissions.pcap"), str(tmp_path / "out.geojson"))
    found = json.loads((tmp_path / "out.geojson").read_text("utf-8"))
    assert found["type"] == "FeatureCollection"
    first = found["features"][0]
    assert first["geometry"] == {"type": "Point", "coordinates": [18.79, 54.61, 118.5]}
    assert first["properties"]["id"] == "TCSN7SAMPLE0001"
    assert first["properties"]["time"] == "2026-03-01T10:00:01.200Z"
    assert "remote-id-capture, 4 positions" in told
    assert "refused, frame: wrong checksum: 1" in told


def test_standard_output_takes_it_too() -> None:
    result = CliRunner().invoke(build(["convert"]), ["convert", str(PIER / "pier.json"), "-"], catch_exceptions=False)
    assert len(json.loads(result.stdout)["features"]) == 3


def test_the_place_of_the_receiver_resolves_what_needs_it(tmp_path: Path) -> None:
    source, out = str(PIER / "pier.beast"), tmp_path / "out.geojson"
    run(source, str(out))
    assert len(json.loads(out.read_text())["features"]) == 2
    assert "times are null" in run(source, str(out), "--at", "54.6,18.8,41")
    assert len(json.loads(out.read_text())["features"]) == 3


@pytest.mark.parametrize("at", ["54.6", "north,east", "95,10", "1,2,3,4", "54.6,18.8,inf"])
def test_a_place_that_is_none_is_refused(tmp_path: Path, at: str) -> None:
    with pytest.raises(TocsinError, match="--at"):
        run(str(PIER / "pier.json"), str(tmp_path / "out"), "--at", at)


def test_a_file_of_no_known_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear reader,\n")
    with pytest.raises(TocsinError, match="of no known kind"):
        run(str(tmp_path / "letter.txt"), str(tmp_path / "out"))
    with pytest.raises(TocsinError, match="letter"):
        run(str(tmp_path / "letter.txt"), str(tmp_path / "out"), "--as", "letter")


def test_the_source_is_never_written_over(tmp_path: Path) -> None:
    source = tmp_path / "pier.json"
    source.write_bytes((PIER / "pier.json").read_bytes())
    (tmp_path / "link.json").symlink_to(source)
    for out in (source, tmp_path / "link.json"):
        with pytest.raises(TocsinError, match="is what to read"):
            run(str(source), str(out))
    assert source.read_bytes() == (PIER / "pier.json").read_bytes()


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    for out in (tmp_path, tmp_path / "none" / "out.geojson"):
        with pytest.raises(TocsinError, match=str(out)):
            run(str(PIER / "pier.json"), str(out))


@pytest.mark.parametrize("text", ["[" * 200_000, '{"type":' * 100_000])
def test_json_of_any_depth_is_refused_in_words(tmp_path: Path, text: str) -> None:
    (tmp_path / "deep.json").write_text(text)
    for kind in ((), ("--as", "ed-318")):
        with pytest.raises(TocsinError, match="deep.json"):
            run(str(tmp_path / "deep.json"), str(tmp_path / "out"), *kind)
    for name in ("aircraft-json", "courageous"):  # a stream may still become one: its bytes are told
        assert "0 positions" in run(str(tmp_path / "deep.json"), str(tmp_path / "out"), "--as", name)
