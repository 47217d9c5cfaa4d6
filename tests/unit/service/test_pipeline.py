"""The line: what each kind of packet does, and that neither the cut of the bytes nor the end adds anything."""

import msgspec
import pytest

from small_site import START_S, approach, row, small_site
from tocsin.model.claim import Claim
from tocsin.model.command import Command, CommandKind
from tocsin.model.packet import Packet, PacketKind
from tocsin.model.sensor import Health, Reply
from tocsin.model.track import TrackStatus
from tocsin.recording.log import SOURCE as RECORDING
from tocsin.service.pipeline import PICTURE_PERIOD_S, Line, LineOutput
from tocsin.service.play import as_live, numbered


def run(line: Line, packets) -> list[LineOutput]:
    return [line.step(packet) for packet in numbered(packets, exercise=False)]


@pytest.fixture(scope="module")
def outputs() -> list[LineOutput]:
    site = small_site()
    return run(Line(site), as_live(site, approach()))


def test_a_drone_is_tracked_and_warned_of(outputs: list[LineOutput]) -> None:
    pictures = [output.picture for output in outputs if output.picture is not None]
    statuses = {status for picture in pictures for status in picture.tracks.status.tolist()}
    assert TrackStatus.CONFIRMED in statuses
    alerts = [alert for output in outputs for alert in output.alerts]
    assert alerts[0].key.rule == "drone approaches"
    assert alerts[0].key.place == "pier head"


def test_everything_derived_names_its_packet(outputs: list[LineOutput]) -> None:
    for output in outputs:
        assert {detection.packet for detection in output.detections} <= {output.packet.sequence}
        if output.picture is not None:
            assert output.picture.sequence == output.packet.sequence
            assert output.picture.time_s == output.time_s


def test_the_picture_is_never_older_than_its_period(outputs: list[LineOutput]) -> None:
    times = [output.time_s for output in outputs if output.picture is not None]
    assert max(after - before for before, after in zip(times, times[1:], strict=False)) <= PICTURE_PERIOD_S + 0.11


def test_time_never_runs_backwards() -> None:
    line = Line(small_site())
    packets = [Packet(PacketKind.TICK, "clock", time_s) for time_s in (START_S + 5.0, START_S, float("nan"))]
    assert [output.time_s for output in run(line, packets)] == [START_S + 5.0] * 3


def test_every_scan_reaches_the_alerts_one_by_one() -> None:
    """One packet with many rows is as many packets with one row."""
    site = small_site()
    bursts = list(approach())
    together = msgspec.structs.replace(
        bursts[-1], received_s=START_S + 10.0, data=b"".join(packet.data for packet in bursts)
    )
    apart = [msgspec.structs.replace(packet, received_s=START_S + 10.0) for packet in bursts]
    found = []
    for packets in ([together], apart):
        line = Line(site)
        outputs = [line.step(msgspec.structs.replace(packet, sequence=7)) for packet in packets]
        outputs.append(line.step(Packet(PacketKind.TICK, "clock", START_S + 11.0, sequence=8)))
        found.append(
            (
                [alert for output in outputs for alert in output.alerts],
                [d for output in outputs for d in output.detections],
                [rows.tracks.uid for output in outputs for rows in output.rows],
                line.summary(),
            )
        )
    assert found[0] == found[1]


def test_finish_gives_rows_and_tells_nobody_anything() -> None:
    site = small_site()
    line = Line(site)
    run(line, as_live(site, approach(), expected=["radar"]))
    line.step(Packet(PacketKind.DATA, "radar", line.time_s, row(line.time_s, 100.0), sequence=99, connection=1))
    before_s = line.time_s
    last = line.finish()
    assert last.rows
    assert {rows.tracks.known_s for rows in last.rows} == {before_s}
    assert (last.time_s, last.alerts, last.statuses, last.picture) == (before_s, (), (), None)


def test_a_silent_sensor_is_told_of_and_heard_again() -> None:
    line = Line(small_site())
    opened = Packet(PacketKind.OPENED, "radar", START_S)
    ticks = [Packet(PacketKind.TICK, "clock", START_S + k) for k in range(1, 6)]
    again = Packet(PacketKind.DATA, "radar", START_S + 6.0, row(START_S + 6.0, 900.0))
    outputs = run(line, [opened, *ticks, again])
    told = [status.health for output in outputs for status in output.statuses]
    assert told == [Health.OK, Health.SILENT, Health.OK]
    assert [alert.key.rule for output in outputs for alert in output.alerts][:1] == ["sensor silent"]


def test_a_recording_that_fails_is_an_alert() -> None:
    line = Line(small_site())
    (output,) = run(line, [Packet(PacketKind.CLOSED, RECORDING, START_S, b"nothing is recorded: disk full")])
    assert [(status.sensor, status.health) for status in output.statuses] == [(RECORDING, Health.FAULT)]
    assert "disk full" in output.alerts[0].message


def test_commands_are_answered_and_unreadable_ones_counted() -> None:
    line = Line(small_site())
    command = Command("c1", CommandKind.ACKNOWLEDGE, "night shift", target="none")
    packets = [
        Packet(PacketKind.COMMAND, "operator", START_S, msgspec.json.encode(command)),
        Packet(PacketKind.COMMAND, "operator", START_S, b"{"),
        Packet(PacketKind.COMMAND, "operator", START_S, b"\xff"),
    ]
    first, *others = run(line, packets)
    assert first.commands == (command,)
    assert [(answer.id, answer.accepted) for answer in first.answers] == [("c1", False)]
    assert all(not output.commands for output in others)
    assert line.summary()["line"]["commands_unreadable"] == 2


def test_what_nobody_reads_is_counted() -> None:
    line = Line(small_site())
    run(line, [Packet(PacketKind.DATA, "stranger", START_S, b"12345"), Packet(PacketKind.SITE, "site", START_S)])
    assert line.summary()["line"] == {"bytes_of_unknown_source": 5, "data_bytes": 5, "packets_site": 1}


class FakeDecoder:
    """Yields what a test puts in."""

    def __init__(self, *items) -> None:
        self.items = items

    def decode(self, packet):
        return self.items if packet.kind == PacketKind.DATA else ()

    def on_tick(self, time_s):
        return ()

    def statistics(self):
        return {}


def test_claims_wait_for_the_next_tick_and_replies_go_out(monkeypatch: pytest.MonkeyPatch) -> None:
    claim, reply = Claim("remote-id", "X1", "radar", START_S, START_S), Reply("radar", 1, b"ok")
    monkeypatch.setattr("tocsin.service.pipeline.sensor_decoder", lambda site, sensor: FakeDecoder(claim, claim, reply))
    line = Line(small_site())
    line.step(Packet(PacketKind.TICK, "clock", START_S))
    data = line.step(Packet(PacketKind.DATA, "radar", START_S + 0.01, b"x"))
    assert data.picture is None
    assert data.replies == (reply,)
    assert line.step(Packet(PacketKind.TICK, "clock", START_S + 0.1)).picture is not None
    assert line.summary()["identify"]["claims"] == 2


def test_exercise_goes_with_all_that_follows() -> None:
    line = Line(small_site())
    outputs = [
        line.step(Packet(PacketKind.TICK, "clock", START_S)),
        line.step(Packet(PacketKind.DATA, "radar", START_S + 0.1, exercise=True)),
        line.step(Packet(PacketKind.TICK, "clock", START_S + 1.0)),
    ]
    assert [output.exercise for output in outputs] == [False, True, True]
    assert outputs[2].picture is not None
    assert outputs[2].picture.exercise
