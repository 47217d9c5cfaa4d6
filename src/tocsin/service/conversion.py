"""Conversion: a recorded file of any kind that an adapter reads, to features of GeoJSON, without a site file.

The kind is told from the content, never from the name. A reported position is a Point with the height above the
ellipsoid where that was said; a report without a place on the earth (a bearing, a plot of a radar whose place is not
given) is a feature without geometry. `time` is null where the file says nothing of it.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from typing import Any, TypeGuard, cast

import msgspec
import numpy as np

from tocsin.config.adapters import load_adapter
from tocsin.formats.aircraft_json import AircraftJsonError
from tocsin.formats.aircraft_json import read_document as read_aircraft_json
from tocsin.formats.asterix import AsterixError, read_blocks
from tocsin.formats.avr import AvrError
from tocsin.formats.avr import read_line as read_avr
from tocsin.formats.beast import BeastReader
from tocsin.formats.courageous import is_document as is_courageous
from tocsin.formats.fixes import form_of as log_form_of
from tocsin.formats.geozones import GeozoneError, read_geozones
from tocsin.formats.internet import LINKS
from tocsin.formats.pcap import BLE, BLE_PHDR, NORDIC_BLE, RADIOTAP, RAW_802_11, CaptureError, CaptureReader
from tocsin.formats.problems import Problems
from tocsin.formats.receiver_json import ReceiverJsonError, read_document
from tocsin.formats.remote_id import RemoteIdError, decode_pack
from tocsin.formats.sbs import SbsError
from tocsin.formats.sbs import read_line as read_sbs
from tocsin.geo.frames import Origin, lla_from_enu
from tocsin.model.adapter import AdapterContext, Decoded, Decoder, FileReader
from tocsin.model.claim import Claim
from tocsin.model.detection import DIMENSION, Detection, MeasurementKind
from tocsin.model.errors import TocsinError
from tocsin.model.packet import Packet, PacketKind
from tocsin.model.sensor import Pose
from tocsin.sensors.remote_id.documents import Documents, is_document
from tocsin.sensors.remote_id.session import MAGIC_BYTES
from tocsin.service.geozones import zone_features
from tocsin.sharing.geojson.features import Feature, iso
from tocsin.units import RAD_PER_DEG

_RADIO = (RADIOTAP, RAW_802_11, NORDIC_BLE, BLE_PHDR, BLE)
_CATEGORIES = (*range(1, 35), 48, *range(62, 66), 129, 150, 205, 240, 247)  # of ASTERIX, those in use
_YEAR_10000_S = 253_402_300_800.0  # what no calendar of four digits holds
_LOOK_AT = 1 << 16  # bytes that tell a kind


class Kind(msgspec.Struct, frozen=True):
    """How files of one kind are read: the adapter and its settings; "" where they hold zones and no reports."""

    name: str
    adapter: str
    recognises: Callable[[bytes], bool]
    settings: Mapping[str, Any] = {}


class Conversion(msgspec.Struct, frozen=True):
    """What became of a file; `statistics` are the adapter's, `timed` says whether the file told times."""

    kind: str
    features: tuple[Feature, ...]
    statistics: Mapping[str, Any]
    timed: bool


def kind_of(data: bytes, named: str | None = None) -> Kind:
    """The kind that `data` shows, or the one named; raises TocsinError if there is none."""
    if named is not None:
        found = next((kind for kind in KINDS if kind.name == named), None)
        reason = f"no kind {named!r}"
    else:
        found = next((kind for kind in KINDS if kind.recognises(data)), None)
        reason = "its content is of no known kind"
    if found is None:
        raise TocsinError(f"{reason}; known are {', '.join(kind.name for kind in KINDS)}")
    return found


def convert(data: bytes, file: str, kind: Kind, place: Origin | None = None) -> Conversion:
    """Read `data` as `kind`; `place` is where the sensor stood, if that is known."""
    if not kind.adapter:
        return _zones(data, file, kind)
    adapter = load_adapter("tocsin.sensors", kind.adapter)
    origin = place or Origin(0.0, 0.0, 0.0)
    context = AdapterContext("file", Pose(), origin.latitude_rad, origin.longitude_rad, origin.height_m)
    reference = {"reference": place is not None} if "reference" in adapter.Settings.__struct_fields__ else {}
    decoder = cast(Decoder, adapter(adapter.Settings(**kind.settings, **reference), context))
    packets, timed = file_packets(decoder, data, file)
    features = tuple(_features((item for packet in packets for item in decoder.decode(packet)), place, timed))
    return Conversion(kind.name, features, decoder.statistics(), timed)


