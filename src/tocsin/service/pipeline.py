"""The line: packets in; detections, tracks, pictures and alerts out. The one place where it is drawn.

Everything here is synchronous and pure: the same packets and the same site give the same outputs. The line's time is
the later of its previous time and the packet's, so it never runs backwards. What a packet holds is taken one item after
another, and only the clock's ticks let time alone pass, so cutting the same bytes into other packets changes nothing.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

import msgspec
import numpy as np

from tocsin.alerts import AlertEngine, LoadFigures, SilenceWatch, WarningDesk
from tocsin.alerts.rule import OWN_SOURCES
from tocsin.config.site import Site
from tocsin.identity import Identifier, Watch
from tocsin.model.adapter import Decoded
from tocsin.model.alert import Alert
from tocsin.model.claim import Claim
from tocsin.model.command import Command, CommandAnswer
from tocsin.model.detection import Detection, Look
from tocsin.model.errors import UNREADABLE
from tocsin.model.identity import IdentityColumns
from tocsin.model.packet import Packet, PacketKind
from tocsin.model.picture import Picture
from tocsin.model.scan import Scan, Tick
from tocsin.model.sensor import Health, Reply, SensorStatus
from tocsin.model.statement import Statement
from tocsin.model.threat import Asset, Zone
from tocsin.model.track import EndedTrack, Join, TrackColumns
from tocsin.model.warning import Warning
from tocsin.physics.dynamics import height_above_sphere_m
from tocsin.recording.log import SOURCE as RECORDING
from tocsin.sensing.view import detection_probability
from tocsin.service.decoders import sensor_decoder
from tocsin.service.links import Links
from tocsin.threat import Assessor
from tocsin.threat.outcome import outcome
from tocsin.tracking import Tracker
from tocsin.tracking.scans import Collector

OWN = (RECORDING, *OWN_SOURCES)  # sources of packets that tell how our own means do
PICTURE_PERIOD_S = 0.5  # the picture is composed afresh this often where no scan does it


class Rows(msgspec.Struct, frozen=True):
    """Tracks as they go into tracks.parquet: at the time of a scan, as first known or as settled."""

    tracks: TrackColumns
    identity: IdentityColumns


class LineOutput(msgspec.Struct, frozen=True):
    """What one packet led to, in the order it came about.

    `rows`: the tracks at each scan that was worked in, and revisions of earlier ones whose late window has closed.
    `joins`: tracks found to be lost objects. `picture`: the present, where a scan, a command or half a second renewed
    it. `answers` are to `commands`. `replies` go back to the sensors that asked for them, and out by the links.
    """

    packet: Packet
    time_s: float
    detections: tuple[Detection, ...] = ()
    statements: tuple[Statement, ...] = ()
    statuses: tuple[SensorStatus, ...] = ()
    rows: tuple[Rows, ...] = ()
    ended: tuple[EndedTrack, ...] = ()
    joins: tuple[Join, ...] = ()
    picture: Picture | None = None
    alerts: tuple[Alert, ...] = ()
    warnings: tuple[Warning, ...] = ()
    commands: tuple[Command, ...] = ()
    answers: tuple[CommandAnswer, ...] = ()
    replies: tuple[Reply, ...] = ()
    exercise: bool = False


class _Found:
    """What the packet in hand has led to so far."""

    def __init__(self, packet: Packet) -> None:
        self.packet = packet
        self.detections: list[Detection] = []
        self.statements: list[Statement] = []
        self.statuses: list[SensorStatus] = []
        self.rows: list[Rows] = []
        self.ended: list[EndedTrack] = []
        self.joins: list[Join] = []
        self.picture: Picture | None = None
        self.alerts: list[Alert] = []
        self.warnings: list[Warning] = []
        self.commands: list[Command] = []
        self.answers: list[CommandAnswer] = []
        self.replies: list[Reply] = []


def watches_of(site: Site) -> tuple[Watch, ...]:
    """Where the site's sensors stand and what they see; one that starts no tracks, or repeats claims, sees nothing."""
    claiming = {*site.identity.self_reporting, *site.alerts.self_reporting}
    return tuple(
        Watch(one.name, one.pose, one.view, one.track.starts != "no" and one.name not in claiming)
        for one in site.sensors
    )


