"""Documents of each known receiver, and of none."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from receiver_documents import MESH, drone_scout, listed, sectioned, uas_data
from shared_data import shared
from tocsin.formats.receiver_json import Heard, ReceiverJsonError, read_document
from tocsin.formats.remote_id import BasicId, Location, OperatorId, SelfId, System


def told(value: Any) -> Heard:
    (heard,) = read_document(json.dumps(value).encode())
    return heard


def of(heard: Heard, kind: type) -> Any:
    (found,) = (message for message in heard.messages if isinstance(message, kind))
    return found


def test_drone_scout() -> None:
    (heard,) = read_document(drone_scout(uas_data()))
    assert (heard.sender, heard.signal_dbm, heard.time_s) == ("02:00:5e:10:00:01", -71.0, 1_772_359_201.0)
    assert of(heard, Location).latitude_deg == 54.61
    assert read_document(b'{"protocol": 1.0, "status": {"model": "ds240", "status": "online"}}') == ()
    assert read_document(b'{"protocol": 1.0, "location": {"latitude": 54.6, "longitude": 18.8}}') == ()


def test_the_list_of_sections_with_units_in_texts() -> None:
    heard = told(listed())
    assert heard.sender == "8e:3b:93:22:33:fa" and heard.signal_dbm == -60.0
    assert of(heard, BasicId) == BasicId(1, 2, "TCSN7SAMPLE0002")
    assert of(heard, Location) == Location(
        2, 270.0, 8.25, -1.0, 54.615, 18.785, None, 64.5, 45.0, False, 8, 4, hour_s=2.5
    )
    assert of(heard, System) == System(latitude_deg=54.59, longitude_deg=18.77)
    assert of(heard, OperatorId).operator_id == "FIN-OP-2" and of(heard, SelfId).text == "test flight"


def test_the_object_of_sections() -> None:
    heard = told(sectioned())
    assert heard.sender == "AA:BB:CC:DD:EE:FF" and heard.signal_dbm == -68.0
    assert of(heard, BasicId).ua_type == 1
    assert of(heard, System) == System(latitude_deg=54.58, longitude_deg=18.76)


def test_older_decoders_count_ten_millionths() -> None:
    heard = told([{"Basic ID": {"id": "A"}}, {"Location Vector": {"latitude": 546100000, "longitude": -187900000}}])
    assert of(heard, Location).latitude_deg == pytest.approx(54.61)
    assert of(heard, Location).longitude_deg == pytest.approx(-18.79)


def test_two_ids_of_one_drone_in_a_list() -> None:
    ids = [{"id_type": "Serial Number (ANSI/CTA-2063-A)", "id": "S", "ua_type": "Helicopter (or Multirotor)"},
           {"id_type": "CAA Assigned Registration ID", "id": "R"}]  # fmt: skip
    for value in ({"Basic ID": ids}, [{"Basic ID": ids[0]}, {"Basic ID": ids[1]}]):
        found = [message for message in told(value).messages if isinstance(message, BasicId)]
        assert [(basic.id_type, basic.uas_id) for basic in found] == [(1, "S"), (2, "R")]


def test_sentinels_and_nonsense_are_unknown() -> None:
    said = {"latitude": 0.0, "longitude": 0.0, "direction": 361, "speed": "255.0 m/s", "vert_speed": 63,
            "geodetic_altitude": -1000, "height_agl": None, "timestamp": "2026-03-01T10:00:00Z",
            "horizontal_accuracy": "Unknown", "op_status": 99}  # fmt: skip
    assert of(told({"Location/Vector Message": said}), Location) == Location()
    for wrong in (True, [], {}, "", "nan", 1e308, 10**400, "1e999", None):
        of(told({"Location/Vector Message": {key: wrong for key in said}}), Location)


def test_mesh_mapper_lines() -> None:
    beat, seen, nowhere = MESH.splitlines()
    assert read_document(beat) == ()
    (heard,) = read_document(seen)
    assert (heard.sender, heard.signal_dbm) == ("60:60:1f:aa:bb:cc", -52.0)
    assert of(heard, Location) == Location(latitude_deg=54.612345, longitude_deg=18.798765, altitude_geodetic_m=121.0)
    assert of(heard, System).latitude_deg == 54.6
    (heard,) = read_document(nowhere)
    assert heard.messages == (Location(),)


def test_a_mesh_node_with_more_to_say() -> None:
    heard = told({"type": "drone", "mac": "aa", "rssi": -60, "id_type": 1, "ua_type": 4, "basic_id": "X", "status": 2,
                  "drone_lat": 1.5, "drone_long": 2.5, "drone_altitude": 80, "height_agl": 40, "heading": 359,
                  "speed_horizontal": 7.5, "speed_vertical": -0.5, "operator_id": "OP"})  # fmt: skip
    assert of(heard, Location) == Location(2, 359.0, 7.5, -0.5, 1.5, 2.5, None, 80.0, 40.0)
    assert of(heard, BasicId) == BasicId(1, 4, "X") and of(heard, OperatorId).operator_id == "OP"


def test_dragon_sync_messages() -> None:
    heard = told({"id": "drone-1581F", "id_type": "Serial Number (ANSI/CTA-2063-A)", "track_type": "drone", "lat": 1.0,
                  "lon": 2.0, "alt": 100.0, "height": 0, "speed": 0.0, "direction": 0, "ua_type": 2, "mac": "aa",
                  "rssi": -70, "pilot_lat": 0.0, "pilot_lon": 0.0, "observed_at": 1772359201.5})  # fmt: skip
    assert of(heard, BasicId).uas_id == "1581F" and heard.time_s == 1_772_359_201.5
    location = of(heard, Location)
    assert (location.altitude_geodetic_m, location.height_m, location.speed_mps) == (100.0, None, 0.0)
    assert not any(isinstance(message, System) for message in heard.messages)
    assert read_document(b'{"icao": "4CA123", "lat": 1.0, "lon": 2.0, "track_type": "aircraft"}') == ()


def test_the_scenario_of_dragon_sync_gives_its_places() -> None:
    heard = read_document(shared("samples/remoteid/scenario_4236_-7106.json").read_bytes())
    ids = {message.uas_id for one in heard for message in one.messages if isinstance(message, BasicId)}
    assert "PA2024ANFJWDME6C" in ids and len(ids) >= 2
    places = [of(one, Location) for one in heard]
    assert all(42.3 < place.latitude_deg < 42.4 and place.altitude_geodetic_m for place in places)


@pytest.mark.parametrize(
    "data",
    [b"", b"7", b'"text"', b"{}", b"[1, 2]", b'{"lat": 1}', b"{" * 5, b"[" * 100_000, b'{"protocol": 1}', b"\xff{",
     b'{"protocol": 1.0, "data": {"UASdata": "%%%"}}', b'{"protocol": 1.0, "data": {"UASdata": "AAAA"}}'],
)  # fmt: skip
def test_what_is_no_receivers_document_is_refused(data: bytes) -> None:
    with pytest.raises(ReceiverJsonError):
        read_document(data)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(
        ["Basic ID", "Location/Vector Message", "System Message", "latitude", "longitude", "coord", "id", "mac", "RSSI",
         "drone_lat", "drone_long", "protocol", "data", "UASdata", "scenarios", "animated_tracks", "lat", "lon",
         "ua_type", "flight_path", "waypoints", "Self-ID Message", "aext", "AUX_ADV_IND"]), inner, max_size=5),
    max_leaves=25,
)  # fmt: skip


@given(JSON)
def test_any_json_gives_something_heard_or_an_error(value: Any) -> None:
    try:
        read_document(json.dumps(value).encode())
    except ReceiverJsonError:
        pass
