"""Two sites joined by SAPIENT: one's radar is an edge node of the other, whose fused picture goes on to a consumer.

The lines are stepped in turn with a tenth of a second between them, and what one says is the other's next packet.
"""

from collections.abc import Iterable
from pathlib import Path

import msgspec
import pytest

from own_adapters import know_own_adapters
from sapient_messages import unframed
from small_site import START_S, row, small_site
from tocsin.config.site import Site, parse_site
from tocsin.model.command import Command, CommandAnswer, CommandKind
from tocsin.model.packet import Packet, PacketKind
from tocsin.model.sensor import Health
from tocsin.service.pipeline import Line, LineOutput

NODE = "a8654cdf-4328-47de-81fa-c495589e30c9"
FEED = f"""
[[link]]
name = "feed"
adapter = "sapient"
tracks = false
alerts = false
reports_of = ["radar"]
settings = {{ role = "edge", node_id = "{NODE}", node_type = "radar", interval_s = 0.2 }}
"""
TOWN = f"""
[site]
name = "Town"
latitude_deg = 54.61
longitude_deg = 18.81
height_m = 40.0

[[sensor]]
name = "pier radar"
link = "nodes"
node = "{NODE}"
pose = {{ latitude_deg = 54.6, longitude_deg = 18.8, height_m = 40.0 }}
view = {{ range_m = [0.0, 5000.0] }}
scan = {{ rule = "gap", period_s = 0.1 }}
track = {{ false_per_look = 0.05 }}
silent_after_s = 3.0

[[link]]
name = "nodes"
adapter = "sapient"
settings = {{ role = "server" }}

[[link]]
name = "up"
adapter = "sapient"
settings = {{ role = "fusion", register = false }}

[[asset]]
name = "hall"
position = {{ latitude_deg = 54.6, longitude_deg = 18.8, height_m = 40.0 }}
radius_m = 100.0
reaction_s = 20.0

[[rule]]
name = "drone approaches"
when = "enters"
within_s = 60.0
"""


class Side:
    """One site's line; `outbox` holds what it has said by link since it was emptied."""

    def __init__(self, site: Site) -> None:
        self.line = Line(site)
        self.outputs: list[LineOutput] = []
        self.outbox: dict[str, list[bytes]] = {}
        self._sequence = 0

    def step(self, kind: PacketKind, source: str, time_s: float, data: bytes = b"", connection: int = 1) -> None:
        self._sequence += 1
        packet = Packet(kind, source, time_s, data, self._sequence, connection)
        output = self.line.step(packet)
        self.outputs.append(output)
        for reply in output.replies:
            self.outbox.setdefault(reply.source, []).append(reply.data)

    def taken(self, link: str) -> list[bytes]:
        return self.outbox.pop(link, [])


@pytest.fixture
def sides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Side, Side]:
    know_own_adapters(tmp_path, monkeypatch)
    return Side(small_site(FEED)), Side(parse_site(TOWN))


def carry(time_s: float, pier: Side, town: Side) -> None:
    """Let each hear what the other has said, until both are quiet."""
    while pier.outbox.get("feed") or town.outbox.get("nodes"):
        for data in pier.taken("feed"):
            town.step(PacketKind.DATA, "nodes", time_s, data)
        for data in town.taken("nodes"):
            pier.step(PacketKind.DATA, "feed", time_s, data)


def fly(sides: tuple[Side, Side], seconds: int) -> list[bytes]:
    """A drone comes down on the pier for so long; returns what the consumer was sent."""
    pier, town = sides
    told: list[bytes] = []
    for side, link in ((pier, "feed"), (town, "nodes"), (town, "up")):
        side.step(PacketKind.OPENED, link, START_S)
    for k in range(10 * seconds):
        time_s = START_S + 0.1 * k
        if k % 2 == 0:
            pier.step(PacketKind.DATA, "radar", time_s, row(time_s, 900.0 - 2.0 * k))
        for side in sides:
            side.step(PacketKind.TICK, "clock", time_s, connection=0)
        carry(time_s, pier, town)
        told += town.taken("up")
    return told


