"""SBS emitter: an ADS-B receiver's claims as BaseStation lines, as on its TCP port 30003.

One claim makes three lines: call sign, position with pressure altitude, velocity. The format has no sign of life.
"""

from tocsin.formats.sbs import SbsMessage, write_line
from tocsin.simulation.report import Report, ReportKind
from tocsin.units import M_PER_FT, MPS_PER_FPM, MPS_PER_KT


def sbs_lines(report: Report, time_s: float, received_s: float) -> bytes:
    """The lines of one claim, empty for anything else; the times are UTC seconds."""
    if report.kind is not ReportKind.CLAIM:
        return b""
    said = {name: value for name, value in report.fields.items() if isinstance(value, float)}
    icao = str(report.fields["id"])
    messages = (
        SbsMessage(1, icao, time_s, received_s, callsign=str(report.fields["callsign"])),
        SbsMessage(
            3,
            icao,
            time_s,
            received_s,
            altitude_ft=round(said["altitude_pressure_m"] / M_PER_FT),
            latitude_deg=said["latitude_deg"],
            longitude_deg=said["longitude_deg"],
            on_ground=False,
        ),
        SbsMessage(
            4,
            icao,
            time_s,
            received_s,
            speed_kt=round(said["speed_mps"] / MPS_PER_KT, 1),
            track_deg=said["course_deg"],
            climb_fpm=round(said["climb_mps"] / MPS_PER_FPM / 64.0) * 64.0,
        ),
    )
    return b"".join(map(write_line, messages))
