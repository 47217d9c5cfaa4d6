from tocsin.formats.sbs import SbsMessage
from tocsin.sensors.adsb.aircraft import Receiver
from tocsin.sensors.adsb.lines import Lines

EVERYWHERE = Receiver(None, 1.0)


def position(**fields: object) -> SbsMessage:
    return SbsMessage(3, "ABC123", 0.0, 0.0, latitude_deg=1.0, longitude_deg=2.0, **fields)  # type: ignore[arg-type]


def test_a_place_off_the_earth_is_refused() -> None:
    lines = Lines(EVERYWHERE, 30.0, 60.0)
    off = SbsMessage(3, "ABC123", 0.0, 0.0, latitude_deg=91.0, longitude_deg=2.0)
    assert lines.claim(off, 0.0, "adsb") is None
    assert lines.counts["positions_refused"] == 1


def test_a_velocity_and_an_altitude_grow_old() -> None:
    lines = Lines(EVERYWHERE, 30.0, 60.0)
    lines.claim(SbsMessage(4, "ABC123", 0.0, 0.0, speed_kt=100.0), 0.0, "adsb")
    lines.claim(SbsMessage(5, "ABC123", 0.0, 0.0, altitude_ft=1000.0), 0.0, "adsb")
    fresh, old = lines.claim(position(), 14.0, "adsb"), lines.claim(position(), 16.0, "adsb")
    assert fresh is not None
    assert old is not None
    assert fresh.speed_mps is not None
    assert fresh.altitude_pressure_m is not None
    assert old.speed_mps is None
    assert old.altitude_pressure_m is None


def test_who_is_silent_is_forgotten() -> None:
    lines = Lines(EVERYWHERE, 30.0, 60.0)
    lines.claim(SbsMessage(1, "ABC123", 0.0, 0.0, callsign="X"), 0.0, "adsb")
    lines.forget(61.0)
    claim = lines.claim(position(), 61.0, "adsb")
    assert claim is not None
    assert claim.callsign is None
