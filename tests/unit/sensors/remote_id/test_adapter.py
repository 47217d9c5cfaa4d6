import math
from collections import Counter

import pytest

from remote_id_frames import beacon, capture, nan_action
from shared_data import shared
from tocsin.formats.pcap import RADIOTAP, RAW_802_11
from tocsin.formats.remote_id import BasicId, Location, Message, OperatorId, System, encode_message, encode_pack
from tocsin.model.adapter import AdapterContext
from tocsin.model.claim import Claim
from tocsin.model.errors import TocsinError
from tocsin.model.packet import Packet, PacketKind
from tocsin.model.sensor import Pose
from tocsin.sensors.remote_id.adapter import Adapter
from tocsin.sensors.remote_id.settings import Settings
from tocsin.units import RAD_PER_DEG

SITE = AdapterContext("rid", Pose(), 0.0, 0.0, 0.0)
PARROT = "1588E040445AC004418"
NOON_S = 1_700_000_000.0 // 3600.0 * 3600.0
MAC = bytes.fromhex("02005e100001")
PLACE = Location(status=2, latitude_deg=54.6, longitude_deg=18.8, altitude_geodetic_m=120.0, hour_s=10.0)


def replayed(data: bytes, file: str = "capture", settings: Settings | None = None) -> tuple[list[Claim], Adapter]:
    adapter = Adapter(settings or Settings(), SITE)
    items = [item for packet in adapter.packets(data, file) for item in adapter.decode(packet)]
    return [item for item in items if isinstance(item, Claim)], adapter


def sample(name: str) -> tuple[list[Claim], Adapter]:
    return replayed(shared(f"samples/remoteid/{name}").read_bytes(), name)


def live(
    *pieces: bytes, received_s: float = NOON_S + 10.5, settings: Settings | None = None
) -> tuple[list[Claim], Adapter]:
    adapter = Adapter(settings or Settings(), SITE)
    packets = [Packet(PacketKind.DATA, "rid", received_s, piece, connection=1, origin="peer") for piece in pieces]
    items = [item for packet in packets for item in adapter.decode(packet)]
    return [item for item in items if isinstance(item, Claim)], adapter


def degrees(claim: Claim) -> tuple[float, float]:
    assert claim.latitude_rad is not None
    assert claim.longitude_rad is not None
    return claim.latitude_rad / RAD_PER_DEG, claim.longitude_rad / RAD_PER_DEG


def reasons(adapter: Adapter) -> dict[str, int]:
    return dict(adapter.statistics()["problems"]["reasons"])


# ---- captures from outside -------------------------------------------------------------------------------------------


def test_open_drone_ids_beacons() -> None:
    claims, adapter = sample("odid_wifi_bcn_sample.pcap")
    assert len(claims) == adapter.statistics()["frames_with_remote_id"] == 21
    assert {claim.identifier for claim in claims} == {"MFG1A0123456789"}
    assert {claim.operator for claim in claims} == {"GBR-OP-123ABCD"}
    assert degrees(claims[0]) == pytest.approx((45.5457, -122.9681), abs=1e-4)
    assert claims[0].height_m == 237.0
    assert claims[0].height_takeoff_m == 100.0
    assert claims[0].altitude_pressure_m is None
    assert reasons(adapter) == {}


def test_bluetooth_long_range_without_the_frames_of_wrong_checksum() -> None:
    claims, adapter = sample("odid_bt5_lr_sample.pcapng")
    assert reasons(adapter) == {"frame: wrong checksum": 30}
    assert adapter.statistics()["frames_with_remote_id"] == 274 - 30
    assert {claim.identifier for claim in claims} == {"SSEVTFG93700070"}
    assert {claim.latitude_rad for claim in claims} == {None}  # its demo never had a fix: zeros are no place


