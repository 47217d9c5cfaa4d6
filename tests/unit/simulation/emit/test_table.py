import json

from tocsin.simulation.emit.table import table_line
from tocsin.simulation.report import Report, ReportKind


def test_a_line_holds_times_in_utc_and_the_reports_own_fields() -> None:
    fields: dict[str, float | str] = {"range_m": 812.25, "azimuth_deg": 359.5, "class": "bird"}
    line = table_line(
        Report("r", ReportKind.PLOT, 12.0, 12.5, fields, "secret"), 1_927_914_000.1234567, 1_927_914_001.0
    )
    assert line.endswith(b"\n")
    assert json.loads(line) == {
        "time": 1_927_914_000.123457, "received": 1_927_914_001.0, "report": "plot",
        "range_m": 812.25, "azimuth_deg": 359.5, "class": "bird",
    }  # fmt: skip
    assert b"secret" not in line