def _zones(data: bytes, file: str, kind: Kind) -> Conversion:
    found, problems = read_geozones(data), Problems()
    for reason in found.broken:
        problems.count("zone: broken", file, 0, reason)
    statistics = {"zones": len(found.zones), "problems": problems.statistics()}
    return Conversion(kind.name, tuple(zone_features(found)), statistics, False)


def file_packets(decoder: Decoder, data: bytes, file: str) -> tuple[list[Packet], bool]:
    """The file's packets; as one that was received at no known time if it does not tell."""
    if hasattr(decoder, "packets"):
        with suppress(TocsinError):  # it says nothing of times
            return list(cast(FileReader, decoder).packets(data, file)), True
    bare = Packet(PacketKind.DATA, "file", 0.0, data, connection=1, origin=f"{file}:1")
    return [bare, Packet(PacketKind.CLOSED, "file", 0.0, b"end of file", connection=1, origin=f"{file}:1")], False


def _features(items: Iterable[Decoded], place: Origin | None, timed: bool) -> Iterator[Feature]:
    for item in items:
        if isinstance(item, Claim):
            yield _claim(item, timed)
        elif isinstance(item, Detection):
            yield _detection(item, place, timed)


def _claim(claim: Claim, timed: bool) -> Feature:
    said = {
        "kind": "claim",
        "means": claim.means,
        "id": claim.identifier,
        "callsign": claim.callsign,
        "category": claim.category,
        "operator": claim.operator,
        "height_m": claim.height_m,
        "altitude_msl_m": claim.altitude_msl_m,
        "height_agl_m": claim.height_agl_m,
        "height_takeoff_m": claim.height_takeoff_m,
        "altitude_pressure_m": claim.altitude_pressure_m,
        "speed_mps": claim.speed_mps,
        "course_deg": None if claim.course_rad is None else claim.course_rad / RAD_PER_DEG,
        "climb_mps": claim.climb_mps,
        "sigma_horizontal_m": claim.sigma_horizontal_m,
        "on_ground": claim.on_ground,
        "signed": "signed, not verified" if claim.signed else None,
        "signal_dbm": claim.signal_dbm,
    }
    point = _point(claim.latitude_rad, claim.longitude_rad, claim.height_m)
    return _feature(claim.time_s if timed else None, point, said, claim.row)


def _detection(item: Detection, place: Origin | None, timed: bool) -> Feature:
    said: dict[str, Any] = {
        "kind": "detection",
        "id": item.sensor_track,
        "class": item.class_word,
        "range_rate_mps": item.range_rate_mps,
    }
    lla = item.lla
    if lla is None and place is not None:
        lla = _placed(item, place)
    if item.kind not in (MeasurementKind.POSITION_2D, MeasurementKind.POSITION_3D):
        names = ("range_m", "azimuth_deg", "elevation_deg")
        first = 1 if item.kind in (MeasurementKind.AZIMUTH, MeasurementKind.AZIMUTH_ELEVATION) else 0
        for name, value in zip(names[first : first + DIMENSION[item.kind]], item.values, strict=True):
            said[name] = value if name == "range_m" else value / RAD_PER_DEG
    if item.velocity_enu_mps is not None:
        said |= dict(zip(("east_mps", "north_mps", "up_mps"), item.velocity_enu_mps, strict=True))
    point = None if lla is None else _point(lla[0], lla[1], lla[2])
    return _feature(item.time_s if timed else None, point, said, item.row)


def _placed(item: Detection, place: Origin) -> tuple[float, float, float] | None:
    """Where a range and azimuth from the sensor's place lie; a slant range without elevation is taken as level."""
    if item.kind not in (MeasurementKind.POLAR_2D, MeasurementKind.POLAR_3D):
        return None
    elevation_rad = item.values[2] if item.kind is MeasurementKind.POLAR_3D else 0.0
    flat_m = item.values[0] * math.cos(elevation_rad)
    east_m, north_m = flat_m * math.sin(item.values[1]), flat_m * math.cos(item.values[1])
    enu = np.array([[east_m, north_m, item.values[0] * math.sin(elevation_rad)]])
    latitude_rad, longitude_rad, height_m = lla_from_enu(place, enu)[0].tolist()
    return latitude_rad, longitude_rad, height_m if item.kind is MeasurementKind.POLAR_3D else math.nan


def _point(latitude_rad: float | None, longitude_rad: float | None, height_m: float | None) -> list[float] | None:
    if latitude_rad is None or longitude_rad is None:
        return None
    point = [round(longitude_rad / RAD_PER_DEG, 7), round(latitude_rad / RAD_PER_DEG, 7)]
    return point if height_m is None or math.isnan(height_m) else [*point, round(height_m, 2)]


