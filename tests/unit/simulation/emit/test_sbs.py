import pytest

from tocsin.formats.sbs import read_line
from tocsin.simulation.emit.sbs import sbs_lines
from tocsin.simulation.report import Report, ReportKind

CLAIM = Report(
    "r",
    ReportKind.CLAIM,
    0.0,
    0.1,
    {
        "id": "7CFFF1", "callsign": "KRN204", "category": "A3", "latitude_deg": -24.31, "longitude_deg": 125.62,
        "altitude_pressure_m": 304.8, "speed_mps": 51.4444, "course_deg": 212.5, "climb_mps": -3.9,
    },
)  # fmt: skip


def test_a_claim_becomes_call_sign_position_and_velocity() -> None:
    lines = sbs_lines(CLAIM, 1_927_914_000.25, 1_927_914_000.5).splitlines(keepends=True)
    callsign, position, velocity = map(read_line, lines)
    assert [m.kind for m in (callsign, position, velocity)] == [1, 3, 4]
    assert {m.icao for m in (callsign, position, velocity)} == {"7CFFF1"}
    assert callsign.callsign == "KRN204"
    assert position.altitude_ft == 1000.0
    assert (position.latitude_deg, position.longitude_deg) == (-24.31, 125.62)
    assert position.generated_s == 1_927_914_000.25
    assert velocity.speed_kt == pytest.approx(100.0)
    assert velocity.track_deg == 212.5
    assert velocity.climb_fpm == -768.0  # -3.9 m/s is -767.7 ft/min; ADS-B tells it in steps of 64


def test_a_sign_of_life_has_no_words_here() -> None:
    assert sbs_lines(Report("r", ReportKind.BEAT, 0.0, 0.1, {}), 1.0, 1.1) == b""
