import math

import msgspec
import pytest

from remote_id_frames import dji_element
from tocsin.formats.dji_drone_id import decode_element
from tocsin.formats.remote_id import BasicId, Location, System, encode_message
from tocsin.sensors.remote_id.transmitter import ImplausibleClaim, Transmitter, dji_claim

PLACE = Location(status=2, latitude_deg=1.0, longitude_deg=2.0)


def test_a_sender_without_a_name_is_called_by_its_address() -> None:
    assert Transmitter("wifi 02").claim(PLACE, 1.0, 2.0, "rid", None).identifier == "wifi 02"


def test_an_id_of_no_stated_type_is_better_than_an_address_and_worse_than_all_others() -> None:
    sender = Transmitter("wifi 02")
    for message, name in (
        (BasicId(0, 2, "MAYBE"), "MAYBE"),
        (BasicId(2, 2, "REG"), "REG"),
        (BasicId(1, 2, "SN"), "SN"),
    ):
        sender.note(message, encode_message(message))
        assert sender.identifier == name


def test_an_operator_off_the_earth_is_no_place() -> None:
    sender = Transmitter("x")
    system = System(1, latitude_deg=120.0, longitude_deg=0.5)
    sender.note(system, encode_message(system))
    assert sender.claim(PLACE, 1.0, 2.0, "rid", None).pilot_lla is None


def test_a_height_keeps_its_kind() -> None:
    above = msgspec.structs.replace(PLACE, height_m=30.0, height_is_agl=True)
    claim = Transmitter("x").claim(above, 1.0, 2.0, "rid", None)
    assert (claim.height_agl_m, claim.height_takeoff_m, claim.height_m) == (30.0, None, None)


def test_djis_place_off_the_earth_is_refused() -> None:
    with pytest.raises(ImplausibleClaim):
        dji_claim(decode_element(dji_element("S", 20_000_000, 1)), 1.0, "rid", None)


def test_djis_velocity_has_a_direction() -> None:
    claim = dji_claim(decode_element(dji_element("S", 1, 1)), 1.0, "rid", -50.0)
    assert (claim.speed_mps, claim.course_rad) == pytest.approx((5.0, math.atan2(4.0, 3.0)))
