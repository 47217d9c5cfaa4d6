"""Messages of SAPIENT built by sapient-msg's own classes: an edge node as others make one."""

from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from sapient_msg.bsi_flex_335_v2_0.sapient_message_pb2 import SapientMessage

NODE = "a8654cdf-4328-47de-81fa-c495589e30c9"
OTHER = "3d1ffd1b-cc01-4c26-a7e8-bf4da3d393b8"
ULID = "01GGYFBAXGDG7AGAHRZ6XSNY12"
OBJECT = "01GGYFBAXH4VYRQYEX7S3XGK3H"
BEGIN_S = 1_772_359_200.0


def stamp(time_s: float) -> Timestamp:
    seconds, nanos = divmod(round(time_s * 1e6) * 1000, 1_000_000_000)
    return Timestamp(seconds=seconds, nanos=nanos)


def message(time_s: float = BEGIN_S, node: str = NODE, **content: Any) -> SapientMessage:
    return SapientMessage(timestamp=stamp(time_s), node_id=node, **content)


def registration(time_s: float = BEGIN_S, node: str = NODE, **changed: Any) -> SapientMessage:
    area = {"location_units": 1, "location_datum": 1}
    body: dict[str, Any] = {
        "node_definition": [{"node_type": 2}],
        "icd_version": "BSI Flex 335 v2.0",
        "name": "Test radar",
        "capabilities": [{"category": "Radar", "type": "Range", "value": "5000", "units": "m"}],
        "status_definition": {"status_interval": {"units": 4, "value": 5.0}, "location_definition": area},
        "mode_definition": [
            {
                "mode_name": "Default",
                "mode_type": 1,
                "settle_time": {"units": 4, "value": 1.0},
                "detection_definition": [
                    {
                        "location_type": area,
                        "velocity_type": {
                            "enu_velocity_units": {"east_north_rate_units": 1, "up_rate_units": 1},
                            "location_datum": 1,
                        },
                    }
                ],
                "task": {"region_definition": {"region_type": [1], "region_area": [area]}},
            }
        ],
        "config_data": [{"manufacturer": "Tocsin tests", "model": "Radar"}],
    }
    return message(time_s, node, registration=body | changed)


def status(time_s: float = BEGIN_S, info: int = 1, system: int = 1, node: str = NODE, **more: Any) -> SapientMessage:
    body = {"report_id": ULID, "system": system, "info": info, "mode": "Default"}
    return message(time_s, node, status_report=body | more)


def detection(time_s: float = BEGIN_S, node: str = NODE, **changed: Any) -> SapientMessage:
    place = {"x": 18.81, "y": 54.61, "z": 120.0, "coordinate_system": 1, "datum": 1}
    body: dict[str, Any] = {"report_id": ULID, "object_id": OBJECT}
    if "range_bearing" not in changed:
        body["location"] = place
    return message(time_s, node, detection_report=body | changed)


def framed(*messages: SapientMessage) -> bytes:
    parts = (one.SerializeToString() for one in messages)
    return b"".join(len(part).to_bytes(4, "little") + part for part in parts)


def unframed(data: bytes) -> list[SapientMessage]:
    """Whole messages of a stream, read by sapient-msg."""
    found = []
    while data:
        size = int.from_bytes(data[:4], "little")
        assert len(data) >= 4 + size
        found.append(SapientMessage.FromString(data[4 : 4 + size]))
        data = data[4 + size :]
    return found


def node_session() -> bytes:
    """An edge node's first second: it registers, reports a place, a bearing and a named target, warns, and leaves."""
    seen = {"azimuth": 45.0, "azimuth_error": 1.5, "coordinate_system": 1, "datum": 1}
    classes = [{"type": "Air Vehicle", "confidence": 0.9, "sub_class": [{"type": "UAV Rotary Wing", "level": 1}]}]
    velocity = {"east_rate": 3.0, "north_rate": 4.0}
    place = {"node_location": {"x": 18.8, "y": 54.6, "z": 45.0, "coordinate_system": 1, "datum": 1}}
    warning = {"alert_id": ULID, "alert_type": 2, "status": 1, "description": "Intruder at the fence"}
    return framed(
        registration(BEGIN_S),
        status(BEGIN_S + 0.01, **place),
        detection(BEGIN_S + 0.1, classification=classes, detection_confidence=0.75, enu_velocity=velocity),
        detection(BEGIN_S + 0.1, range_bearing=seen, object_id=ULID),
        detection(BEGIN_S + 0.3, id="SERIAL-7"),
        message(BEGIN_S + 0.3, alert=warning),
        status(BEGIN_S + 0.4, info=2),
        status(BEGIN_S + 0.4, system=5),
    )
