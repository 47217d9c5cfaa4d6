"""Against rs1090 (another implementation, in Rust), and the examples of "The 1090 Megahertz Riddle"."""

import csv
import gzip
import random
from contextlib import suppress

import pytest
import rs1090
from hypothesis import given
from hypothesis import strategies as st

from shared_data import shared
from tocsin.formats.mode_s import (
    Identification,
    ModeSError,
    Other,
    Position,
    Status,
    Velocity,
    altitude_of_code_ft,
    parity,
    read_squitter,
    write_squitter,
)


def read(digits: str) -> object:
    return read_squitter(bytes.fromhex(digits)).message


def test_the_riddles_identification() -> None:
    assert read("8D4840D6202CC371C32CE0576098") == Identification("A0", "KLM1023")


def test_the_riddles_position() -> None:
    even = read("8D40621D58C382D690C8AC2863A7")
    assert isinstance(even, Position)
    assert (even.surface, even.is_odd, even.altitude_ft, even.geometric) == (False, False, 38000.0, False)
    assert even.fractions == (93000 / 131072, 51372 / 131072)


def test_the_riddles_velocities() -> None:
    over_ground = read("8D485020994409940838175B284F")
    assert isinstance(over_ground, Velocity)
    assert over_ground.speed_kt == pytest.approx(159.20, abs=0.01)
    assert over_ground.track_deg == pytest.approx(182.88, abs=0.01)
    assert (over_ground.climb_fpm, over_ground.above_pressure_ft) == (-832.0, 550.0)
    through_air = read("8DA05F219B06B6AF189400CBC33F")
    assert isinstance(through_air, Velocity)
    assert (through_air.speed_kt, through_air.track_deg, through_air.climb_fpm) == (None, None, -2304.0)


def test_the_riddles_surface_position() -> None:
    position = read("8C4841753A9A153237AEF0F275BE")
    assert isinstance(position, Position)
    assert (position.surface, position.speed_kt, position.altitude_ft) == (True, 17.0, None)
    assert position.track_deg == pytest.approx(92.8125)


def test_real_frames_agree_with_another_implementation() -> None:
    with gzip.open(shared("data/adsb_raw_modes/sample_data_adsb.csv.gz"), "rt") as file:
        rows = list(csv.reader(file))
    assert len(rows) == 2000
    for row, theirs in zip(rows, rs1090.decode([row[1] for row in rows]), strict=True):
        squitter = read_squitter(bytes.fromhex(row[1]))
        assert f"{squitter.icao:06X}" == row[2]
        agree(squitter.message, theirs)


def test_any_field_agrees_with_another_implementation() -> None:
    dice = random.Random(7)
    codes = (1, 2, 4, 5, 7, 8, 9, 11, 18, 20, 22, 19, 31)
    fields = [code << 51 | dice.getrandbits(51) for code in codes for _ in range(300)]
    compared = 0
    for field in fields:
        frame = write_squitter(5, 0x4CA123, field)
        theirs = rs1090.decode(frame.hex())
        if theirs is not None:  # it refuses what it holds for implausible
            agree(read_squitter(frame).message, theirs)
            compared += 1
    assert compared > 2000


def agree(ours: object, theirs: dict[str, object]) -> None:
    match ours:
        case Identification():
            theirs_bare = str(theirs["callsign"]).replace("#", "").replace(" ", "")
            assert ours.callsign.replace(" ", "") == theirs_bare
        case Position(surface=True):
            assert ours.speed_kt == theirs.get("groundspeed")
            assert ours.track_deg == theirs.get("track")
        case Position():
            assert ours.is_odd == (theirs["parity"] == "odd")
            assert [round(fraction * 131072) for fraction in ours.fractions] == [theirs["lat_cpr"], theirs["lon_cpr"]]
            if ours.altitude_ft is None or ours.altitude_ft >= 0.0 or theirs.get("altitude") is not None:
                assert ours.altitude_ft == theirs.get("altitude")  # it leaves Gillham's codes below zero out
            assert ours.geometric == (theirs["source"] == "GNSS")
        case Velocity():
            assert ours.climb_fpm == theirs.get("vertical_rate")
            if ours.above_pressure_ft:
                assert ours.above_pressure_ft == theirs.get("geo_minus_baro")
            if ours.speed_kt is not None and ours.speed_kt % 4.0 != theirs["groundspeed"]:
                quicker = ours.speed_kt / float(str(theirs["groundspeed"]))
                assert quicker == pytest.approx(1.0) or quicker == pytest.approx(4.0)  # it has no supersonic steps
                assert ours.track_deg == pytest.approx(theirs["track"])
        case Status(version=1 | 2):
            assert ours.accuracy == theirs["NACp"]


@pytest.mark.parametrize(
    ("code", "altitude_ft"),
    [(0, None), (0b000000010000, -1000.0), (0b110000111000, 38000.0), (0b000000000010, None)],
)
def test_altitude_codes(code: int, altitude_ft: float | None) -> None:
    assert altitude_of_code_ft(code) == altitude_ft


def test_gillhams_code_climbs_in_steps_of_100_ft() -> None:
    every = {altitude_of_code_ft(code) for code in range(4096) if not code & 0x10} - {None}
    assert {-1000.0, 0.0, 3300.0, 126_700.0} <= every
    assert len(every) == 1280
    assert {altitude % 100.0 for altitude in every if altitude is not None} == {0.0}


def test_any_single_wrong_bit_is_found() -> None:
    frame = bytes.fromhex("8D40621D58C382D690C8AC2863A7")
    assert parity(frame) == 0
    for bit in range(112):
        wrong = (int.from_bytes(frame, "big") ^ 1 << bit).to_bytes(14, "big")
        with pytest.raises(ModeSError):
            read_squitter(wrong)


def test_other_type_codes_keep_their_number() -> None:
    assert read_squitter(write_squitter(5, 1, 28 << 51)).message == Other(28)
    assert read_squitter(write_squitter(5, 1, 19 << 51 | 7 << 48)).message == Other(19)


@given(st.integers(0, 2**56 - 1), st.integers(0, 7), st.sampled_from([17, 18]))
def test_every_field_is_read(field: int, control: int, form: int) -> None:
    squitter = read_squitter(write_squitter(control, 0xABCDEF, field, form))
    assert (squitter.format, squitter.control, squitter.icao) == (form, control, 0xABCDEF)


@given(st.binary(max_size=20))
def test_no_bytes_do_worse_than_an_error(noise: bytes) -> None:
    with suppress(ModeSError):
        read_squitter(noise)
