"""Links of a line: who is told what, with a link that writes down all that it hears."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar

import msgspec
import numpy as np
import pytest

from picture_builder import picture
from run_builder import alert
from small_site import START_S, small_site
from tocsin.config.site import SiteError
from tocsin.model.adapter import AdapterContext, AdapterInfo, Decoded, Grade
from tocsin.model.command import Command, CommandAnswer, CommandKind
from tocsin.model.detection import Detection, MeasurementKind
from tocsin.model.packet import Packet, PacketKind
from tocsin.model.picture import Picture
from tocsin.model.sensor import Health, Reply, SensorStatus
from tocsin.service.links import Links
from tocsin.service.pipeline import Line, LineOutput

LINK = '[[link]]\nname = "{name}"\nadapter = "listener"\n{more}\n'
HEARD = '[[sensor]]\nname = "far"\nlink = "{link}"\n{more}\npose = {{ east_m = 0.0, north_m = 0.0 }}\n'
PLOT = Detection("radar", MeasurementKind.POSITION_2D, START_S, START_S, (0.0, 0.0), (1.0, 0.0, 0.0, 1.0))


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """None."""


class Listener:
    """Answers each thing it is told with its class's name; bytes on it are names of its sensor's health."""

    info: ClassVar[AdapterInfo] = AdapterInfo("listener", "", "", Grade.FIELD)
    Settings: ClassVar[type[Settings]] = Settings
    emits: ClassVar[tuple[str, ...]] = ()
    told: ClassVar[list[AdapterContext]] = []

    def __init__(self, settings: Settings, context: AdapterContext) -> None:
        self._name = context.name
        Listener.told.append(context)

    def decode(self, packet: Packet) -> Iterable[Decoded]:
        if packet.kind is PacketKind.DATA:
            yield SensorStatus("far", packet.received_s, Health(packet.data.decode()))

    def encode(self, item: Any) -> Iterable[Reply]:
        size = len(item.tracks) if isinstance(item, Picture) else 1
        yield Reply(self._name, 1, f"{type(item).__name__} {size}".encode())

    def on_tick(self, time_s: float) -> Iterable[Decoded]:
        yield Reply(self._name, 1, b"tick")

    def statistics(self) -> Mapping[str, Any]:
        return {"mine": 1}


@pytest.fixture(autouse=True)
def listener(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    metadata = tmp_path / "listener-0.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: listener\nVersion: 0.0\n", encoding="utf-8")
    (metadata / "entry_points.txt").write_text(f"[tocsin.links]\nlistener = {__name__}:Listener\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)


def said(replies: Iterable[Reply]) -> list[tuple[str, str]]:
    return [(reply.source, reply.data.decode()) for reply in replies]


def test_each_link_is_told_what_its_table_lets_it_have() -> None:
    one = LINK.format(name="a", more='reports_of = ["radar"]\nalerts = false')
    two = LINK.format(name="b", more='tracks = false\nnot_from = ["radar"]')
    links = Links(small_site(one, two))
    assert links.names == {"a", "b"}
    assert said(links.picture(picture(START_S))) == [("a", "Picture 1")]
    assert said(links.alerts([alert(), alert()])) == [("b", "Alert 1")] * 2
    assert said(links.report(PLOT)) == [("a", "Detection 1")]
    assert said(links.report(msgspec.structs.replace(PLOT, sensor="other"))) == []
    assert links.statistics() == {"a": {"mine": 1, "bytes_out": 20}, "b": {"mine": 1, "bytes_out": 14}}


def test_tracks_of_a_partner_alone_stay_here() -> None:
    links = Links(small_site(LINK.format(name="a", more='not_from = ["radar"]')))
    shown = picture(START_S, ("u", "v"), sensors=("radar", "own"))
    shown.tracks.sensor_bits[:] = np.array([1, 3])
    assert said(links.picture(shown)) == [("a", "Picture 1")]


def test_a_link_knows_the_site_and_its_sensors() -> None:
    small_site(LINK.format(name="a", more=""), HEARD.format(link="a", more='node = "n1"'))
    told = Listener.told[-1]
    assert (told.name, told.site, told.seed) == ("a", "Test pier", "Test pier")
    assert [(sensor.name, sensor.link, sensor.node) for sensor in told.sensors] == [
        ("radar", "", ""),
        ("far", "a", "n1"),
    ]


def test_what_a_link_says_of_a_sensor_counts_as_hearing_it() -> None:
    line = Line(small_site(LINK.format(name="a", more=""), HEARD.format(link="a", more="silent_after_s = 1.0")))
    line.step(Packet(PacketKind.OPENED, "far", START_S))
    quiet = line.step(Packet(PacketKind.TICK, "clock", START_S + 2.0))
    assert [(one.sensor, one.health) for one in quiet.statuses] == [("far", Health.SILENT)]
    assert said(quiet.replies)[-2:] == [("a", "tick"), ("a", "Picture 0")]
    heard = line.step(Packet(PacketKind.DATA, "a", START_S + 3.0, b"degraded", connection=1))
    assert [one.health for one in heard.statuses if one.sensor == "far"] == [Health.OK, Health.DEGRADED]
    assert "bytes_of_unknown_source" not in line.summary()["line"]


@pytest.mark.parametrize(
    ("tables", "reason"),
    [
        (HEARD.format(link="a", more=""), 'sensor[2] "far": link: no link is named "a"'),
        (
            LINK.format(name="a", more="") + HEARD.format(link="a", more='adapter = "table"'),
            'sensor[2] "far": give either adapter or link',
        ),
        (
            LINK.format(name="a", more="") + HEARD.format(link="a", more='files = "*"'),
            'sensor[2] "far": files: belongs to the link, by which this sensor is heard',
        ),
        (
            LINK.format(name="a", more="")
            + HEARD.format(link="a", more="")
            + HEARD.format(link="a", more="").replace("far", "too"),
            'sensor[3] "too": node: is heard as far already',
        ),
        (LINK.format(name="a", more='reports_of = ["x"]'), 'link[1] "a": reports_of[1]: no sensor is named "x"'),
        (LINK.format(name="radar", more=""), 'link[1] "radar": name: is the name of sensor[1] already'),
        (LINK.format(name="a", more="settings = { x = 1 }"), 'link[1] "a": settings.x: unknown key'),
    ],
)
def test_what_a_site_file_may_not_say(tables: str, reason: str) -> None:
    with pytest.raises(SiteError) as caught:
        small_site(tables)
    assert reason in str(caught.value)


class Tasked(Listener):
    """Takes tasks, and says so."""

    def task(self, command: Command, time_s: float) -> Iterable[Reply | CommandAnswer]:
        yield Reply(self._name, 1, b"task")
        yield CommandAnswer(command.id, True, "sent", time_s)


def asked(target: str, kind: CommandKind = CommandKind.TASK_SENSOR) -> Command:
    return Command(f"to {target}", kind, "Nowak", target, "{}", "look there")


def test_a_task_goes_to_the_link_of_its_sensor(tmp_path: Path) -> None:
    points = tmp_path / "listener-0.0.dist-info" / "entry_points.txt"
    points.write_text(f"{points.read_text()}tasked = {__name__}:Tasked\n", encoding="utf-8")
    parts = (LINK.format(name="a", more="").replace("listener", "tasked"), LINK.format(name="b", more=""))
    deaf = HEARD.replace("far", "deaf").format(link="b", more="")
    line = Line(small_site(*parts, HEARD.format(link="a", more=""), deaf))

    def step(command: Command) -> LineOutput:
        data = msgspec.json.encode(command)
        return line.step(Packet(PacketKind.COMMAND, "operator", START_S, data))

    output = step(asked("far"))
    assert ("a", "task") in said(output.replies)
    assert [(one.accepted, one.reason) for one in output.answers] == [(True, "sent")]
    for nobody in ("deaf", "radar", "nothing"):
        (answer,) = step(asked(nobody)).answers
        assert (answer.accepted, answer.reason) == (False, f"target: no sensor {nobody!r} that takes tasks")
    assert step(asked("far", CommandKind.NOTE)).answers == ()
    again = Line(line.site)
    again.resume((), (), [asked("far")], 0, START_S)
    line = again
    output = step(asked("far"))
    assert ("a", "task") not in said(output.replies)
    assert [one.reason for one in output.answers] == ["answered before a restart"]
