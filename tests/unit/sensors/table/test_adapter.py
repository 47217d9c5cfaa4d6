"""The adapter: messages, looks, repeats, times that cannot be believed, and damage that is counted."""

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.config.strict import decode
from tocsin.model.adapter import AdapterContext, Decoded
from tocsin.model.detection import Detection, Look
from tocsin.model.errors import TocsinError
from tocsin.model.packet import Packet, PacketKind
from tocsin.model.sensor import Health, Pose, SensorStatus
from tocsin.sensors.table.adapter import Adapter

NOW_S = 1_700_000_000.0
CONTEXT = AdapterContext("radar-1", Pose(), 0.9, 0.3, 40.0)
LOCAL = {"east": "e", "north": "n", "sigma": {"horizontal_m": 10.0}}
MESSAGES = {**LOCAL, "time": {"column": "t"}, "received": {"column": "r", "carry": True}, "looks": True}


def adapter(**settings: Any) -> Adapter:
    return Adapter(decode(settings, Adapter.Settings), CONTEXT)


def data(text: str, received_s: float = NOW_S + 30.0, sequence: int = 1) -> Packet:
    return Packet(PacketKind.DATA, "radar-1", received_s, text.encode(), sequence, 1, "day.csv:1")


def closed(received_s: float = NOW_S + 30.0) -> Packet:
    return Packet(PacketKind.CLOSED, "radar-1", received_s, b"end", 99, 1, "day.csv:1")


def told(items: Iterable[Decoded]) -> list[tuple[str, int, float]]:
    return [
        (type(item).__name__, item.row, round(item.time_s - NOW_S, 3))
        for item in items
        if isinstance(item, Detection | Look)
    ]


def rows(*lines: str) -> str:
    return "".join(line.replace("@", str(int(NOW_S))[:-2]) + "\n" for line in lines)


def test_a_message_without_a_detection_is_a_look() -> None:
    decoder = adapter(**MESSAGES)
    text = rows("r,t,e,n", "@10,@09,1,2", ",@08,3,4", "@11,,,", "@12,,,", ",,,", "@13,@12.5,5,6")
    assert told(decoder.decode(data(text))) == [
        *[("Detection", 1, 9.0), ("Detection", 2, 8.0), ("Look", 3, 11.0), ("Look", 4, 12.0), ("Detection", 6, 12.5)]
    ]
    assert told(decoder.decode(closed())) == []
    assert decoder.statistics() == {
        "rows": 6,
        "filtered": 0,
        "blank": 3,
        "repeated": 0,
        "broken": 0,
        "detections": 3,
        "looks": 2,
        "problems": {"total": 0, "reasons": {}, "first": []},
    }


def test_a_message_is_over_when_nothing_came_for_a_while() -> None:
    decoder = adapter(**MESSAGES)
    assert told(decoder.decode(data(rows("r,t,e,n", "@10,,,")))) == []
    assert told(decoder.on_tick(NOW_S + 30.1)) == []
    assert told(decoder.on_tick(NOW_S + 30.3)) == [("Look", 1, 10.0)]
    assert told(decoder.on_tick(NOW_S + 39.0)) == []
    assert told(decoder.decode(data(rows(",@09,1,2"), NOW_S + 39.0))) == [("Detection", 2, 9.0)]
    assert told(decoder.on_tick(NOW_S + 40.0)) == []


def test_a_broken_row_says_neither_that_something_was_seen_nor_that_nothing_was() -> None:
    decoder = adapter(**MESSAGES)
    text = rows("r,t,e,n", "@10,@09,1,x", "@11,@09,1,", "@12,,,", "@13,0,1,2", "@14,,,")
    assert told([*decoder.decode(data(text)), *decoder.decode(closed())]) == [("Look", 3, 12.0), ("Look", 5, 14.0)]
    assert decoder.statistics()["problems"]["reasons"] == {
        "north: not a number": 1,
        "north: missing": 1,
        "time: older than oldest_s": 1,
    }


