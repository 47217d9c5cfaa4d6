"""Reports: DetectionReports to detections and claims, status reports to states, alerts to statements.

A detection's class word is its most confident class, or that class's own most confident first sub-class, which is what
tells a drone from an airliner. `sensor_track` is the object's id, behind the node's id where several nodes report as
one sensor. A report that names the object (`id`: a serial number, a tail number) is a claim besides; a report of a node
that only passes on what targets say of themselves is a claim alone. An object reported as lost gives nothing: silence
is never an event of the target.
"""

import math
from typing import Any

import msgspec

from tocsin.formats.sapient.schema import time_s
from tocsin.links.sapient.node import Node
from tocsin.links.sapient.placing import Measured, Placer, Unplaceable
from tocsin.model.adapter import SiteSensor
from tocsin.model.claim import Claim
from tocsin.model.detection import Detection
from tocsin.model.packet import Packet
from tocsin.model.sensor import Health, Pose, SensorStatus
from tocsin.model.statement import Stance, Statement
from tocsin.units import RAD_PER_DEG

LOST = "lost"
FASTEST_MPS = 20_000.0  # a faster one is a slip of the node
MOST_WORDS = 200  # characters of others' free text that are kept
_HEALTH = {1: Health.OK, 2: Health.DEGRADED, 3: Health.FAULT, 5: Health.OFF}  # StatusReport.System
_FIRST_LEVEL = 1


class Heard(msgspec.Struct, frozen=True):
    """One message as it came: from which node, for which sensor, in which packet, as the how-manieth of its session."""

    message: Any
    node: Node
    sensor: SiteSensor
    packet: Packet
    row: int

    @property
    def time_s(self) -> float:
        """When the node sent it, in UTC seconds."""
        return time_s(self.message.timestamp)


class Reports:
    """Reads the reports of nodes around one site."""

    def __init__(self, placer: Placer, self_reporting: frozenset[str]) -> None:
        self._placer = placer
        self._self_reporting = self_reporting

    def items(self, heard: Heard) -> tuple[Detection | Claim, ...]:
        """What a detection report says; raises Unplaceable where its place cannot be used."""
        report = heard.message.detection_report
        if report.state.lower() == LOST:
            return ()
        if report.HasField("location"):
            measured = self._placer.place(report.location, heard.node, heard.sensor.pose)
        else:
            measured = self._placer.bearing(report.range_bearing, heard.node, heard.sensor.pose)
        claim = self._claim(report, measured, heard)
        if heard.node.id in self._self_reporting:
            if claim is None:
                raise Unplaceable("range_bearing: a self-report has to say a place")
            return (claim,)
        detection = _detection(report, measured, heard)
        return (detection, claim) if claim is not None and report.id else (detection,)

    def status(self, heard: Heard) -> tuple[SensorStatus, Node]:
        """A status report as the sensor's state, and the node as it stands now; raises Unplaceable."""
        report, pose = heard.message.status_report, None
        node = msgspec.structs.replace(heard.node, mode=report.mode)
        if report.HasField("node_location"):
            node = msgspec.structs.replace(node, lla=self._placer.lla(report.node_location, node.zone))
            pose = self._pose(node, heard.sensor.pose)
        said = [f"{one.status_value or 'status'}" for one in report.status if one.status_level >= 3]
        words = "; ".join([report.DESCRIPTOR.enum_types_by_name["System"].values_by_number[report.system].name, *said])
        status = SensorStatus(
            sensor=heard.sensor.name,
            time_s=heard.packet.received_s,
            health=_HEALTH.get(report.system, Health.DEGRADED),
            reason=f"says: {words.removeprefix('SYSTEM_').lower()}"[:MOST_WORDS],
            pose=pose,
            blind_rad=_blind(report),
            packet=heard.packet.sequence,
        )
        return status, node

    def _pose(self, node: Node, pose: Pose) -> Pose:
        return Pose(*self._placer.stand(node, pose)[1], pose.heading_rad)

    def _claim(self, report: Any, measured: Measured, heard: Heard) -> Claim | None:
        lla = measured.lla
        if lla is None:
            return None
        velocity = _velocity(report, heard.node)
        east_mps, north_mps, up_mps = velocity or (math.nan, math.nan, math.nan)
        moving = velocity is not None and math.hypot(east_mps, north_mps) > 0.0
        return Claim(
            means="sapient",
            identifier=report.id[:64] or report.object_id,
            sensor=heard.sensor.name,
            time_s=heard.time_s,
            received_s=heard.packet.received_s,
            latitude_rad=lla[0],
            longitude_rad=lla[1],
            height_m=None if math.isnan(lla[2]) else lla[2],
            speed_mps=None if velocity is None else math.hypot(east_mps, north_mps),
            course_rad=math.atan2(east_mps, north_mps) % math.tau if moving else None,
            climb_mps=None if math.isnan(up_mps) else up_mps,
            sigma_horizontal_m=math.sqrt(max(measured.covariance[0], measured.covariance[len(measured.values) + 1])),
            category=class_word(report),
            packet=heard.packet.sequence,
            row=heard.row,
            exercise=heard.packet.exercise,
        )


