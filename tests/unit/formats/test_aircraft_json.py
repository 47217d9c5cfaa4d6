"""The entries are those that readsb's and dump1090's own documentation and feeds show."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.formats.aircraft_json import Aircraft, AircraftJsonError, read_document

READSB = b"""{ "now" : 1700000000.5, "messages" : 99,
  "aircraft" : [
    {"hex":"a8aa7e","type":"adsb_icao","flight":"N658AM  ","alt_baro":"ground","gs":0.0,"track":278.4,"squawk":"1200",
     "category":"A7","lat":34.587987,"lon":-117.375355,"nic":9,"rc":75,"seen_pos":27.9,"version":2,"nac_p":10,
     "mlat":[],"tisb":[],"messages":5272,"seen":27.9,"rssi":-19.2},
    {"hex":"ac9e77","type":"mlat","flight":"DAL1106 ","alt_baro":37000,"alt_geom":38650,"gs":496.2,"track":108.7,
     "baro_rate":-64,"lat":38.015907,"lon":-116.142684,"seen_pos":17.8,"mlat":["lat","lon"],"tisb":[],"rssi":-20.1},
    {"hex":"~2b0ef6","type":"tisb_trackfile","lat":37.5,"lon":-122.2,"seen_pos":0.1},
    {"hex":"abcdef","type":"mode_s","alt_baro":12000,"seen":1.0},
    {"hex":"broken","lat":"north"}
  ]
}"""
OLD = b"""[{"hex":"4ca2d6","flight":"RYR1","lat":52.0,"lon":4.0,"altitude":3000,"track":90,"speed":250,
  "vert_rate":640,"seen":2}]"""
ONE = b'{"now":1700000001.0,"hex":"4CA2D6","lat":52.0,"lon":4.0,"alt_baro":3000,"seen_pos":0.2,"tisb":["lat"]}'


def test_readsbs_list() -> None:
    document = read_document(READSB)
    assert document.now_s == 1700000000.5
    grounded, computed, relayed, silent = document.aircraft
    assert grounded == Aircraft(
        "a8aa7e", "adsb", "N658AM", "A7", 34.587987, -117.375355, None, None, True, 0.0, 278.4, None, 10, 27.9
    )
    assert (computed.source, computed.altitude_ft, computed.altitude_geometric_ft) == ("mlat", 37000.0, 38650.0)
    assert (computed.on_ground, computed.climb_fpm) == (False, -64.0)
    assert (relayed.hex, relayed.source) == ("~2b0ef6", "tisb")
    assert (silent.source, silent.latitude_deg) == ("mode_s", None)
    assert len(document.broken) == 1


def test_dump1090s_older_names() -> None:
    (aircraft,) = read_document(OLD).aircraft
    assert (aircraft.altitude_ft, aircraft.speed_kt, aircraft.climb_fpm) == (3000.0, 250.0, 640.0)
    assert aircraft.position_age_s == 2.0


def test_one_aircraft_a_line() -> None:
    document = read_document(ONE)
    assert document.now_s == 1700000001.0
    assert [(one.hex, one.source) for one in document.aircraft] == [("4ca2d6", "tisb")]


def test_milliseconds_are_known_by_their_size() -> None:
    assert read_document(b'{"now": 1790625422353, "ac": []}').now_s == 1790625422.353


@pytest.mark.parametrize("data", [b"", b"{", b"{}", b'{"now": "late"}', b"3", b'{"hex": 3}'])
def test_what_is_none_is_refused(data: bytes) -> None:
    with pytest.raises(AircraftJsonError):
        read_document(data)


@given(st.binary(max_size=100), st.integers(0, len(READSB)))
def test_no_bytes_do_worse_than_an_error(noise: bytes, at: int) -> None:
    for data in (noise, READSB[:at] + noise + READSB[at:]):
        with suppress(AircraftJsonError):
            read_document(data)