def test_a_real_flight() -> None:
    claims, adapter = sample("parrot_anafi4_real.pcapng")
    statistics = adapter.statistics()
    assert (statistics["frames"], statistics["frames_with_remote_id"]) == (5091, 1140)
    named = Counter(claim.identifier for claim in claims)
    assert named[PARROT] == 1125
    assert named["wifi 90:3a:e6:5b:c8:a8"] == 15  # before it first named itself
    assert {claim.height_m for claim in claims} == {None}  # both altitudes unknown
    assert {claim.altitude_pressure_m for claim in claims} == {None}
    assert all(-0.2 <= claim.received_s - claim.time_s < 2.2 for claim in claims)
    assert "clocks_astray" not in statistics


def test_a_clone_is_the_same_serial_at_another_place() -> None:
    real, _ = sample("parrot_anafi4_real.pcapng")
    spoofed, adapter = sample("parrot_anafi4_spoofed.pcapng")
    assert {claim.identifier for claim in spoofed} == {PARROT}
    assert len(spoofed) == 26
    assert reasons(adapter) == {"pack: cut": 26}  # its last message is three bytes short; the others are used
    here, there = degrees(real[-1]), degrees(spoofed[-1])
    assert math.hypot((here[0] - there[0]) * 111.2, (here[1] - there[1]) * 75.5) > 20.0  # kilometres


def test_a_dji_air_3_does_not_say_where_it_heads() -> None:
    claims, _ = sample("dji_air3.pcapng")
    assert [claim.identifier for claim in claims] == ["1581F6N8A23B2ML3Y3KR"] * 9
    assert {claim.course_rad for claim in claims} == {None}


@pytest.mark.parametrize(
    ("name", "count"), [("mavic_alessa_spoofed.pcapng", 10), ("mavic_multiple_spoofed.pcapng", 77)]
)
def test_djis_own_format(name: str, count: int) -> None:
    claims, adapter = sample(name)
    assert len(claims) == count
    assert {claim.means for claim in claims} == {"dji-drone-id"}
    assert all(len(claim.identifier) == 16 for claim in claims)
    assert reasons(adapter) == {}


# ---- what the rules say ----------------------------------------------------------------------------------------------


def test_messages_of_one_sender_are_put_together() -> None:
    messages: tuple[Message, ...] = (
        BasicId(1, 2, "SERIAL1"),
        OperatorId(0, "FIN-OP"),
        System(1, latitude_deg=54.0, longitude_deg=18.0),
        PLACE,
    )
    claims, _ = live(*map(encode_message, messages))
    claim = claims[0]
    assert (claim.identifier, claim.operator, claim.category) == ("SERIAL1", "FIN-OP", "multirotor")
    assert claim.pilot_lla == pytest.approx((54.0 * RAD_PER_DEG, 18.0 * RAD_PER_DEG, None))
    assert claim.time_s == NOON_S + 10.0
    assert claim.height_m == 120.0


def test_senders_are_told_apart() -> None:
    other = bytes.fromhex("02005e100002")
    frames = [
        (NOON_S, beacon(MAC, encode_pack((BasicId(1, 2, "ONE"), PLACE)))),
        (NOON_S, beacon(other, encode_pack((PLACE,)))),
        (NOON_S, beacon(MAC, encode_pack((PLACE,)))),
    ]
    claims, _ = replayed(capture(RADIOTAP, frames))
    assert [claim.identifier for claim in claims] == ["ONE", "wifi 02:00:5e:10:00:02", "ONE"]


def test_a_sender_is_forgotten() -> None:
    frames = [
        (NOON_S + t, nan_action(MAC, encode_pack(pack)))
        for t, pack in ((0, (BasicId(1, 2, "ONE"), PLACE)), (200, (PLACE,)))
    ]
    claims, _ = replayed(capture(RAW_802_11, frames))
    assert [claim.identifier for claim in claims] == ["ONE", "wifi 02:00:5e:10:00:01"]


def test_ticks_forget_who_is_silent() -> None:
    _, adapter = live(encode_message(BasicId(1, 2, "ONE")))
    list(adapter.on_tick(NOON_S + 1000.0))
    items = adapter.decode(Packet(PacketKind.DATA, "rid", NOON_S + 11.0, encode_message(PLACE), connection=1))
    assert [item.identifier for item in items if isinstance(item, Claim)] == ["connection 1"]