def test_a_radar_there_is_a_track_here_and_a_fused_report_beyond(sides: tuple[Side, Side]) -> None:
    pier, town = sides
    told = [one for data in fly(sides, 8) for one in unframed(data)]
    summary = town.line.summary()["links"]
    assert summary["nodes"]["problems"]["total"] == 0
    assert summary["nodes"]["nodes"] == {NODE: "Test pier: feed"}
    assert pier.line.summary()["links"]["feed"]["problems"]["total"] == 0
    assert "errors_received" not in pier.line.summary()["links"]["feed"]
    there, here = (next(o.picture for o in reversed(side.outputs) if o.picture is not None) for side in sides)
    assert (len(there.tracks), len(here.tracks)) == (1, 1)
    assert here.tracks.position_enu_m[0, 0] == pytest.approx(-640.0, abs=25.0)  # the pier is west of the town
    reports = [one for one in told if one.WhichOneof("content") == "detection_report"]
    assert len(reports) >= 5
    assert len({one.detection_report.object_id for one in reports}) == 1
    parents = {found.node_id for one in reports[1:] for found in one.detection_report.associated_detection}
    assert parents == {NODE}
    alerts = [one.alert for one in told if one.WhichOneof("content") == "alert"]
    assert len({one.alert_id for one in alerts}) == 1
    assert [found.object_id for found in alerts[0].associated_detection] == [reports[0].detection_report.object_id]


def test_the_end_of_one_site_is_known_at_the_other(sides: tuple[Side, Side]) -> None:
    pier, town = sides
    fly(sides, 1)
    time_s = START_S + 1.0
    pier.step(PacketKind.CLOSED, "feed", time_s, b"the site stops", connection=0)
    carry(time_s, pier, town)
    town.step(PacketKind.CLOSED, "nodes", time_s, b"closed by the peer")
    last = [status for output in town.outputs for status in output.statuses if status.sensor == "pier radar"][-1]
    assert (last.health, last.reason) == (Health.OFF, "says: goodbye")


def test_a_node_that_goes_without_a_word_is_silent_and_heard_again(sides: tuple[Side, Side]) -> None:
    pier, town = sides
    fly(sides, 1)
    for side, link in ((pier, "feed"), (town, "nodes")):
        side.step(PacketKind.CLOSED, link, START_S + 1.0, b"reset")
    assert statuses(town.outputs[-1:]) == [(Health.SILENT, "its connection ended without a goodbye")]
    pier.outbox.clear()
    for side, link in ((pier, "feed"), (town, "nodes")):
        side.step(PacketKind.OPENED, link, START_S + 9.0, connection=2)
    for data in pier.taken("feed"):
        town.step(PacketKind.DATA, "nodes", START_S + 9.0, data, connection=2)
    assert statuses(town.outputs)[-1] == (Health.OK, "Test pier: feed registered")


def statuses(outputs: Iterable[LineOutput]) -> list[tuple[Health, str]]:
    found = [status for output in outputs for status in output.statuses if status.sensor == "pier radar"]
    return [(status.health, status.reason) for status in found]


def test_the_same_packets_give_the_same_replies(sides: tuple[Side, Side]) -> None:
    fly(sides, 2)
    for side in sides:
        again = Line(side.line.site)
        replies = [again.step(output.packet).replies for output in side.outputs]
        assert replies == [output.replies for output in side.outputs]


def test_a_person_here_tells_the_radar_there_to_stop(sides: tuple[Side, Side]) -> None:
    pier, town = sides
    fly(sides, 2)
    time_s, sent = START_S + 2.0, pier.line.summary()["links"]["feed"]["reports_sent"]

    def asked(name: str, value: str) -> tuple[CommandAnswer, ...]:
        command = Command(name, CommandKind.TASK_SENSOR, "Nowak", "pier radar", value, "dazzles the airport")
        town.step(PacketKind.COMMAND, "operator", time_s, msgspec.json.encode(command), connection=0)
        return town.outputs[-1].answers

    assert [one.accepted for one in asked("c1", '{"request": "stop"}')] == [True]
    carry(time_s, pier, town)
    told = [one.reason for output in town.outputs for one in output.statuses if one.sensor == "nodes"]
    assert told[-1] == "pier radar completed request stop"
    (refusal,) = asked("c2", '{"look_at": {"azimuth_deg": 90.0}}')
    assert refusal.reason.startswith("task.command.look_at: is not in the registration")
    assert "feed" not in pier.outbox and "nodes" not in town.outbox
    for k in range(20):
        pier.step(PacketKind.DATA, "radar", time_s + 0.1 * k, row(time_s + 0.1 * k, 800.0 - 2.0 * k))
        pier.step(PacketKind.TICK, "clock", time_s + 0.1 * k, connection=0)
    assert pier.line.summary()["links"]["feed"]["reports_sent"] == sent
