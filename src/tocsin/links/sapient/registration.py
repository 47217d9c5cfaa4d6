"""Registration: how our own node describes itself.

A fusion node names the sensors it fuses (`dependent_nodes`) and how far it sees (`reporting_region`). The units are
those of our reports: degrees and metres above the ellipsoid, metres a second, one standard deviation. A node has to
declare tasks and a region even if it does none: what is declared is the requests that `tasks.py` answers.
"""

import math
from typing import Any

from tocsin.formats.sapient.schema import VERSIONS
from tocsin.links.sapient.composing import OBJECT_INFO, TAXONOMY, TRACK_INFO
from tocsin.links.sapient.settings import Settings
from tocsin.links.sapient.voice import EXERCISE
from tocsin.model.adapter import AdapterContext
from tocsin.units import RAD_PER_DEG

MODE = "Default"
_DEGREES, _ELLIPSOID, _MPS, _SECONDS = 1, 1, 1, 4
_PERMANENT, _TRACKS, _SINGLE_CLASS, _MULTI_CLASS = 1, 3, 1, 2
_REGION_OF_INTEREST, _REQUEST, _REPORT_RATE = 1, 1, 3
_AREA = {"location_units": _DEGREES, "location_datum": _ELLIPSOID}
_CORNERS = 12  # of the polygon that stands for a reporting region
_M_PER_RAD = 6_371_000.0


def fill(registration: Any, settings: Settings, context: AdapterContext, children: tuple[str, ...], name: str) -> None:
    """Write our registration into an empty one; `children` are the ids of the nodes we fuse."""
    fusion = settings.role == "fusion"
    kind = "FUSION_NODE" if fusion else settings.node_type.upper()
    kinds = registration.DESCRIPTOR.enum_types_by_name["NodeType"].values_by_name
    number = kinds[f"NODE_TYPE_{kind}"].number if f"NODE_TYPE_{kind}" in kinds else 1
    registration.node_definition.add(node_type=number)
    registration.icd_version = VERSIONS[settings.version]
    registration.name = f"{EXERCISE} {name}" if context.exercise else name
    registration.short_name = context.site[:32] or "Tocsin"
    category = "Fusion" if fusion else settings.node_type.replace("_", " ").title()
    registration.capabilities.add(category=category, type="Air picture" if fusion else "Detections")
    definition = registration.status_definition
    definition.status_interval.units, definition.status_interval.value = _SECONDS, settings.status_s
    definition.location_definition.location_units = _DEGREES
    definition.location_definition.location_datum = _ELLIPSOID
    _fill_mode(registration.mode_definition.add(), fusion)
    if "config_data" not in registration.DESCRIPTOR.fields_by_name:
        return  # version 1.0 ends here
    registration.config_data.add(manufacturer="Tocsin", model="Tocsin")
    if fusion:
        registration.dependent_nodes.extend(children)
        _fill_region(registration.reporting_region, context)


def _fill_mode(mode: Any, fusion: bool) -> None:
    mode.mode_name, mode.mode_type = MODE, _PERMANENT
    mode.settle_time.units, mode.settle_time.value = _SECONDS, 0.0
    mode.maximum_latency.units, mode.maximum_latency.value = _SECONDS, 1.0
    mode.tracking_type = _TRACKS
    detection = mode.detection_definition.add()
    detection.location_type.location_units = _DEGREES
    detection.location_type.location_datum = _ELLIPSOID
    units = detection.velocity_type.enu_velocity_units
    units.east_north_rate_units = units.up_rate_units = _MPS
    detection.velocity_type.location_datum = _ELLIPSOID
    errors = detection.geometric_error
    errors.type, errors.units = "Standard Deviation", "degrees for x and y, metres for z"
    errors.variation_type = "as stated in each report"
    for category, types in ((2, TRACK_INFO), (3, OBJECT_INFO)):
        for kind, values in types.items():
            detection.detection_report.add(category=category, type=kind, units=values)
    classes = detection.detection_class_definition.add()
    classes.confidence_definition = _MULTI_CLASS if fusion else _SINGLE_CLASS
    for top, narrower in TAXONOMY.items():
        entry = classes.class_definition.add(type=top, units="probability, 0 to 1")
        for word in narrower:
            entry.sub_class.add(type=word, units="probability, 0 to 1", level=1)
    _fill_tasks(mode.task if not _is_list(mode, "task") else mode.task.add())


def _fill_tasks(task: Any) -> None:
    task.concurrent_tasks = 1
    task.region_definition.region_type.append(_REGION_OF_INTEREST)
    task.region_definition.region_area.add(**_AREA)
    for kind, units in ((_REQUEST, "Registration, Reset, Start, Status, Stop"), (_REPORT_RATE, "LOW, MEDIUM, HIGH")):
        command = task.command.add(units=units, type=kind)
        command.completion_time.units, command.completion_time.value = _SECONDS, 1.0
        if "name" in command.DESCRIPTOR.fields_by_name:
            command.name = units.partition(",")[0]


def _fill_region(regions: Any, context: AdapterContext) -> None:
    """A circle about the origin that holds what every sensor sees, as a polygon."""
    reach_m = max((math.hypot(s.pose.east_m, s.pose.north_m) + s.range_m for s in context.sensors), default=0.0)
    if not 0.0 < reach_m < math.inf:
        return
    north_rad = reach_m / _M_PER_RAD
    east_rad = north_rad / max(math.cos(context.origin_latitude_rad), 1e-3)
    locations = regions.add().location_list.locations
    for k in range(_CORNERS):
        turn_rad = math.tau * k / _CORNERS
        locations.add(
            x=(context.origin_longitude_rad + east_rad * math.sin(turn_rad)) / RAD_PER_DEG,
            y=(context.origin_latitude_rad + north_rad * math.cos(turn_rad)) / RAD_PER_DEG,
            coordinate_system=_DEGREES,
            datum=_ELLIPSOID,
        )


def _is_list(message: Any, field: str) -> bool:
    return bool(message.DESCRIPTOR.fields_by_name[field].is_repeated)