def _feature(time_s: float | None, point: list[float] | None, said: Mapping[str, Any], row: int) -> Feature:
    known = {key: _rounded(value) for key, value in said.items() if value is not None and value == value}
    return {
        "type": "Feature",
        "geometry": None if point is None else {"type": "Point", "coordinates": point},
        "properties": {"time": iso(time_s) if _is_of_a_calendar(time_s) else None, "row": row, **known},
    }


def _is_of_a_calendar(time_s: float | None) -> TypeGuard[float]:
    return time_s is not None and 0.0 <= time_s < _YEAR_10000_S


def _rounded(value: object) -> object:
    return round(value, 6) if isinstance(value, float) else value


# ---- what tells the kinds --------------------------------------------------------------------------------------------


def _is_radio_capture(data: bytes) -> bool:
    return bool(_link_types(data) & set(_RADIO))


def _link_types(data: bytes) -> set[int]:
    """Link types of the first frames of a capture."""
    if not CaptureReader.recognises(data):
        return set()
    found: set[int] = set()
    with suppress(CaptureError):  # the frames before the damage tell as well
        for frame in CaptureReader().feed(data[:_LOOK_AT]):
            found.add(frame.link_type)
    return found


def _is_internet_capture(data: bytes) -> bool:
    return bool(_link_types(data) & set(LINKS))


def _is_blocks(data: bytes) -> bool:
    try:
        blocks = list(read_blocks(data))
    except AsterixError:
        return False
    return bool(blocks) and all(block.category in _CATEGORIES for block in blocks)


def _is_messages(data: bytes) -> bool:
    try:
        return bool(decode_pack(data))
    except RemoteIdError:
        return False


def _is_beast(data: bytes) -> bool:
    reader = BeastReader()
    return data[:1] == b"\x1a" and sum(1 for _ in reader.feed(data[:_LOOK_AT])) > reader.others


def _is_aircraft_json(data: bytes) -> bool:
    if data.lstrip()[:1] not in (b"{", b"["):
        return False
    try:
        return bool(read_aircraft_json(data).aircraft)
    except AircraftJsonError:
        return False


def _of_lines(read: Callable[[bytes], object], refusal: type[TocsinError]) -> Callable[[bytes], bool]:
    """Whether most of the first lines can be read by `read`."""

    def recognises(data: bytes) -> bool:
        lines = [line for line in data[:_LOOK_AT].splitlines()[:-1][:200] if line.strip()] or [data.strip()]
        return sum(_is_read(read, refusal, line) for line in lines) > len(lines) / 2

    return recognises


def _is_read(read: Callable[[bytes], object], refusal: type[TocsinError], line: bytes) -> bool:
    try:
        read(line)
    except refusal:
        return False
    return True


def _is_receiver_json(data: bytes) -> bool:
    """Whether most of the first documents are a Remote ID receiver's."""
    if not is_document(data[:MAGIC_BYTES].ljust(MAGIC_BYTES)):
        return False
    known = [_is_read(read_document, ReceiverJsonError, one) for one in islice(Documents().feed(data), 20)]
    return sum(known) > len(known) / 2


def _is_zones(standard: str) -> Callable[[bytes], bool]:
    def recognises(data: bytes) -> bool:
        if data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] not in (b"{", b"["):
            return False
        try:
            return read_geozones(data).standard == standard
        except GeozoneError:
            return False

    return recognises


def _is_log(form: str) -> Callable[[bytes], bool]:
    return lambda data: log_form_of(data) == form


def _is_courageous(data: bytes) -> bool:
    return is_courageous(data[:_LOOK_AT])


KINDS = (
    Kind("ed-269", "", _is_zones("ED-269")),
    Kind("ed-318", "", _is_zones("ED-318")),
    Kind("courageous", "courageous", _is_courageous),
    Kind("gpx", "positions", _is_log("gpx")),
    Kind("kml", "positions", _is_log("kml")),
    Kind("geojson-track", "positions", _is_log("geojson")),
    Kind("nmea", "positions", _is_log("nmea")),
    Kind("remote-id-capture", "remote_id", _is_radio_capture, {"format": "capture"}),
    Kind("remote-id-messages", "remote_id", _is_messages, {"format": "messages"}),
    Kind("remote-id-json", "remote_id", _is_receiver_json, {"format": "json"}),
    Kind("asterix-capture", "asterix", _is_internet_capture, {"framing": "capture"}),
    Kind("asterix-blocks", "asterix", _is_blocks, {"framing": "stream", "clock_s": 43_200.0}),
    Kind("beast", "adsb", _is_beast, {"format": "beast"}),
    Kind("aircraft-json", "adsb", _is_aircraft_json, {"format": "json"}),
    Kind("sbs", "adsb", _of_lines(read_sbs, SbsError), {"format": "sbs"}),
    Kind("avr", "adsb", _of_lines(read_avr, AvrError), {"format": "avr"}),
)
