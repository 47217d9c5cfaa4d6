import asyncio
import json
import socket
import struct
import threading
import time
from pathlib import Path

import pytest

from sapient_messages import unframed
from tocsin.cli.simulate import read_wire, send, simulate
from tocsin.model.errors import TocsinError
from tocsin.simulation.scenario import play, read_scenario
from unit.links.sapient.harness import OTHERS, Driven, context, errors

SCENARIO = """
name = "Test"
duration_s = 20.0
latitude_deg = -24.3
longitude_deg = 125.6
height_m = 430.0
chapter = [{ from_s = 0.0, starts = "2031-02-03T19:40:00Z" }]
[[sensor]]
name = "radar"
pose = { east_m = 10, north_m = 0, up_m = 5 }
[sensor.device]
kind = "radar"
[[sensor]]
name = "finder"
pose = { east_m = 10, north_m = 0, up_m = 5 }
[sensor.device]
kind = "direction-finder"
"""


@pytest.fixture
def scenario_file(tmp_path: Path) -> Path:
    path = tmp_path / "scenario.toml"
    path.write_text(SCENARIO)
    return path


def test_files_are_written_with_the_site_file_beside_the_scenario(scenario_file: Path, tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text("# a site\n")
    simulate(scenario_file, seed=3, out=tmp_path / "out")
    assert (tmp_path / "out" / "site.toml").read_text() == "# a site\n"
    assert (tmp_path / "out" / "radar.jsonl").stat().st_size > 0


def test_real_bytes_go_over_a_real_connection(scenario_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scenario, received = read_scenario(scenario_file), bytearray()

    def read(server: socket.socket) -> None:
        reader, _ = server.accept()
        with reader:
            while data := reader.recv(65536):
                received.extend(data)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=read, args=(server,))
        thread.start()
        wire = read_wire(f"radar=tcp://127.0.0.1:{server.getsockname()[1]}", scenario)
        asyncio.run(send(scenario, 3, [wire], speed_ratio=100.0))
        thread.join(10.0)
    sent = [packet.data for packet in play(scenario, 3, sensors={"radar"})]
    assert bytes(received) == b"".join(sent)
    assert capsys.readouterr().out == f"radar: {len(sent)} messages sent, 0 lost\n"


def test_a_sapient_node_registers_again_after_its_connection_was_cut(scenario_file: Path) -> None:
    scenario, connections = read_scenario(scenario_file), [bytearray(), bytearray()]

    def read(server: socket.socket) -> None:
        for number, received in enumerate(connections):
            reader, _ = server.accept()
            with reader:
                while data := reader.recv(65536):
                    received.extend(data)
                    if number == 0 and len(received) > 4000:
                        reader.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                        break  # a reset: the node is not told that we go

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=read, args=(server,))
        thread.start()
        wire = read_wire(f"radar=sapient+tcp://127.0.0.1:{server.getsockname()[1]}", scenario)
        asyncio.run(send(scenario, 3, [wire], speed_ratio=5.0))
        thread.join(10.0)
    link = Driven(context(OTHERS), gap_s=0.0)
    link.opened(2)
    contents = []
    for message in unframed(bytes(connections[1])):
        link.time_s = message.timestamp.ToNanoseconds() * 1e-9
        contents.append(message.WhichOneof("content"))
        assert errors(link.hear(message, connection=2)) in ([], ["(registration_ack)"])
    assert contents[:2] == ["registration", "status_report"]
    assert "registration" not in contents[2:] and len(contents) > 5


def test_a_datagram_is_a_message(scenario_file: Path) -> None:
    scenario = read_scenario(scenario_file)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as reader:
        reader.bind(("127.0.0.1", 0))
        reader.settimeout(10.0)
        wire = read_wire(f"finder=table+udp://127.0.0.1:{reader.getsockname()[1]}", scenario)
        asyncio.run(send(scenario, 3, [wire], speed_ratio=100.0))
        sent = [packet.data for packet in play(scenario, 3, sensors={"finder"})]
        assert [reader.recv(65536) for _ in sent] == sent


def test_a_story_can_begin_now(scenario_file: Path) -> None:
    scenario = read_scenario(scenario_file)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as reader:
        reader.bind(("127.0.0.1", 0))
        reader.settimeout(10.0)
        wire = read_wire(f"finder=table+udp://127.0.0.1:{reader.getsockname()[1]}", scenario)
        begun_s = time.time()
        counts = asyncio.run(send(scenario, 3, [wire], speed_ratio=100.0, now=True))
        rows = [json.loads(reader.recv(65536)) for _ in range(counts["finder"]["sent"])]
    told = [json.loads(packet.data) for packet in play(scenario, 3, sensors={"finder"})]
    shifts_s = [row["time"] - old["time"] for row, old in zip(rows, told, strict=True)]
    assert max(shifts_s) - min(shifts_s) < 1e-5
    assert begun_s <= shifts_s[0] + scenario.clock.utc_s(0.0) <= time.time()
    with pytest.raises(TocsinError, match="leave out --speed"):
        simulate(scenario_file, wire=["x"], speed_ratio=2.0, now=True)


def test_what_makes_no_sense_is_said(scenario_file: Path, tmp_path: Path) -> None:
    scenario = read_scenario(scenario_file)
    with pytest.raises(TocsinError, match="nothing to do"):
        simulate(scenario_file)
    with pytest.raises(TocsinError, match=r"missing\.toml"):
        simulate(scenario_file, out=tmp_path / "out", site=tmp_path / "missing.toml")
    for text, said in {
        "radar": "write SENSOR=",
        "radar=8701": "write SENSOR=",
        "sonar=udp://127.0.0.1:9": "no sensor 'sonar'; there are: radar, finder",
        "radar=morse+udp://127.0.0.1:9": "no format 'morse'; there are: table, sbs, beast, remote-id, asterix",
    }.items():
        with pytest.raises(TocsinError, match=said):
            read_wire(text, scenario)
    with pytest.raises(TocsinError, match="radar: transport"):
        simulate(scenario_file, wire=["radar=carrier-pigeon://127.0.0.1:9"])
