"""The JSON form, on the samples of the BSI Flex 335 test harness."""

from collections import Counter

import pytest
from google.protobuf import json_format
from hypothesis import given, settings
from hypothesis import strategies as st

from sapient_messages import detection, status
from shared_data import shared
from tocsin.formats.sapient.json_form import read_json
from tocsin.formats.sapient.schema import SapientError, content, schema


def test_every_sample_of_the_harness_is_read_and_good() -> None:
    files = sorted(shared("samples/sapient").glob("*.json"))
    assert len(files) == 37
    kinds: Counter[str] = Counter()
    for file in files:
        (one,) = read_json(file.read_bytes(), schema())
        assert schema().read(one.SerializeToString())[1] == (), file.name
        kinds[content(one)] += 1
    assert kinds == {
        "alert_ack": 1, "detection_report": 1, "registration_ack": 1, "status_report": 1, "task": 18, "task_ack": 15,
    }  # fmt: skip


def test_values_of_the_detection() -> None:
    (one,) = read_json((shared("samples/sapient") / "Default.DetectionReport.json").read_bytes(), schema())
    report = one.detection_report
    assert one.node_id == "a8654cdf-4328-47de-81fa-c495589e30c9"
    assert (report.location.x, report.location.utm_zone) == (51.1739726374, "30U")
    assert report.enu_velocity.north_rate == 2.0
    assert report.classification[0].sub_class[0].type == "Male"


def test_lists_and_lines() -> None:
    texts = [json_format.MessageToJson(one, indent=None) for one in (detection(), status())]
    for whole in ("[" + ",".join(texts) + "]", "\n".join(texts) + "\n"):
        assert [content(one) for one in read_json(whole.encode(), schema())] == ["detection_report", "status_report"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"{", "not JSON"),
        (b"3", "not a JSON object"),
        (b'{"nodeId": 3}', "not a SapientMessage"),
        (b'{"nodeId": "x"}\n{"novel": 1}\n', "line 2: not a SapientMessage"),
        (b'{"nodeId": "x"}\nnothing\n', "line 2: not JSON"),
    ],
)
def test_what_is_no_message_is_refused_with_its_place(text: bytes, reason: str) -> None:
    with pytest.raises(SapientError, match=reason):
        list(read_json(text, schema()))


@settings(deadline=None)
@given(st.binary(max_size=100))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        list(read_json(data, schema()))
    except SapientError:
        return
