import math

import pytest

from adsb_frames import airborne, beast
from contract.test_courageous import sample as courageous
from receiver_documents import drone_scout, packed, uas_data
from remote_id_frames import beacon, capture
from shared_data import shared
from tocsin.formats.pcap import RADIOTAP
from tocsin.formats.remote_id import BasicId, Location, encode_pack
from tocsin.model.errors import TocsinError
from tocsin.service.conversion import convert, kind_of
from unit.formats.test_fixes import KML, POINT, gpx
from unit.formats.test_nmea import GGA, RMC, log

PACK = encode_pack((BasicId(1, 2, "ONE"), Location(status=2, latitude_deg=1.0, longitude_deg=2.0)))
FRAME = airborne(1, (1.0, 2.0), 1000, is_odd=False)
CONTENTS = {
    "remote-id-capture": capture(RADIOTAP, [(1.7e9, beacon(bytes(6), PACK))]),
    "remote-id-messages": PACK,
    "beast": beast(FRAME),
    "aircraft-json": b'{"now": 1700000000.0, "aircraft": [{"hex": "4ca123", "lat": 1.0, "lon": 2.0}]}',
    "sbs": b"MSG,3,1,1,4CA123,1,2026/03/01,10:00:04.000,2026/03/01,10:00:04.000,,3000,,,1.0,2.0,,,,,,0\r\n",
    "avr": f"*{FRAME.hex()};\n".encode(),
}
ZONE = b"""{"UASZoneList": [{"identifier": "A", "geometry": [{"horizontalProjection":
{"type": "Circle", "center": [18.5, 54.5], "radius": 500}}]}]}"""
CONTENTS |= {
    "remote-id-json": packed(drone_scout(uas_data())),
    "ed-269": ZONE,
    "ed-318": b"""{"features": [{"properties": {"identifier": "A", "type": "PROHIBITED"}, "geometry":
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}}]}""",
}
CONTENTS |= {
    "courageous": courageous(),
    "gpx": gpx(),
    "kml": KML,
    "geojson-track": POINT,
    "nmea": log(RMC, GGA),
}
FROM_OUTSIDE = {  # kind, positions, reports without one
    "remoteid/odid_wifi_bcn_sample.pcap": ("remote-id-capture", 21, 0),
    "remoteid/odid_bt5_lr_sample.pcapng": ("remote-id-capture", 0, 222),
    "remoteid/parrot_anafi4_real.pcapng": ("remote-id-capture", 1140, 0),
    "remoteid/parrot_anafi4_spoofed.pcapng": ("remote-id-capture", 26, 0),
    "remoteid/dji_air3.pcapng": ("remote-id-capture", 9, 0),
    "remoteid/mavic_alessa_spoofed.pcapng": ("remote-id-capture", 10, 0),
    "remoteid/mavic_multiple_spoofed.pcapng": ("remote-id-capture", 77, 0),
    "asterix/cat_034_048.pcap": ("asterix-capture", 0, 126),
    "asterix/cat_062_065.pcap": ("asterix-capture", 2, 0),
    "asterix/asterix.pcap": ("asterix-capture", 0, 0),
    "asterix/cat034.raw": ("asterix-blocks", 0, 0),
    "asterix/cat048.raw": ("asterix-blocks", 0, 1),
    "asterix/cat062cat065.raw": ("asterix-blocks", 2, 0),
    "remoteid/scenario_4236_-7106.json": ("remote-id-json", 28, 0),
    "adsb/adsbtools_example.beast": ("beast", 1, 0),
    "adsb/adsbtools_beast_1.bin": ("beast", 56, 0),
    "adsb/adsbtools_raw_avr_1.txt": ("avr", 18, 0),
    "adsb/pymodes_sample_adsb.csv": ("avr", 933, 0),
}


@pytest.mark.parametrize("name", CONTENTS)
def test_the_content_tells_the_kind(name: str) -> None:
    assert kind_of(CONTENTS[name]).name == name


@pytest.mark.parametrize("data", [b"", b"hello\n", b"{}", b"\x1a\x1a\x1a", bytes(100)])
def test_what_is_of_no_kind_is_refused(data: bytes) -> None:
    with pytest.raises(TocsinError, match="known are"):
        kind_of(data)


@pytest.mark.parametrize("name", FROM_OUTSIDE)
def test_files_from_outside(name: str) -> None:
    kind, placed, bare = FROM_OUTSIDE[name]
    data = shared(f"samples/{name}").read_bytes()
    found = convert(data, name, kind_of(data))
    points = [feature["geometry"] for feature in found.features if feature["geometry"] is not None]
    assert (found.kind, len(points), len(found.features) - len(points)) == (kind, placed, bare)
    for point in points:
        assert point["type"] == "Point"
        assert abs(point["coordinates"][0]) <= 180.0
        assert abs(point["coordinates"][1]) <= 90.0
        assert all(map(math.isfinite, point["coordinates"]))


@pytest.mark.parametrize("name", ["beast", "avr", "remote-id-messages"])
def test_a_file_without_times_says_so(name: str) -> None:
    found = convert(CONTENTS[name], name, kind_of(CONTENTS[name]))
    assert not found.timed
    assert {feature["properties"]["time"] for feature in found.features} <= {None}


def test_a_time_of_no_calendar_is_null_and_costs_no_report() -> None:
    data = drone_scout(uas_data(), 1_772_359_201_000) + drone_scout(uas_data(latitude=54.7), 1_680_000_000_000_000)
    found = convert(data, "drones.json", kind_of(data, None))
    times = [feature["properties"]["time"] for feature in found.features]
    assert len(times) == 2 and times[0].startswith("2026-03-01T") and times[1] is None
