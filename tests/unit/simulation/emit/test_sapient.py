"""Messages are read by sapient-msg and pass the strict validator."""

from sapient_messages import unframed
from tocsin.formats.sapient.schema import schema
from tocsin.formats.sapient.validator import problems
from tocsin.simulation.emit.sapient import SapientNode
from tocsin.simulation.report import Report, ReportKind

TIME_S = 1_772_359_200.0
BEARING = Report("finder", ReportKind.PLOT, 0.0, 0.1, {"azimuth_deg": 41.5})


BEAT = Report("finder", ReportKind.BEAT, 0.0, 0.1, {})


def test_a_connection_begins_with_the_node_and_how_it_is() -> None:
    node = SapientNode("finder")
    for k in range(2):
        registration, status = unframed(node.begin(TIME_S + k))
        assert registration.registration.name == "Simulated finder"
        assert (status.status_report.info, registration.timestamp.seconds) == (1, int(TIME_S) + k)
        (later,) = unframed(node(BEAT, TIME_S + k, TIME_S + k))
        assert later.status_report.info == 2
        assert {one.node_id for one in (registration, status, later)} == {node.node_id}


def test_a_plot_is_a_report() -> None:
    (message,) = unframed(SapientNode("finder")(BEARING, TIME_S, TIME_S + 0.1))
    seen = message.detection_report
    assert seen.range_bearing.azimuth == 41.5 and not seen.range_bearing.HasField("range")


def test_every_message_is_what_the_standard_asks() -> None:
    node, read = SapientNode("finder"), schema()
    full = Report("r", ReportKind.PLOT, 0.0, 0.1, {"azimuth_deg": 41.5, "elevation_deg": 3.0, "range_m": 900.0})
    sent = unframed(node.begin(TIME_S) + node(full, TIME_S, TIME_S) + node(BEAT, TIME_S, TIME_S))
    assert len(sent) == 4
    for message in sent:
        assert list(problems(read.decode(message.SerializeToString()))) == []


def test_a_claim_has_no_words_here() -> None:
    assert SapientNode("r")(Report("r", ReportKind.CLAIM, 0.0, 0.1, {}), TIME_S, TIME_S) == b""
