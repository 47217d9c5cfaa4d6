"""The `cot` adapter that reads keeps the contract on its sample, which is built here again byte for byte."""

from pathlib import Path

from tocsin.formats.cot import CotEvent, write_event
from tocsin.formats.cot_protobuf import write_stream
from tocsin.geo.flow import flow_tag
from tocsin.geo.frames import Origin
from tocsin.model.adapter import AdapterContext
from tocsin.model.sensor import Pose
from tocsin.sensors.cot import adapter
from tocsin.sensors.cot.adapter import Adapter
from tocsin.testing import Sample, check_adapter, read_expected
from tocsin.units import RAD_PER_DEG

FOLDER = Path(adapter.__file__).parent
NORTH_PIER = AdapterContext("sample", Pose(), 54.6 * RAD_PER_DEG, 18.8 * RAD_PER_DEG, 41.0)
OWN = flow_tag(Origin(NORTH_PIER.origin_latitude_rad, NORTH_PIER.origin_longitude_rad, 41.0))
BEGIN_S = 1_772_359_200.0
DEVICE = b"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<event version="2.0" uid="ANDROID-0001" type="a-f-G-U-C" time="2026-03-01T10:00:01.000Z" \
start="2026-03-01T10:00:01.000Z" stale="2026-03-01T10:06:16.000Z" how="h-e">
<point lat="54.601" lon="18.801" hae="41.5" ce="9999999.0" le="9999999.0"/>
<detail><contact callsign="PATROL 1" endpoint="*:-1:stcp"/><track speed="1.5" course="270.0"/></detail></event>"""


def stream() -> bytes:
    """A device, a partner's drone in protobuf, our own coming back, one that breaks off, a chat, an exercise."""
    drone = CotEvent("partner-7", "a-u-A-M-H-Q", "m-f", BEGIN_S + 2.0, BEGIN_S + 7.0, 54.61, 18.79, 120.0, 8.0, 4.0,
                     "T7", 90.0, 12.5, "seen by radar")  # fmt: skip
    chat = DEVICE.replace(b"a-f-G-U-C", b"b-t-f").replace(b"ANDROID-0001", b"GeoChat.1")
    own = CotEvent("01HOWN", "a-u-A", "m-f", BEGIN_S, BEGIN_S + 5.0, 54.6, 18.8, flow=(OWN, "taky"))
    drill = CotEvent("drill-1", "a-h-A-M-F-Q", "m-f", BEGIN_S + 3.0, BEGIN_S + 8.0, -1.5, -2.5, exercise="north")
    return (
        DEVICE
        + write_stream(drone)
        + write_event(own)
        + DEVICE[: len(DEVICE) // 2]
        + chat
        + b"\xbf\x04\x0a\x02\x08\x01"
        + write_event(drill)
        + b"\xef\xbb\xbf"
        + DEVICE.replace(b"54.601", b"0").replace(b"18.801", b"0.0")
    )


def test_the_sample_is_what_its_builder_builds() -> None:
    assert (FOLDER / "samples" / "stream.cot").read_bytes() == stream()


def test_cot_keeps_the_contract() -> None:
    expected = read_expected((FOLDER / "samples" / "stream.expected.jsonl").read_text("utf-8"))
    sample = Sample(stream(), BEGIN_S + 5.0, expected, tolerance=1e-6)
    check_adapter(Adapter, Adapter.Settings(), NORTH_PIER, sample, (FOLDER / "README.md").read_text("utf-8"))
