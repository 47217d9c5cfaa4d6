"""What Remote ID receivers send, written by other means than the decoder reads: `ctypes` lays out the C structure."""

import base64
import ctypes
import json
import lzma
from typing import Any

I32, F32, F64 = ctypes.c_int32, ctypes.c_float, ctypes.c_double


class BasicIdData(ctypes.Structure):
    _fields_ = [("ua_type", I32), ("id_type", I32), ("uas_id", ctypes.c_char * 21)]


class LocationData(ctypes.Structure):
    _fields_ = [
        ("status", I32), ("direction", F32), ("speed_horizontal", F32), ("speed_vertical", F32), ("latitude", F64),
        ("longitude", F64), ("altitude_baro", F32), ("altitude_geo", F32), ("height_type", I32), ("height", F32),
        ("horizontal", I32), ("vertical", I32), ("baro", I32), ("speed", I32), ("time", I32), ("timestamp", F32),
    ]  # fmt: skip


class AuthenticationData(ctypes.Structure):
    _fields_ = [
        ("page", ctypes.c_uint8), ("kind", I32), ("last", ctypes.c_uint8), ("length", ctypes.c_uint8),
        ("timestamp", ctypes.c_uint32), ("data", ctypes.c_uint8 * 24),
    ]  # fmt: skip


class SelfIdData(ctypes.Structure):
    _fields_ = [("kind", I32), ("text", ctypes.c_char * 24)]


class SystemData(ctypes.Structure):
    _fields_ = [
        ("place_type", I32), ("classification", I32), ("latitude", F64), ("longitude", F64),
        ("count", ctypes.c_uint16), ("radius", ctypes.c_uint16), ("ceiling", F32), ("floor", F32), ("category", I32),
        ("eu_class", I32), ("altitude", F32), ("timestamp", ctypes.c_uint32),
    ]  # fmt: skip


class OperatorData(ctypes.Structure):
    _fields_ = [("kind", I32), ("operator_id", ctypes.c_char * 21)]


class UasData(ctypes.Structure):
    """`ODID_UAS_Data` of opendroneid.h, laid out by the C compiler's rules."""

    _fields_ = [
        ("basic", BasicIdData * 2), ("location", LocationData), ("authentication", AuthenticationData * 16),
        ("self_id", SelfIdData), ("system", SystemData), ("operator", OperatorData),
        ("basic_valid", ctypes.c_uint8 * 2), ("location_valid", ctypes.c_uint8),
        ("authentication_valid", ctypes.c_uint8 * 16), ("self_valid", ctypes.c_uint8),
        ("system_valid", ctypes.c_uint8), ("operator_valid", ctypes.c_uint8),
    ]  # fmt: skip


def uas_data(**location: float) -> bytes:
    """A drone with everything but an authentication, at 54.61, 18.79 unless `location` says otherwise."""
    image = UasData()
    image.basic[0] = BasicIdData(2, 1, b"TCSN7SAMPLE0001")
    image.basic_valid[0] = 1
    said = {"status": 2, "direction": 90, "speed_horizontal": 12.5, "speed_vertical": -0.5, "latitude": 54.61,
            "longitude": 18.79, "altitude_baro": 95, "altitude_geo": 118.5, "height_type": 0, "height": 80,
            "horizontal": 11, "vertical": 5, "timestamp": 1.5} | location  # fmt: skip
    for name, value in said.items():
        setattr(image.location, name, value)
    image.location_valid = 1
    image.self_id, image.self_valid = SelfIdData(0, b"a survey"), 1
    image.system, image.system_valid = SystemData(1, 0, 54.60, 18.80, 1, 0, -1000, -1000, 1, 2, 40.5, 226_058_400), 1
    image.operator, image.operator_valid = OperatorData(0, b"FIN-OP-1"), 1
    return bytes(image)


def drone_scout(image: bytes, time_ms: int = 1_772_359_201_000, **more: Any) -> bytes:
    data = {"sensor ID": "ds-1", "timestamp": time_ms, "RSSI": -71, "channel": 6, "MAC address": "02:00:5e:10:00:01",
            "type": "WLAN beacon", "UASdata": base64.b64encode(image).decode()}  # fmt: skip
    return json.dumps({"protocol": 1.0, "data": data, "extra": None} | more).encode()


def packed(document: bytes, older: bool = False) -> bytes:
    return lzma.compress(document, lzma.FORMAT_ALONE if older else lzma.FORMAT_XZ)


SERIAL = "Serial Number (ANSI/CTA-2063-A)"


def listed(**location: Any) -> list[dict[str, Any]]:
    """DroneID's list of sections, numbers as texts with units."""
    said = {"op_status": "Airborne", "height_type": "Above Takeoff", "ew_dir_segment": "West", "direction": 270,
            "speed": "8.25 m/s", "vert_speed": "-1.0 m/s", "latitude": 54.615, "longitude": 18.785,
            "pressure_altitude": "Undefined", "geodetic_altitude": "64.5 m", "height_agl": "45 m",
            "vertical_accuracy": "<10 m", "horizontal_accuracy": "<0.05 NM", "timestamp": "2.5"}  # fmt: skip
    return [
        {"MAC": "8e:3b:93:22:33:fa", "RSSI": -60},
        {"Basic ID": {"protocol_version": "F3411.22", "id_type": SERIAL, "ua_type": "Helicopter (or Multirotor)",
                      "id": "TCSN7SAMPLE0002", "MAC": "8e:3b:93:22:33:fa"}},
        {"Location/Vector Message": said | location},
        {"Self-ID Message": {"text": "test flight"}},
        {"System Message": {"latitude": 54.59, "longitude": 18.77}},
        {"Operator ID Message": {"operator_id_type": "CAA", "operator_id": "FIN-OP-2"}},
    ]  # fmt: skip


def sectioned() -> dict[str, Any]:
    """An ESP32's one object, with the same sections and its own names in two of them."""
    return {
        "index": 42, "runtime": 12345, "AUX_ADV_IND": {"rssi": -68}, "aext": {"AdvA": "AA:BB:CC:DD:EE:FF random"},
        "Basic ID": {"id_type": SERIAL, "id": "TCSN7SAMPLE0003", "ua_type": 1},
        "Location/Vector Message": {"latitude": 54.62, "longitude": 18.81, "geodetic_altitude": 172.0,
                                    "height_agl": 75.0, "speed": 10.0, "vert_speed": 0.5},
        "System Message": {"operator_lat": 54.58, "operator_lon": 18.76},
    }  # fmt: skip


MESH = (
    b'{"heartbeat":"Device is active"}\n'
    b'{"mac":"60:60:1f:aa:bb:cc","rssi":-52,"drone_lat":54.612345,"drone_long":18.798765,"drone_altitude":121,'
    b'"pilot_lat":54.600000,"pilot_long":18.790000,"basic_id":"TCSN7SAMPLE0004","node_id":"n2"}\n'
    b'{"mac":"60:60:1f:aa:bb:cd","rssi":-80,"drone_lat":0.000000,"drone_long":0.000000,"drone_altitude":0,'
    b'"pilot_lat":0.000000,"pilot_long":0.000000,"basic_id":""}\n'
)
