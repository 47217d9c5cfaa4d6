import math

from adsb_frames import airborne, identification
from tocsin.formats.mode_s import write_squitter
from tocsin.sensors.adsb import squitters
from tocsin.sensors.adsb.aircraft import Receiver
from tocsin.sensors.adsb.squitters import Squitters


def test_what_gives_nothing_is_counted() -> None:
    one = Squitters(Receiver(None, 1e6), 60.0)
    wrong = bytearray(identification(1, "X"))
    wrong[5] ^= 1
    for frame in (b"\x02\x18\x59\x76\xae\x50\x81", bytes(14), bytes(wrong), write_squitter(3, 1, 0, 18)):
        assert one.claim(frame, 0.0, math.nan, "adsb", mlat=False) is None
    assert dict(one.counts) == {
        "frames_of_other_formats": 2,
        "frames_with_wrong_parity": 1,
        "squitters": 1,
        "squitters_of_other_control": 1,
    }


def test_a_flood_of_addresses_costs_the_oldest(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(squitters, "MOST_AIRCRAFT", 10)
    one = Squitters(Receiver(None, 1e6), 60.0)
    for icao in range(20):
        one.claim(airborne(icao, (1.0, 2.0), 1000, is_odd=False), 0.0, math.nan, "adsb", mlat=False)
    assert one.counts["aircraft_dropped"] == 10