def statement(heard: Heard) -> Statement:
    """What another system's alert says."""
    alert = heard.message.alert
    return Statement(
        id=alert.alert_id,
        speaker=heard.node.name or heard.node.id,
        stance=Stance.WARNS,
        content=alert.description[: 5 * MOST_WORDS] or "an alert without words",
        source=heard.packet.source,
        said_s=heard.time_s,
        packet=heard.packet.sequence,
    )


def class_word(report: Any) -> str | None:
    """The most confident class, narrowed to its most confident sub-class of the first level."""
    if not report.classification:
        return None
    best = max(report.classification, key=lambda one: float(one.confidence))
    narrower = [one for one in best.sub_class if one.level == _FIRST_LEVEL]
    chosen = max(narrower, key=lambda one: float(one.confidence)) if narrower else best
    return str(chosen.type)[:64]


def _detection(report: Any, measured: Measured, heard: Heard) -> Detection:
    several = heard.sensor.node == ""
    confidence = report.HasField("detection_confidence")
    return Detection(
        sensor=heard.sensor.name,
        kind=measured.kind,
        time_s=heard.time_s,
        received_s=heard.packet.received_s,
        values=measured.values,
        covariance=measured.covariance,
        sensor_enu_m=measured.sensor_enu_m,
        velocity_enu_mps=_velocity(report, heard.node),
        lla=measured.lla,
        class_word=class_word(report),
        score=float(report.detection_confidence) if confidence else None,
        sensor_track=f"{heard.node.id}/{report.object_id}" if several else report.object_id,
        packet=heard.packet.sequence,
        row=heard.row,
        exercise=heard.packet.exercise,
    )


def _velocity(report: Any, node: Node) -> tuple[float, float, float] | None:
    if not report.HasField("enu_velocity"):
        return None
    said = report.enu_velocity
    up_mps = said.up_rate * node.up_scale if said.HasField("up_rate") else math.nan
    found = (said.east_rate * node.horizontal_scale, said.north_rate * node.horizontal_scale, up_mps)
    return found if all(not abs(one) > FASTEST_MPS for one in found) else None


def _blind(report: Any) -> tuple[tuple[float, float], ...] | None:
    """Sectors that the node says it cannot see, where it gives them as angles against true north."""
    sectors = []
    for one in report.obscuration:
        cone = one.range_bearing
        if one.HasField("range_bearing") and cone.HasField("horizontal_extent") and cone.datum == 1:
            scale = RAD_PER_DEG if cone.coordinate_system in (1, 3) else 1.0
            half_rad = 0.5 * min(abs(cone.horizontal_extent), 360.0) * RAD_PER_DEG
            sectors.append(((cone.azimuth * scale - half_rad) % math.tau, (cone.azimuth * scale + half_rad) % math.tau))
    return tuple(sectors) or None
