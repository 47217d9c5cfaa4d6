from tocsin.formats.remote_id import BasicId, Location, OperatorId, System, decode_pack
from tocsin.simulation.emit.remote_id import remote_id_pack
from tocsin.simulation.report import Report, ReportKind

FIELDS: dict[str, float | str] = {
    "id": "KRN-SURVEY-07", "latitude_deg": -24.31, "longitude_deg": 125.62, "height_m": 515.5,
    "speed_mps": 11.0, "course_deg": 271.0, "climb_mps": 0.5,
}  # fmt: skip
PILOT: dict[str, float | str] = {"operator": "Survey", "pilot_latitude_deg": -24.3, "pilot_longitude_deg": 125.6}


def test_a_claim_becomes_a_pack_that_says_the_same() -> None:
    pack = remote_id_pack(Report("r", ReportKind.CLAIM, 0.0, 0.1, FIELDS | PILOT), 1_927_917_645.5, 1_927_917_645.6)
    basic, location, system, operator = decode_pack(pack)
    assert basic == BasicId(1, 2, "KRN-SURVEY-07")
    assert isinstance(location, Location)
    assert (location.latitude_deg, location.longitude_deg) == (-24.31, 125.62)
    assert (location.altitude_geodetic_m, location.height_m) == (515.5, None)
    assert (location.speed_mps, location.direction_deg, location.climb_mps) == (11.0, 271.0, 0.5)
    assert location.hour_s == 1_927_917_645.5 % 3600.0
    assert isinstance(system, System)
    assert (system.latitude_deg, system.longitude_deg, system.time_s) == (-24.3, 125.6, 1_927_917_645.0)
    assert operator == OperatorId(0, "Survey")


def test_what_the_target_does_not_say_is_left_out() -> None:
    pack = remote_id_pack(Report("r", ReportKind.CLAIM, 0.0, 0.1, FIELDS), 1_927_917_645.5, 1_927_917_645.6)
    assert [type(message) for message in decode_pack(pack)] == [BasicId, Location]
    assert remote_id_pack(Report("r", ReportKind.BEAT, 0.0, 0.1, {}), 1.0, 1.1) == b""
