"""What is taken and what is left out, and recorded streams."""

from contract.test_cot import BEGIN_S, NORTH_PIER, stream
from tocsin.model.claim import Claim
from tocsin.model.packet import Packet, PacketKind
from tocsin.sensors.cot.adapter import Adapter


def claims(adapter: Adapter, data: bytes = b"") -> list[Claim]:
    packet = Packet(PacketKind.DATA, "sample", BEGIN_S, data or stream(), connection=1)
    return [item for item in adapter.decode(packet) if isinstance(item, Claim)]


def test_what_is_left_out_is_counted() -> None:
    adapter = Adapter(Adapter.Settings(), NORTH_PIER)
    assert [claim.identifier for claim in claims(adapter)] == ["ANDROID-0001", "partner-7", "drill-1", "ANDROID-0001"]
    counted = adapter.statistics()
    assert (counted["events_of_this_site"], counted["events_of_other_types"]) == (1, 1)
    assert (counted["events_broken_off"], counted["negotiations"], counted["problems"]["total"]) == (1, 1, 0)


def test_the_site_says_what_is_taken() -> None:
    only = Adapter(Adapter.Settings(types=("a-f-",)), NORTH_PIER)
    assert {claim.identifier for claim in claims(only)} == {"ANDROID-0001"}
    without = Adapter(Adapter.Settings(exclude=("ANDROID-", "drill")), NORTH_PIER)
    assert [claim.identifier for claim in claims(without)] == ["partner-7"]
    assert without.statistics()["events_excluded"] == 3


def test_a_partners_word_is_a_claim_and_no_affiliation() -> None:
    _, drone, drill, nowhere = claims(Adapter(Adapter.Settings(), NORTH_PIER))
    assert (drone.means, drone.category, drone.callsign) == ("cot", "multirotor", "T7")
    assert (drone.sigma_horizontal_m, drone.sigma_vertical_m, drone.height_m) == (8.0, 4.0, 120.0)
    assert drill.exercise and drill.category == "fixed-wing drone" and not drone.exercise
    assert nowhere.latitude_rad is None


def test_a_recorded_stream_tells_its_times() -> None:
    adapter = Adapter(Adapter.Settings(), NORTH_PIER)
    packets = list(adapter.packets(stream(), "tak.cot"))
    assert packets[0].kind is PacketKind.OPENED and packets[-1].kind is PacketKind.CLOSED
    assert [packet.received_s for packet in packets] == sorted(packet.received_s for packet in packets)
    again = [item for packet in packets for item in adapter.decode(packet)]
    assert len(again) == 4
