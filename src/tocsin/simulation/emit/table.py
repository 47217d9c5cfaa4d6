"""Table emitter: one report a JSON line, with the columns that the `table` adapter is told of in the demo's site file.

`time` and `received` are UTC seconds since 1970 to the microsecond; `report` is "plot", "beat" (a sign of life) or
"claim"; the rest are the report's own fields, named with their units.
"""

import msgspec

from tocsin.simulation.report import Report


def table_line(report: Report, time_s: float, received_s: float) -> bytes:
    """One line, newline included; the times are UTC seconds."""
    row = {"time": round(time_s, 6), "received": round(received_s, 6), "report": report.kind.value}
    return msgspec.json.encode(row | report.fields) + b"\n"