class Line:
    """One site's line. `step` takes the next packet by sequence; `finish` gives the last rows at the end of input."""

    def __init__(self, site: Site) -> None:
        models = [sensor.track for sensor in site.sensors]
        names = [sensor.name for sensor in site.sensors]
        self.site = site
        self.time_s = 0.0
        self._picture_s = 0.0
        self._exercise = site.exercise
        self._counts: Counter[str] = Counter()
        self._claims: list[Claim] = []  # since the last picture
        self._decoders = {sensor.name: sensor_decoder(site, sensor) for sensor in site.sensors if sensor.adapter}
        self._links = Links(site)
        self._linked = frozenset(sensor.name for sensor in site.sensors if sensor.link)
        self._collector = Collector(models)
        self._tracker = Tracker(site.tracking, models, site.seed, site.origin.height_m)
        self._identifier = Identifier(site.identity, site.origin, watches_of(site))
        self._assessor = Assessor(site.threat, site.assets, site.zones, site.origin.height_m)
        names += self._links.names
        self._engine = AlertEngine(site.alerts, site.rules, site.assets, site.zones, names, site.seed)
        after_s = {sensor.name: sensor.silent_after_s for sensor in site.sensors}
        self._silence = SilenceWatch(after_s | {link.name: link.silent_after_s for link in site.links})
        places: list[Asset | Zone] = [*site.assets, *site.zones]
        self._desk = WarningDesk(
            site.warnings, site.rules, places, site.origin, site.name, site.seed, site.alerts.cap_sender
        )

    def step(self, packet: Packet) -> LineOutput:
        """Take one packet. Never raises for what a packet holds."""
        self._count(packet)
        self._exercise = self._exercise or packet.exercise
        self.time_s = max(self.time_s, packet.received_s)
        found = _Found(packet)
        heard = self._listen(packet)
        if heard:
            self._warn(found, statuses=heard)
        for item in self._decode(packet):
            self._take(item, found)
        if packet.kind == PacketKind.TICK:
            self._pass_time(found)
        return self._output(found)

    def finish(self) -> LineOutput:
        """The rows that are still to come when the input has ended: of the scans being collected, and as settled.

        Nobody is told anything more: what would happen to the tracks and sensors afterwards is not known.
        """
        longest_s = max((sensor.scan.period_s for sensor in self.site.sensors), default=0.0)
        after_s = self.time_s + self.site.tracking.late_window_s + 2.0 * longest_s
        found = _Found(Packet(PacketKind.TICK, "clock", self.time_s))
        for scan in self._collector.tick(after_s):
            self._compose(found, scan)
        self._tracker.step(Tick(after_s))
        found.rows += self._rows()
        found.picture = None
        found.replies.clear()
        return self._output(found)

    def load(self) -> LoadFigures:
        """What the alerts have asked of the operators until now."""
        return self._engine.load()

    def resume(
        self,
        alerts: Sequence[Alert],
        warnings: Iterable[Warning],
        commands: Iterable[Command],
        last_track: int,
        time_s: float,
    ) -> tuple[Alert, ...]:
        """Take up what a run that ended left open, before the first packet: alerts in their last versions, all messages
        of warnings, the commands that were answered, and the highest number a track had. Answers the alerts that
        stand."""
        commands = tuple(commands)
        self._engine.resume(alerts, commands, time_s)
        self._links.resume(commands)
        self._desk.resume(warnings, alerts)
        self._tracker.resume(last_track)
        return self._engine.alerts()

    def summary(self) -> dict[str, Any]:
        """Counts of every stage, and what was dropped by reason."""
        return {
            "schema": 1,
            "site": self.site.name,
            "time_s": self.time_s,
            "line": dict(sorted(self._counts.items())),
            "sensors": {name: dict(decoder.statistics()) for name, decoder in self._decoders.items()},
            "links": dict(self._links.statistics()),
            "collect": dict(self._collector.statistics()),
            "track": dict(self._tracker.statistics()),
            "identify": dict(self._identifier.statistics()),
            "assess": dict(self._assessor.statistics()),
            "warn": {**self._engine.statistics(), "warnings": dict(self._desk.statistics())},
        }

    def _count(self, packet: Packet) -> None:
        """Data are counted in bytes: into how many packets the network cut them means nothing."""
        if packet.kind == PacketKind.DATA:
            self._counts["data_bytes"] += len(packet.data)
        else:
            self._counts[f"packets_{packet.kind}"] += 1

    def _decode(self, packet: Packet) -> Iterable[Decoded]:
        decoder = self._decoders.get(packet.source)
        if packet.kind == PacketKind.TICK:
            ticked = (item for one in self._decoders.values() for item in one.on_tick(packet.received_s))
            return chain(ticked, self._links.on_tick(packet.received_s))
        if packet.kind == PacketKind.COMMAND:
            return self._command(packet)
        if packet.source in self._links.names:
            return self._links.decode(packet)
        if packet.source in OWN:
            health = Health.FAULT if packet.kind == PacketKind.CLOSED else Health.OK
            reason = packet.data.decode("utf-8", "replace")
            return (SensorStatus(packet.source, self.time_s, health, reason, packet=packet.sequence),)
        if decoder is not None:
            return decoder.decode(packet)
        if packet.kind not in (PacketKind.SITE, PacketKind.CLOCK_STEP) and packet.source not in self._linked:
            self._counts["bytes_of_unknown_source"] += len(packet.data)
        return ()

    def _command(self, packet: Packet) -> tuple[Decoded, ...]:
        try:
            return (msgspec.json.decode(packet.data, type=Command),)
        except UNREADABLE:
            self._counts["commands_unreadable"] += 1
            return ()

    def _take(self, item: Decoded, found: _Found) -> None:
        """Carry one decoded item as far as it goes."""
        if self._linked and isinstance(item, Detection | Claim | SensorStatus) and item.sensor in self._linked:
            heard = self._silence.heard(item.sensor, self.time_s, found.packet.sequence)
            if heard:
                self._warn(found, statuses=heard)
        match item:
            case Detection() | Look():
                if isinstance(item, Detection):
                    found.detections.append(item)
                    found.replies += self._links.report(item)
                for scan in self._collector.add(item):
                    self._advance(found, scan)
            case Command():
                found.commands.append(item)
                for told in self._links.command(item, self.time_s):
                    if isinstance(told, Reply):
                        found.replies.append(told)
                    else:
                        found.answers.append(told)
                self._advance(found, Tick(self.time_s), (item,))
            case Claim():
                self._claims.append(item)
                found.replies += self._links.report(item)
            case SensorStatus():
                self._desk.hear(item)
                self._warn(found, statuses=(item,))
            case Statement():
                found.statements.append(item)
            case Reply():
                found.replies.append(item)

    def _pass_time(self, found: _Found) -> None:
        """What a tick completes: looks that must have ended, and a picture where one is due."""
        scans = self._collector.tick(self.time_s)
        for scan in scans:
            self._advance(found, scan)
        if not scans and (self._claims or self.time_s - self._picture_s >= PICTURE_PERIOD_S):
            self._advance(found, Tick(self.time_s))
        else:
            self._warn(found)

    def _advance(self, found: _Found, item: Scan | Tick, commands: Sequence[Command] = ()) -> None:
        """The straight line: track, identify, assess, compose, warn."""
        self._warn(found, self._compose(found, item, commands), commands=commands)

    def _compose(self, found: _Found, item: Scan | Tick, commands: Sequence[Command] = ()) -> Picture:
        """The picture after one scan or tick."""
        scan = item if isinstance(item, Scan) else None
        self._counts["scans"] += scan is not None
        claims, self._claims = self._claims, []
        tracks = self._tracker.step(item)
        identity = self._identifier.step(tracks, scan, claims, commands, self.time_s)
        threats = self._assessor.step(tracks, identity)
        ended = tuple(self._judge(one) for one in self._tracker.ended())
        picture = Picture(self.time_s, found.packet.sequence, tracks, identity, threats, ended, self._exercise, scan)
        self._picture_s = self.time_s
        found.rows += self._rows()
        found.ended += ended
        found.joins += self._tracker.joined()
        found.picture = picture
        found.replies += self._links.picture(picture)
        return picture

    def _warn(
        self,
        found: _Found,
        picture: Picture | None = None,
        statuses: Sequence[SensorStatus] = (),
        commands: Sequence[Command] = (),
    ) -> None:
        """Let the alerts stage see what is new, or that time has passed."""
        found.statuses += statuses
        told = len(found.alerts)
        alerts = self._engine.step(picture, statuses, commands, self.time_s, self._exercise)
        found.alerts += alerts
        found.warnings += self._desk.step(alerts, self._engine.holding(), picture, commands, self.time_s)
        found.answers += (*self._identifier.answers(), *self._engine.answers(), *self._desk.answers())
        if own := self._desk.statuses():
            found.statuses += own
            found.alerts += self._engine.step(None, own, (), self.time_s, self._exercise)
        found.replies += self._links.alerts(found.alerts[told:])

    def _rows(self) -> list[Rows]:
        """What the last step adds to tracks.parquet."""
        known = [
            msgspec.structs.replace(columns, known_s=self.time_s)
            for columns in (*self._tracker.worked_in(), *self._tracker.settled())
        ]
        return [Rows(columns, self._identifier.recall(columns)) for columns in known]

    def _judge(self, ended: EndedTrack) -> EndedTrack:
        """How a track ended, so far as what our sensors see where it was heading tells."""
        place = np.array([ended.position_enu_m])
        seen = [detection_probability(s.view, s.pose, place)[0] for s in self.site.sensors]
        level_m = None
        if ended.velocity_enu_mps[2] <= -self.site.threat.fall_speed_mps:  # the ground matters to what goes down fast
            level_m = self.site.threat.ground_m + ended.position_enu_m[2] - height_above_sphere_m(place[0])
        ending = outcome(ended, self.site.threat, float(max(seen, default=0.0)), level_m)
        return msgspec.structs.replace(ended, outcome=ending.outcome)

    def _listen(self, packet: Packet) -> tuple[SensorStatus, ...]:
        """Who has fallen silent, and who is heard again."""
        if packet.kind == PacketKind.CLOCK_STEP:
            self._silence.clock_step(self.time_s)
        elif packet.kind in (PacketKind.OPENED, PacketKind.DATA):
            return self._silence.heard(packet.source, self.time_s, packet.sequence)
        elif packet.kind == PacketKind.TICK:
            return self._silence.tick(self.time_s)
        return ()

    def _output(self, found: _Found) -> LineOutput:
        return LineOutput(
            packet=found.packet,
            time_s=self.time_s,
            detections=tuple(found.detections),
            statements=tuple(found.statements),
            statuses=tuple(found.statuses),
            rows=tuple(found.rows),
            ended=tuple(found.ended),
            joins=tuple(found.joins),
            picture=found.picture,
            alerts=tuple(found.alerts),
            warnings=tuple(found.warnings),
            commands=tuple(found.commands),
            answers=tuple(found.answers),
            replies=tuple(found.replies),
            exercise=self._exercise,
        )
