"""CAP 1.2: against the OASIS schema, there and back, and what the schema does not check."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from shared_data import shared
from tocsin.formats.cap import (
    CapArea,
    CapError,
    CapInfo,
    CapMessage,
    cap_time,
    problems,
    read_cap,
    reference,
    write_cap,
)

SQUARE = ((54.5, 18.5), (54.5, 18.6), (54.6, 18.6), (54.5, 18.5))
AREA = CapArea("pier & quay", (SQUARE,), (((54.6, 18.8), 0.4),), (("SAME", "006109"),))
INFO = CapInfo(
    "Drone approaching",
    ("Security", "Safety"),
    "Immediate",
    "Severe",
    "Likely",
    language="pl",
    responses=("Shelter",),
    effective_s=1_790_000_000.0,
    onset_s=1_790_000_000.0,
    expires_s=1_790_000_600.0,
    sender_name="Test pier",
    headline="Nadlatuje dron",
    description="<b>&",
    instruction="Ukryj się.",
    areas=(AREA,),
)
FIRST = CapMessage("W1-X-1", "tocsin.test", 1_790_000_000.0, "Actual", "Alert", infos=(INFO,))

text = st.text(st.characters(categories=["L", "N", "P", "Zs"]), min_size=1, max_size=30).map(str.strip).filter(bool)
name = st.from_regex(r"\A[A-Za-z0-9.-]{1,20}\Z")
time = st.integers(0, 4_000_000_000).map(float)
point = st.tuples(st.integers(-90_000_000, 90_000_000), st.integers(-180_000_000, 180_000_000)).map(
    lambda p: (p[0] / 1e6, p[1] / 1e6)
)
polygon = st.lists(point, min_size=3, max_size=6).map(lambda points: (*points, points[0]))
area = st.builds(
    CapArea,
    description=text,
    polygons_deg=st.lists(polygon, min_size=1, max_size=2).map(tuple),
    circles_deg_km=st.lists(st.tuples(point, st.integers(0, 10**6).map(lambda m: m / 1e3)), max_size=2).map(tuple),
)
info = st.builds(
    CapInfo,
    event=text,
    categories=st.lists(st.sampled_from(["Geo", "Safety", "Security"]), min_size=1, max_size=2).map(tuple),
    urgency=st.sampled_from(["Immediate", "Past"]),
    severity=st.sampled_from(["Extreme", "Unknown"]),
    certainty=st.sampled_from(["Observed", "Likely"]),
    language=st.sampled_from(["en", "pl", "uk"]),
    expires_s=time,
    headline=text,
    instruction=text,
    areas=st.lists(area, min_size=1, max_size=2).map(tuple),
)
message = st.builds(
    CapMessage,
    identifier=name,
    sender=name,
    sent_s=time,
    status=st.sampled_from(["Actual", "Exercise", "Test"]),
    kind=st.just("Update"),
    note=text,
    references=st.lists(st.builds(reference, name, name, time), min_size=1, max_size=3).map(tuple),
    infos=st.lists(info, min_size=1, max_size=2).map(tuple),
)


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(shared("samples/cap/CAP-v1.2-schema.xsd")))


def test_the_schema_takes_every_kind(schema: etree.XMLSchema) -> None:
    for kind in ("Alert", "Update", "Cancel", "Ack", "Error"):
        for status in ("Actual", "Exercise", "System", "Test", "Draft"):
            written = write_cap(
                msgspec.structs.replace(FIRST, kind=kind, status=status, note="n", references=("a,b,c",))
            )
            schema.assertValid(etree.fromstring(written))


@given(message)
def test_there_and_back(made: CapMessage) -> None:
    assert read_cap(write_cap(made)) == made


def test_the_schema_takes_whatever_is_written(schema: etree.XMLSchema) -> None:
    @given(message)
    def valid(made: CapMessage) -> None:
        schema.assertValid(etree.fromstring(write_cap(made)))

    valid()


def test_the_form_of_the_standard() -> None:
    written = write_cap(FIRST).decode()
    assert "<sent>2026-09-21T14:13:20-00:00</sent>" in written  # never Z
    assert (
        "<polygon>54.500000,18.500000 54.500000,18.600000 54.600000,18.600000 54.500000,18.500000</polygon>" in written
    )
    assert "<circle>54.600000,18.800000 0.400</circle>" in written
    assert cap_time(0.9) == "1970-01-01T00:00:00-00:00"
    assert list(problems(FIRST)) == []


@pytest.mark.parametrize(("change", "words"), [
    ({"identifier": "a b"}, "identifier"),
    ({"sender": "a,b"}, "sender"),
    ({"kind": "Update"}, "references: a message of type Update"),
    ({"references": ("a,b,2026-09-21T14:13:20-00:00",)}, "references: a first message"),
    ({"kind": "Cancel", "references": ("a,b,2026-09-21T14:13:20Z",)}, "is not sender,identifier,sent"),
    ({"status": "Exercise"}, "note: an exercise"),
    ({"scope": "Restricted"}, "restriction"),
    ({"scope": "Private"}, "addresses"),
    ({"infos": ()}, "info: an alert"),
    ({"infos": (INFO, INFO)}, "two infos speak one language"),
    ({"infos": (msgspec.structs.replace(INFO, expires_s=1_790_000_000.0),)}, "expires: is not after"),
    ({"infos": (msgspec.structs.replace(INFO, expires_s=None),)}, "expires: a warning"),
    ({"infos": (msgspec.structs.replace(INFO, categories=()),)}, "category"),
    ({"infos": (msgspec.structs.replace(INFO, certainty="Very Likely"),)}, "certainty"),
    ({"infos": (msgspec.structs.replace(INFO, areas=()),)}, "area: nobody"),
    ({"infos": (msgspec.structs.replace(INFO, areas=(CapArea("x"),)),)}, "has no polygon"),
    ({"infos": (msgspec.structs.replace(INFO, areas=(CapArea("x", (SQUARE[:3],)),)),)}, "four points"),
    ({"infos": (msgspec.structs.replace(INFO, areas=(CapArea("x", (((118.5, 54.5),) * 4,)),)),)}, "is not latitude"),
])  # fmt: skip
def test_what_the_schema_does_not_see_is_seen(change, words) -> None:
    found = list(problems(msgspec.structs.replace(FIRST, **change)))
    assert len(found) >= 1 and any(words in one for one in found)


@given(st.binary(max_size=200) | st.tuples(st.integers(0, 2000), st.binary(min_size=1, max_size=3)))
def test_damage_is_refused_and_never_raises_anything_else(damage) -> None:
    data = damage
    if isinstance(damage, tuple):
        place, put = damage
        whole = write_cap(FIRST)
        data = whole[:place] + put + whole[place + len(put) :]
    try:
        read_cap(data)
    except CapError:
        pass


def test_entities_are_not_resolved() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + write_cap(FIRST).partition(b"?>")[2].strip()
    read = read_cap(bomb.replace(b"W1-X-1", b"&x;"))
    assert read.identifier == ""
