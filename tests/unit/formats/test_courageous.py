"""The COURAGEOUS test format: a document of a real system, every location, what is refused, any bytes at all."""

import gzip
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_data import shared
from tocsin.formats.courageous import (
    Alarm,
    Arc,
    Bearing,
    BearingElevation,
    BearingElevationDistance,
    CourageousError,
    Document,
    Location,
    Place2d,
    Place3d,
    Position3d,
    Quad,
    Record,
    RecordSet,
    Velocity,
    is_document,
    read_document,
    write_document,
)

SITE = Position3d(54.6, 18.8, 12.0)
LOCATIONS: tuple[Location, ...] = (
    Arc(from_=350.0, to=10.0),
    Quad("North"),
    Bearing(90.0),
    BearingElevation(90.0, 5.0),
    BearingElevationDistance(90.0, 5.0, 1200.0),
    Place2d(54.61, 18.81),
    Place3d(54.61, 18.81, 80.0),
)


def document(*records: Record, is_track: bool = True) -> Document:
    found = (RecordSet(records, 7, "T7"),)
    return Document("v", "s", SITE, found if is_track else (), () if is_track else found)


def record(number: int = 0, **more: Any) -> Record:
    return Record(**{"record_number": number, "time": 1_700_000_000_000 + number, "classification": "UAV",
                     "alarm": Alarm(True, 0.9), "location": LOCATIONS[4], **more})  # fmt: skip


def changed(**more: Any) -> bytes:
    plain = json.loads(write_document(document(record())))
    plain["tracks"][0]["records"][0].update(more)
    return json.dumps(plain).encode()


def test_a_document_of_a_real_system() -> None:
    data = gzip.decompress(shared("data/courageous_sample/test_data.json.gz").read_bytes())
    found = read_document(data)
    assert (found.broken, found.repeated) == ((), 12)  # its hits are records of its tracks once more
    assert [(one.uas_id, one.name, len(one.records)) for one in found.tracks] == [
        (3, "108", 63), (3, "224", 74), (3, "293", 51), (3, "372", 27),
    ]  # fmt: skip
    assert found.static_cuas_location == Position3d(51.15683, 2.73865, 13.8)
    assert found.tracks[0].records[0].location == BearingElevation(243.59427499999998, 2.661875)
    written, given = msgspec.json.decode(write_document(found)), msgspec.json.decode(data)
    assert written["tracks"] == given["tracks"]


def test_what_is_written_keeps_the_published_schema() -> None:
    """Draft-07 by hand: required members and no member that the schema does not know."""
    schema = json.loads(shared("data/courageous_sample/courageous.schema.json").read_bytes())
    written = json.loads(write_document(document(*(record(k, location=one) for k, one in enumerate(LOCATIONS)))))
    check(schema, schema, written)
    with pytest.raises(AssertionError):
        check(schema, schema, {**written, "version": "0.4.0"})


def check(schema: dict[str, Any], root: dict[str, Any], value: Any) -> None:
    if "$ref" in schema:
        schema = root["definitions"][schema["$ref"].rpartition("/")[2]]
    if "enum" in schema:
        assert value in schema["enum"]
    for part in schema.get("allOf", ()):
        check(part, root, value)
    choices = schema.get("oneOf") or schema.get("anyOf")
    if choices:
        assert any(keeps(one, root, value) for one in choices)
    kinds = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": (int, float)}
    named = schema.get("type", [])
    for name in [named] if isinstance(named, str) else []:
        assert isinstance(value, kinds[name])
    if isinstance(value, dict):
        assert set(schema.get("required", ())) <= set(value)
        for key, inner in value.items():
            if "properties" in schema:
                check(schema["properties"][key], root, inner)
    if isinstance(value, list):
        for inner in value:
            check(schema["items"], root, inner)


def keeps(schema: dict[str, Any], root: dict[str, Any], value: Any) -> bool:
    try:
        check(schema, root, value)
    except (AssertionError, KeyError):
        return False
    return True


@pytest.mark.parametrize("location", LOCATIONS, ids=lambda one: type(one).__name__)
def test_every_location_reads_back(location: Location) -> None:
    one = document(
        record(location=location, velocity=Velocity(1.0, -2.0, 0.5), cuas_location=SITE, identification="DJI")
    )
    assert read_document(write_document(one)) == one


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"location": {"$type": "Bearing", "bearing": 900.0}}, "location: bearing"),
        ({"location": {"$type": "Position2d", "lat": 91.0, "lon": 0.0}}, "location: lat"),
        ({"location": {"$type": "Point"}}, "$.location"),
        ({"location": None}, "location: missing"),
        ({"alarm": {"active": True, "certainty": 1.5}}, "alarm.certainty"),
        ({"time": -1}, "time"),
        ({"time": "now"}, "$.time"),
        ({"classification": "Bird"}, "$.classification"),
    ],
)
def test_a_broken_record_is_left_out_and_told_of_with_its_path(more: dict[str, Any], path: str) -> None:
    found = read_document(changed(**more))
    assert found.tracks[0].records == ()
    (reason,) = found.broken
    assert reason.startswith("tracks[0].records[0]")
    assert path in reason


def test_a_record_that_comes_again_is_counted() -> None:
    found = read_document(write_document(document(record(3), record(3))))
    assert len(found.tracks[0].records) == 1
    assert (found.broken, found.repeated) == ((), 1)


def test_hits_need_neither_place_nor_alarm() -> None:
    one = document(record(location=None, alarm=None), is_track=False)
    assert read_document(write_document(one)) == one


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{}", changed().replace(b"0.4.1", b"0.3.0"), b"\xff\xfe", b"[" * 100_000]
)
def test_what_is_no_document_is_refused(data: bytes) -> None:
    with pytest.raises(CourageousError):
        read_document(data)


def test_it_is_recognised_by_its_content() -> None:
    assert is_document(write_document(document(record())))
    assert not is_document(b'{"type": "FeatureCollection"}')


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["UAV", "Bearing", "0.4.1", "North"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["$type", "bearing", "records", "time", "location", "alarm"]), inner, max_size=4
        )
    ),
    max_leaves=20,
)


@given(JSON, JSON)
def test_any_json_gives_a_document_or_an_error(one: Any, other: Any) -> None:
    plain = json.loads(write_document(document(record())))
    for value in (one, {**plain, "tracks": [{"uas_id": 1, "records": [one, other]}]}, {**plain, "detection": other}):
        try:
            read_document(json.dumps(value).encode())
        except CourageousError:
            pass


@given(st.binary(max_size=200), st.integers(0, 400))
def test_any_bytes_give_a_document_or_an_error(data: bytes, at: int) -> None:
    good = write_document(document(record()))
    for value in (data, good[:at] + data + good[at + len(data) :]):
        try:
            read_document(value)
        except CourageousError:
            pass