def test_a_serial_number_goes_before_a_session() -> None:
    session = bytearray(encode_message(BasicId(4, 2, "")))
    session[2:8] = b"\x01\xff\xfe\xfd\x00\x07"
    claims, _ = live(bytes(session), encode_message(PLACE), encode_message(BasicId(1, 2, "ONE")), encode_message(PLACE))
    assert [claim.identifier for claim in claims] == ["01fffefd0007", "ONE"]


def test_an_identifier_that_is_no_text_is_refused() -> None:
    garbled = bytearray(encode_message(BasicId(1, 2, "SERIAL")))
    garbled[4] = 0xC3
    claims, adapter = live(bytes(garbled), encode_message(PLACE))
    assert claims[0].identifier == "connection 1"
    assert reasons(adapter) == {"message: broken": 1}


@pytest.mark.parametrize(
    ("hour_s", "received_s", "time_s"),
    [
        (3599.5, NOON_S + 0.5, NOON_S - 0.5),  # sent before the full hour, heard after it
        (0.2, NOON_S - 0.3, NOON_S + 0.2),  # its clock is ahead of ours
        (None, NOON_S + 7.0, NOON_S + 7.0),
        (1800.0, NOON_S + 5.0, NOON_S + 5.0),  # astray
    ],
)
def test_tenths_of_the_hour_are_resolved(hour_s: float | None, received_s: float, time_s: float) -> None:
    place = Location(status=2, latitude_deg=1.0, longitude_deg=2.0, hour_s=hour_s)
    claims, _ = live(encode_message(place), received_s=received_s)
    assert claims[0].time_s == pytest.approx(time_s, abs=1e-6)


def test_a_signature_is_kept_unverified() -> None:
    page = bytes([0x22]) + bytes(24)
    claims, _ = live(encode_message(PLACE), page, encode_message(PLACE))
    assert [claim.signed for claim in claims] == [None, True]


def test_a_place_off_the_earth_is_refused() -> None:
    claims, adapter = live(encode_message(Location(status=2, latitude_deg=95.0, longitude_deg=2.0)))
    assert claims == []
    assert reasons(adapter) == {"location: not on the earth": 1}


def test_accuracy_classes_are_bounds_at_95_percent() -> None:
    place = Location(status=1, latitude_deg=1.0, longitude_deg=2.0, horizontal_accuracy=10, vertical_accuracy=4)
    claims, _ = live(encode_message(place))
    assert claims[0].sigma_horizontal_m == pytest.approx(10.0 / 2.448)
    assert claims[0].sigma_vertical_m == pytest.approx(10.0 / 1.96)
    assert claims[0].on_ground is True


def test_a_flood_of_addresses_costs_the_oldest() -> None:
    adapter = Adapter(Settings(format="capture"), SITE)
    frames = [(NOON_S, beacon(k.to_bytes(6, "big"), encode_pack((PLACE,)))) for k in range(5000)]
    items = list(adapter.decode(Packet(PacketKind.DATA, "rid", NOON_S, capture(RADIOTAP, frames), connection=1)))
    assert len(items) == 5000
    assert adapter.statistics()["transmitters_dropped"] == 5000 - 4096


def test_a_broken_capture_keeps_what_came_before() -> None:
    whole = capture(RADIOTAP, [(NOON_S, beacon(MAC, encode_pack((PLACE,))))] * 2)
    claims, adapter = replayed(whole[:-5] + b"\xff" * 40)
    assert len(claims) == 2
    assert reasons(adapter)["capture: broken"] == 2  # found when the file is cut, and when its bytes are decoded


def test_a_file_without_times_is_refused() -> None:
    with pytest.raises(TocsinError, match="says when"):
        list(Adapter(Settings(), SITE).packets(encode_pack((PLACE,)), "messages.bin"))
