"""SAPIENT emitter: a sensor as an edge node of BSI Flex 335 v2.0, each message with its length before it.

`begin` registers the node and says how it is; each connection begins with it. Plots become detection reports with range
and bearing, as far as the sensor measures them, and signs of life become status reports. Every plot is an object of its
own, since a plot knows of no track. What the other side answers is not read.
"""

from typing import Any

from tocsin.formats.sapient.framing import frame
from tocsin.formats.sapient.ids import ulid, uuid4
from tocsin.formats.sapient.schema import schema, set_time
from tocsin.simulation.report import Report, ReportKind

_DEGREES_M, _TRUE_NORTH = 1, 1  # RangeBearingCoordinateSystem, RangeBearingDatum
_LAT_LNG_DEGREES, _WGS84_ELLIPSOID = 1, 1  # LocationCoordinateSystem, LocationDatum
_OK, _NEW, _UNCHANGED = 1, 1, 2  # StatusReport.System, StatusReport.Info
_PERMANENT, _SECONDS, _MPS = 1, 4, 1
_PASSIVE_RF = 8
_REGION_OF_INTEREST = 1
_BEARING = {"range_m": "range", "azimuth_deg": "azimuth", "elevation_deg": "elevation"}


class SapientNode:
    """One node; `begin` each connection, then call it with a report and its times in UTC seconds."""

    def __init__(self, sensor: str) -> None:
        self.node_id = uuid4(f"simulated {sensor}")
        self._sensor = sensor
        self._schema = schema()
        self._sent = 0

    def begin(self, time_s: float) -> bytes:
        """What a connection begins with at `time_s`: the registration and a new status, as the other side keeps
        nothing of an earlier one."""
        return self._written(self._registration(time_s)) + self._written(self._status(time_s, _NEW))

    def __call__(self, report: Report, time_s: float, received_s: float) -> bytes:
        """The messages of one report, empty for a claim; their time is that of the sending."""
        if report.kind is ReportKind.CLAIM:
            return b""
        if report.kind is ReportKind.BEAT:
            return self._written(self._status(received_s, _UNCHANGED))
        message = self._message(received_s)
        seen = message.detection_report
        seen.report_id = ulid(received_s, f"{self._sensor} {self._sent}")
        seen.object_id = ulid(time_s, f"{self._sensor} object {self._sent}")
        seen.range_bearing.coordinate_system, seen.range_bearing.datum = _DEGREES_M, _TRUE_NORTH
        for field, name in _BEARING.items():
            if field in report.fields:
                setattr(seen.range_bearing, name, float(report.fields[field]))
        return self._written(message)

    def _status(self, time_s: float, info: int) -> Any:
        message = self._message(time_s)
        status = message.status_report
        status.report_id = ulid(time_s, f"{self._sensor} {self._sent}")
        status.system, status.info, status.mode = _OK, info, "Default"
        return message

    def _message(self, time_s: float) -> Any:
        message = self._schema.message()
        set_time(message.timestamp, time_s)
        message.node_id = self.node_id
        return message

    def _written(self, message: Any) -> bytes:
        self._sent += 1
        return frame(message.SerializeToString())

    def _registration(self, time_s: float) -> Any:
        message = self._message(time_s)
        said = message.registration
        said.node_definition.add(node_type=_PASSIVE_RF)
        said.icd_version, said.name, said.short_name = (
            "BSI Flex 335 v2.0",
            f"Simulated {self._sensor}",
            self._sensor[:32],
        )
        said.capabilities.add(category="Simulated", type="Detections")
        definition = said.status_definition
        definition.status_interval.units, definition.status_interval.value = _SECONDS, 1.0
        area = {"location_units": _LAT_LNG_DEGREES, "location_datum": _WGS84_ELLIPSOID}
        definition.location_definition.location_units = _LAT_LNG_DEGREES
        definition.location_definition.location_datum = _WGS84_ELLIPSOID
        mode = said.mode_definition.add(mode_name="Default", mode_type=_PERMANENT)
        mode.settle_time.units, mode.settle_time.value = _SECONDS, 0.0
        detection = mode.detection_definition.add()
        detection.location_type.range_bearing_units, detection.location_type.range_bearing_datum = (
            _DEGREES_M,
            _TRUE_NORTH,
        )
        units = detection.velocity_type.enu_velocity_units
        units.east_north_rate_units = units.up_rate_units = _MPS
        detection.velocity_type.location_datum = _WGS84_ELLIPSOID
        mode.task.region_definition.region_type.append(_REGION_OF_INTEREST)
        mode.task.region_definition.region_area.add(**area)
        said.config_data.add(manufacturer="Tocsin", model="Simulated sensor")
        return message