@pytest.mark.parametrize(
    ("form", "text", "read", "broken"),
    [
        ("csv", 'e,n\n1,2\n3\n4,5,6\n"7,8\n9,10\n11,1', 6, 4),
        ("json", 'x y\n{"e":1,"n":2}what,is{"e":3\n{"e":3,"n":4}\n{"e":', 6, 4),
        ("json", '{"e":1 "n":2}\n{"e":"\n' + '{"e":' * 70 + "\n", 3, 3),
    ],
)
def test_what_is_no_row_that_can_be_read_is_a_broken_row(form: str, text: str, read: int, broken: int) -> None:
    for step in (1, 5, len(text)):
        decoder = adapter(**LOCAL, format=form)
        for i in range(0, len(text), step):
            list(decoder.decode(data(text[i : i + step])))
        list(decoder.decode(closed()))
        counts = decoder.statistics()
        assert (counts["rows"], counts["broken"]) == (read, broken) and counts["detections"] == read - broken
        assert counts["problems"]["total"] == broken


def test_a_line_that_cannot_be_read_may_have_been_of_the_message_around_it() -> None:
    for settings in (MESSAGES, {**MESSAGES, "message": "r"}):
        decoder = adapter(**settings)
        text = rows("r,t,e,n", "@10,,,", "@10", "@11,,,", "@12,,,")
        assert told([*decoder.decode(data(text)), *decoder.decode(closed())]) == [("Look", 3, 11.0), ("Look", 4, 12.0)]


def test_a_report_given_again_is_dropped_and_its_message_saw_nothing() -> None:
    decoder = adapter(**MESSAGES, repeats_s=5.0)
    again = "@{},@09,1,2"
    text = rows("r,t,e,n", *(again.format(s) for s in (10, 11, 15)), "@16,@09,1,3", "@16,@15,7,8", again.format(22))
    assert told([*decoder.decode(data(text)), *decoder.decode(closed())]) == [
        ("Detection", 1, 9.0),
        ("Look", 2, 11.0),
        ("Look", 3, 15.0),
        ("Detection", 4, 9.0),
        ("Detection", 5, 15.0),
        ("Detection", 6, 9.0),
    ]
    assert decoder.statistics()["repeated"] == 2


def test_a_message_column_gathers_rows_in_any_order() -> None:
    decoder = adapter(**MESSAGES, message="m")
    text = rows("m,r,t,e,n", "1,,@09,1,2", "1,@10,@08,3,4", "2,,@10.5,5,6", "2,,@10.6,7,8", "2,@11,,,", "3,@12,,,")
    first = list(decoder.decode(data(text)))
    assert told(first) == [*[("Detection", k, t) for k, t in ((1, 9.0), (2, 8.0), (3, 10.5), (4, 10.6))]]
    assert [item.received_s - NOW_S for item in first if isinstance(item, Detection)] == [10.0, 10.0, 11.0, 11.0]
    assert told(decoder.on_tick(NOW_S + 30.2)) == [("Look", 6, 12.0)]


def test_rows_that_are_not_ours_say_nothing() -> None:
    where = [{"column": "id", "equals": "A"}]
    decoder = adapter(**MESSAGES, where=where)
    text = rows("id,r,t,e,n", "A,@10,@09,1,2", "B,@11,@10,3,4", "B,@12,,,", "A,@13,,,", "B,@14,@13,1,1", "A,,@13,5,6")
    items = [*decoder.decode(data(text)), *decoder.decode(closed())]
    assert told(items) == [("Detection", 1, 9.0), ("Look", 4, 13.0), ("Detection", 6, 13.0)]
    assert items[-1].received_s == NOW_S + 14.0  # type: ignore[union-attr]
    assert decoder.statistics()["filtered"] == 3


