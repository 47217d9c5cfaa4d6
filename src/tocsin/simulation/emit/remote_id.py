"""Remote ID emitter: a receiver's claims as ASTM F3411-22a message packs, one a claim, without the radio's header.

Packs are meant for datagrams: one says its length, but nothing marks its beginning in a stream. `remote_id_frame` puts
the pack into a Wi-Fi beacon as a record of a capture file, which tells when it was received. There is no sign of life.
"""

from zlib import crc32

from tocsin.formats.pcap import pcap_record
from tocsin.formats.remote_id import BasicId, Location, Message, OperatorId, System, encode_pack
from tocsin.formats.wifi import write_beacon
from tocsin.simulation.report import Report, ReportKind

_ASD_STAN = bytes.fromhex("fa0bbc0d")  # vendor and type of the beacon's element; a counter and the pack follow
_SIGNAL_DBM = -60
_SERIAL_NUMBER, _MULTIROTOR, _AIRBORNE, _TAKE_OFF = 1, 2, 2, 0


def remote_id_pack(report: Report, time_s: float, received_s: float) -> bytes:
    """The pack of one claim, empty for anything else; the times are UTC seconds, of which radio carries the first."""
    if report.kind is not ReportKind.CLAIM:
        return b""
    said = {name: value for name, value in report.fields.items() if isinstance(value, float)}
    messages: list[Message] = [
        BasicId(_SERIAL_NUMBER, _MULTIROTOR, str(report.fields["id"])),
        Location(
            status=_AIRBORNE,
            direction_deg=said["course_deg"],
            speed_mps=said["speed_mps"],
            climb_mps=said["climb_mps"],
            latitude_deg=said["latitude_deg"],
            longitude_deg=said["longitude_deg"],
            altitude_geodetic_m=said.get("height_m"),
            hour_s=round((time_s + said.get("clock_ahead_s", 0.0)) % 3600.0, 1),
        ),
    ]
    if "pilot_latitude_deg" in said:
        place = (said["pilot_latitude_deg"], said["pilot_longitude_deg"])
        messages.append(System(_TAKE_OFF, latitude_deg=place[0], longitude_deg=place[1], time_s=float(int(time_s))))
    if "operator" in report.fields:
        messages.append(OperatorId(0, str(report.fields["operator"])))
    return encode_pack(tuple(messages))


def remote_id_frame(report: Report, time_s: float, received_s: float) -> bytes:
    """The record of one claim in a capture of Wi-Fi with radiotap headers (link type 127)."""
    pack = remote_id_pack(report, time_s, received_s)
    if not pack:
        return b""
    sender = b"\x02\x54" + crc32(str(report.fields["id"]).encode()).to_bytes(4, "big")  # locally administered
    level = report.fields.get("signal_dbm")
    signal_dbm = int(level) if isinstance(level, float) else _SIGNAL_DBM
    return pcap_record(received_s, write_beacon(sender, _ASD_STAN + b"\0" + pack, signal_dbm))
