"""Sessions: what a connection carries is told by its first bytes, however they are cut."""

import json

import pytest

from remote_id_frames import beacon, capture
from tocsin.formats.pcap import RAW_802_11, Frame
from tocsin.formats.remote_id import BasicId, encode_message, encode_pack
from tocsin.sensors.remote_id.session import Document, Session, form_of

SERIAL = BasicId(1, 2, "SERIAL1")
MESSAGE, PACK = encode_message(SERIAL), encode_pack((SERIAL,))
CAPTURE = capture(RAW_802_11, [(0.0, beacon(bytes(6), PACK))])
DOCUMENTS = json.dumps({"Basic ID": {"id": "A"}}).encode() + b"\n" + json.dumps([1]).encode() + b"\n"
FORMS = {"messages": PACK + PACK, "json": DOCUMENTS, "capture": CAPTURE}


@pytest.mark.parametrize(("form", "data"), FORMS.items())
def test_the_first_bytes_tell_the_form(form: str, data: bytes) -> None:
    assert form_of(data[:4]) == form


@pytest.mark.parametrize(("form", "data"), FORMS.items())
@pytest.mark.parametrize("step", [1, 3, 7, 10_000])
def test_cutting_changes_nothing(form: str, data: bytes, step: int) -> None:
    told, found_out = Session(form), Session("auto")
    whole = list(told.feed(data))
    pieces = [unit for at in range(0, len(data), step) for unit in found_out.feed(data[at : at + step])]
    assert len(whole) == {"messages": 2, "json": 2, "capture": 1}[form]
    assert pieces == whole
    assert found_out.close() == told.close() == 0


def test_units_are_of_their_form() -> None:
    assert all(isinstance(unit, Frame) for unit in Session("auto").feed(CAPTURE))
    assert all(isinstance(unit, Document) for unit in Session("auto").feed(DOCUMENTS))
    assert list(Session("auto").feed(MESSAGE)) == [MESSAGE]


@pytest.mark.parametrize("data", [PACK[:-3], CAPTURE[:-3], DOCUMENTS[:10], PACK[:2]])
def test_what_never_came_whole_is_told_at_the_end(data: bytes) -> None:
    session = Session("auto")
    list(session.feed(data))
    assert session.close() > 0