def test_received_times_that_cannot_be_believed() -> None:
    settings = {**LOCAL, "received": {"column": "r"}, "span_s": 1000.0}
    decoder = adapter(**settings)
    text = rows("r,e,n", "@10,1,2", "@09.5,1,2", "@05,1,2", "12345,1,2", "@99,1,2", "@11,1,2", ",1,2")
    items = list(decoder.decode(data(text, NOW_S + 20.0)))
    assert [(item.row, item.received_s - NOW_S) for item in items if isinstance(item, Detection)] == [
        *[(1, 10.0), (2, 10.0), (3, 10.0), (5, 20.0), (6, 11.0), (7, 20.0)]
    ]
    assert decoder.statistics()["problems"]["reasons"] == {
        "received: clock went backwards": 1,
        "received: implausible": 1,
        "received: ahead of its packet": 1,
    }


def test_own_times_that_cannot_be_believed() -> None:
    decoder = adapter(**LOCAL, time={"column": "t"}, oldest_s=100.0, ahead_s=5.0)
    text = rows("t,e,n", "@00,1,2", "@04,1,2", "@06,1,2", "nan,1,2", ",1,2") + f"{NOW_S - 101},1,2\n"
    assert told(decoder.decode(data(text, NOW_S))) == [("Detection", 1, 0.0), ("Detection", 2, 4.0)]
    assert decoder.statistics()["problems"]["reasons"] == {
        "time: further ahead than ahead_s": 1,
        "time: not a time": 1,
        "time: missing": 1,
        "time: older than oldest_s": 1,
    }
    assert decoder.statistics()["problems"]["first"][0] == {
        "file": "day.csv",
        "row": 3,
        "reason": "time: further ahead than ahead_s",
        "detail": "6.0 s",
    }


def test_a_header_is_read_once_a_connection() -> None:
    decoder = adapter(**LOCAL)
    opened = Packet(PacketKind.OPENED, "radar-1", NOW_S, connection=1)
    assert told(decoder.decode(data("e,n\n1,2\n3,"))) == [("Detection", 1, 30.0)]
    assert told([*decoder.decode(closed()), *decoder.decode(opened)]) == []
    assert told(decoder.decode(data("n,e\n5,6\n"))) == [("Detection", 1, 30.0)]
    assert decoder.statistics()["problems"]["reasons"] == {"row: stream ended inside it": 1}


def test_what_a_file_lost_is_counted_when_it_ends() -> None:
    decoder = adapter(**LOCAL)
    assert told(decoder.decode(data("e,n\n1,2\n3,"))) == [("Detection", 1, 30.0)]
    end = Packet(PacketKind.CLOSED, "radar-1", NOW_S, b"file damaged: gzip cut short", 9, 1, "day.csv:2")
    assert list(decoder.decode(end)) == []
    assert decoder.statistics()["problems"]["reasons"] == {"file: damaged": 1, "row: stream ended inside it": 1}


def test_two_connections_do_not_mix() -> None:
    decoder = adapter(**LOCAL)
    other = Packet(PacketKind.DATA, "radar-1", NOW_S, b"n,e\n3,", 2, 7, "peer")
    assert told(decoder.decode(data("e,n\n1,"))) == told(decoder.decode(other)) == []
    (first,) = decoder.decode(data("2\n"))
    (second,) = decoder.decode(Packet(PacketKind.DATA, "radar-1", NOW_S, b"4\n", 3, 7, "peer"))
    assert isinstance(first, Detection) and isinstance(second, Detection)
    assert (first.values, second.values) == ((1.0, 2.0), (4.0, 3.0))


def test_a_column_that_is_not_there_is_a_fault_and_its_rows_are_counted() -> None:
    decoder = adapter(**LOCAL, score="confidense")
    (status,) = decoder.decode(data("e,n,confidence\n1,2,3\n4,5,6\n"))
    assert isinstance(status, SensorStatus) and status.health is Health.FAULT
    assert status.reason == 'day.csv: score: no column "confidense"; nearest: confidence'
    assert list(decoder.decode(data("7,8,9\n"))) == []
    assert decoder.statistics()["problems"]["reasons"] == {"columns: missing from the header or twice in it": 3}
    assert list(decoder.decode(closed())) == []
    mended = list(decoder.decode(data("e,n,confidense\n1,2,3\n")))
    assert [type(item) for item in mended] == [SensorStatus, Detection]
    assert isinstance(mended[0], SensorStatus) and mended[0].health is Health.OK
    assert told(decoder.decode(data("4,5,6\n"))) == [("Detection", 2, 30.0)]


