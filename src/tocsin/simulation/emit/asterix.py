"""ASTERIX emitter: a radar's plots as category 048, its signs of life as north markers of 034, one block a report.

The records hold source, time of day, kind of report and slant polar position; 048 has no elevation, so that of a plot
is left out. The radar calls itself SAC 25, SIC 201.
"""

from tocsin.formats.asterix import write_block
from tocsin.simulation.report import Report, ReportKind
from tocsin.units import M_PER_NM

_SOURCE = bytes((25, 201))
_PLOT = b"\xf0" + _SOURCE  # field specification: items 010, 140, 020, 040
_PRIMARY = b"\x20"  # item 020: a single detection by primary radar
_BEAT = b"\xe0" + _SOURCE + b"\x01"  # items 010, 000 (north marker), 030
_DAY = 86_400 * 128
_FARTHEST = 0xFFFF


def asterix_block(report: Report, time_s: float, received_s: float) -> bytes:
    """The data block of one report, empty for a claim or what lies beyond 256 nautical miles; times are UTC seconds."""
    of_day = (round(time_s * 128.0) % _DAY).to_bytes(3, "big")
    if report.kind is ReportKind.BEAT:
        return write_block(34, _BEAT + of_day)
    if report.kind is not ReportKind.PLOT:
        return b""
    rho = round(float(report.fields["range_m"]) / M_PER_NM * 256.0)
    if rho > _FARTHEST:
        return b""
    theta = round(float(report.fields["azimuth_deg"]) / 360.0 * 65_536.0) % 65_536
    return write_block(48, _PLOT + of_day + _PRIMARY + rho.to_bytes(2, "big") + theta.to_bytes(2, "big"))
