"""The same packets give the same files: in another process, and however the network cut the bytes."""

import random
import subprocess
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from program import command, environment
from shared_data import shared
from small_site import approach, row, site_text, small_site
from tocsin.config.site import Site, read_site
from tocsin.model.packet import Packet, PacketKind
from tocsin.service.files import RESULTS
from tocsin.service.play import as_live, numbered
from tocsin.service.replay import replay, run_packets
from tocsin.service.source import RawSource

SAME = tuple(name for name in RESULTS if name != "timings.json")
ICMCIS = Path(__file__).parent / "icmcis" / "site.toml"
TWO = small_site(radars=("radar", "second"))


def run(site: Site, packets: Sequence[Packet], out: Path) -> dict[str, bytes]:
    run_packets(site, packets, out)
    return {name: (out / name).read_bytes() for name in SAME}


def scene() -> list[Packet]:
    """Two radars that see one drone, several rows a packet, with rows that are broken, old or repeated among them."""
    packets: list[Packet] = []
    for k, packet in enumerate(approach(6)):
        late = row(packet.received_s - 1.5, 930.0 - 4.0 * k)
        extra = (b"", b"{\n", late, b'{"time": 0, "east": 1}\n', packet.data)[k % 5]
        packets.append(msgspec.structs.replace(packet, data=packet.data + extra))
        packets.append(msgspec.structs.replace(packet, source="second", connection=2, data=extra + packet.data))
    return list(numbered(as_live(TWO, packets, expected=("radar", "second")), exercise=True))


def cut(packets: Sequence[Packet], marks: Callable[[int], Iterable[int]]) -> Iterator[Packet]:
    """Each data packet cut at `marks(length)`; its received time, and the number that stands for it, is kept."""
    for packet in packets:
        if packet.kind != PacketKind.DATA:
            yield packet
            continue
        for start, end in pairwise([0, *marks(len(packet.data)), len(packet.data)]):
            yield msgspec.structs.replace(packet, data=packet.data[start:end])


def anywhere(seed: int) -> Callable[[int], Iterable[int]]:
    """Three cuts at places drawn from `seed`, ends included, so that pieces may be empty."""
    dice = random.Random(seed)
    return lambda length: sorted(dice.randint(0, length) for _ in range(3))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return run(TWO, scene(), tmp_path_factory.mktemp("whole"))


def test_the_scene_is_worth_cutting(whole: dict[str, bytes]) -> None:
    summary = msgspec.json.decode(whole["summary.json"])
    assert summary["track"]["confirmed"] >= 1
    assert summary["sensors"]["radar"]["broken"] > 0
    assert summary["sensors"]["radar"]["repeated"] + summary["collect"]["repeats"] > 0
    assert whole["alerts.jsonl"]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32 - 1))
def test_bytes_cut_at_other_places_give_the_same_files(
    whole: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    assert run(TWO, list(cut(scene(), anywhere(seed))), tmp_path_factory.mktemp("cut")) == whole


def test_every_byte_alone_gives_the_same_files(whole: dict[str, bytes], tmp_path: Path) -> None:
    assert run(TWO, list(cut(scene(), lambda length: range(1, length))), tmp_path) == whole


def test_a_recorded_radar_cut_at_other_places_gives_the_same_files(tmp_path: Path) -> None:
    site = read_site(ICMCIS)
    file = shared("data/icmcis_cuas/Scenario_1_1/ALVIRA_scenario.csv.gz")
    packets = list(RawSource(site, [file]).packets())
    assert run(site, list(cut(packets, anywhere(1))), tmp_path / "cut") == run(site, packets, tmp_path / "whole")


def replayed(folder: Path, site: Path, inputs: Sequence[Path]) -> list[dict[str, bytes]]:
    """The files of a replay in this process, and in another with another hash seed and the inputs the other way."""
    replay(read_site(site), inputs, folder / "here")
    line = command("replay", *map(str, reversed(inputs)), "--site", str(site), "--out", str(folder / "there"))
    other = environment(PYTHONHASHSEED="4711")
    done = subprocess.run(line, capture_output=True, text=True, env=other, check=False)
    assert done.returncode == 0, done.stderr
    return [{name: (folder / out / name).read_bytes() for name in SAME} for out in ("here", "there")]


def test_another_process_writes_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text(site_text(radars=("radar", "second")), encoding="utf-8")
    files = [tmp_path / "radar.jsonl", tmp_path / "second.jsonl"]
    for file in files:
        file.write_bytes(b"".join(packet.data for packet in scene() if packet.source == file.stem))
    here, there = replayed(tmp_path, tmp_path / "site.toml", files)
    assert here == there


def test_another_process_writes_the_same_bytes_of_a_whole_trial(tmp_path: Path) -> None:
    folder = shared("data/icmcis_cuas/Scenario_1_3")
    files = [file for file in sorted(folder.iterdir()) if not file.name.startswith(("truth", "SOURCE"))]
    here, there = replayed(tmp_path, ICMCIS, files)
    assert here == there
    assert msgspec.json.decode(here["summary.json"])["track"]["confirmed"] > 0