def test_a_column_that_stands_twice_is_a_fault_and_stops_a_file() -> None:
    decoder = adapter(**LOCAL)
    (status,) = decoder.decode(data("e,n,e,x,x\n1,2,3,4,5\n"))
    assert isinstance(status, SensorStatus) and status.health is Health.FAULT
    assert status.reason == 'day.csv: east: 2 columns "e"; name each column once'
    with pytest.raises(TocsinError, match='day.csv: east: 2 columns "e"; name each column once'):
        list(adapter(**LOCAL).packets(b"e,n,e\n1,2,3\n", "day.csv"))


def test_a_path_that_no_object_has_is_a_fault() -> None:
    decoder = adapter(**{**LOCAL, "north": "pos.nroth", "format": "json"})
    one = '{"e": 1, "pos": {"north": 2}}'
    assert list(decoder.decode(data(one * 19))) == []
    (status,) = decoder.decode(data(one * 5))
    assert isinstance(status, SensorStatus) and status.health is Health.FAULT
    assert status.reason == 'day.csv: north: no column "pos.nroth"; nearest: pos.north'
    status, detection = decoder.decode(data('{"e": 1, "pos": {"nroth": 2}}'))
    assert isinstance(status, SensorStatus) and status.health is Health.OK
    assert isinstance(detection, Detection) and detection.values == (1.0, 2.0)
    where = [{"column": "idd", "equals": 1}]
    (status,) = adapter(**LOCAL, format="json", where=where).decode(data('{"e": 1, "n": 2, "id": 1}' * 30))
    assert isinstance(status, SensorStatus) and 'where[0].column: no column "idd"; nearest: id' in status.reason
    quiet = adapter(**{**LOCAL, "format": "json", "explode": "l", "east": "l.e", "north": "l.n"})
    assert list(quiet.decode(data('{"l": []}' * 50))) == []


def test_an_extra_that_is_broken_costs_the_row_nothing() -> None:
    decoder = adapter(**LOCAL, score="s", velocity={"east": "ve", "north": "vn"})
    (item,) = decoder.decode(data("e,n,s,ve,vn\n1,2,high,3,nan\n"))
    assert isinstance(item, Detection) and item.score is None
    assert item.velocity_enu_mps is not None and item.velocity_enu_mps[0] == 3.0
    assert decoder.statistics()["problems"]["reasons"] == {"score: not a number": 1}


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"east": "e", "north": "n"}, "sensor radar-1: settings.sigma.horizontal_m: missing"),
        ({**LOCAL, "range_rate": {"column": "v", "unit": "m"}}, "settings.range_rate.unit: 'm' is none of m/s, km/h"),
    ],
)
def test_settings_that_cannot_work_stop_the_start(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(TocsinError, match=said):
        adapter(**settings)


@given(st.lists(st.text('0123456789.,\n-einfa"@\0', max_size=20), max_size=30), st.integers(1, 40))
def test_noise_is_counted_and_never_raises(lines: list[str], size: int) -> None:
    text = "r,t,e,n\n" + "".join(lines)
    results = []
    for step in (size, len(text)):
        decoder = adapter(**MESSAGES, repeats_s=10.0)
        items = [item for i in range(0, len(text), step) for item in decoder.decode(data(text[i : i + step]))]
        items += decoder.decode(closed())
        counts = decoder.statistics()
        results.append((repr(items), repr(counts)))
        kinds = ("filtered", "blank", "repeated", "broken", "detections")
        assert counts["rows"] == sum(counts[kind] for kind in kinds)
    assert results[0] == results[1]
