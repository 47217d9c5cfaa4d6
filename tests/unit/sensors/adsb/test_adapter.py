import csv
import gzip
import math
from collections import Counter

import pytest
import rs1090

from adsb_frames import airborne, beast, identification, status, surface, velocity
from shared_data import shared
from tocsin.formats.beast import MLAT_COUNTER, BeastFrame, write_frame
from tocsin.formats.sbs import SbsMessage, write_line
from tocsin.model.adapter import AdapterContext
from tocsin.model.claim import Claim
from tocsin.model.errors import TocsinError
from tocsin.model.packet import Packet, PacketKind
from tocsin.model.sensor import Pose
from tocsin.sensors.adsb.adapter import Adapter
from tocsin.sensors.adsb.settings import Settings
from tocsin.units import M_PER_FT, MPS_PER_KT, RAD_PER_DEG

SITE = AdapterContext("adsb", Pose(), 52.0 * RAD_PER_DEG, 4.4 * RAD_PER_DEG, 0.0)
NOW_S = 1_700_000_000.0
HERE = (52.2, 4.6)
ICAO = 0x4CA123


def live(*pieces: tuple[float, bytes], settings: Settings | None = None) -> tuple[list[Claim], Adapter]:
    adapter = Adapter(settings or Settings(), SITE)
    packets = [Packet(PacketKind.DATA, "adsb", NOW_S + t, data, connection=1, origin="peer") for t, data in pieces]
    return [c for packet in packets for c in adapter.decode(packet) if isinstance(c, Claim)], adapter


def place(claim: Claim) -> tuple[float, float]:
    assert claim.latitude_rad is not None
    assert claim.longitude_rad is not None
    return claim.latitude_rad / RAD_PER_DEG, claim.longitude_rad / RAD_PER_DEG


# ---- recordings from outside -----------------------------------------------------------------------------------------


def test_real_frames_give_the_places_of_another_implementation() -> None:
    data = gzip.decompress(shared("data/adsb_raw_modes/sample_data_adsb.csv.gz").read_bytes())
    adapter = Adapter(Settings(), SITE)
    claims = [c for packet in adapter.packets(data, "modes") for c in adapter.decode(packet) if isinstance(c, Claim)]
    rows = list(csv.reader(data.decode().splitlines()))
    theirs = rs1090.decode([row[1] for row in rows], [float(row[0]) for row in rows])
    wanted = {  # places by aircraft and second
        (one["icao24"], one["timestamp"], round(one["latitude"], 5), round(one["longitude"], 5))
        for one in theirs
        if one.get("latitude") is not None
    }
    ours = {(c.identifier, c.received_s, round(place(c)[0], 5), round(place(c)[1], 5)) for c in claims}
    assert len(wanted) > 500
    assert wanted <= ours
    assert adapter.statistics()["positions_unresolved"] < 10


def test_a_real_receivers_beast_tells_tis_b_apart() -> None:
    data = shared("samples/adsb/adsbtools_beast_1.bin").read_bytes()
    claims, adapter = live((0.0, data), settings=Settings(reference=False))
    statistics = adapter.statistics()
    assert statistics["frames"] == 410
    assert statistics["frames_with_wrong_parity"] == 73
    means = Counter((claim.means, claim.identifier.startswith("~")) for claim in claims)
    assert means[("tis-b", True)] > 0
    assert means[("ads-b", True)] == means[("tis-b", False)] == 0
    assert all(37.0 < place(claim)[0] < 38.5 and -123.0 < place(claim)[1] < -121.0 for claim in claims)


# ---- Beast and Mode S ------------------------------------------------------------------------------------------------


def test_one_aircraft_in_the_air() -> None:
    frames = (
        identification(ICAO, "TCSN12", "A5"),
        velocity(ICAO, 300, -400, -640, 150),
        status(ICAO, 9),
        airborne(ICAO, HERE, 5000, is_odd=False),
        airborne(ICAO, HERE, 5000, is_odd=True),
        airborne(ICAO, HERE, 5025, is_odd=True),
    )
    claims, adapter = live((0.0, beast(*frames)))
    assert len(claims) == 2
    assert adapter.statistics()["positions_unresolved"] == 1  # the first half alone
    claim = claims[-1]
    assert (claim.means, claim.identifier, claim.callsign, claim.category) == ("ads-b", "4ca123", "TCSN12", "A5")
    assert place(claim) == pytest.approx(HERE, abs=1e-4)
    assert claim.altitude_pressure_m == pytest.approx(5025 * M_PER_FT)
    assert claim.height_m == pytest.approx(5175 * M_PER_FT)
    assert claim.speed_mps == pytest.approx(500.0 * MPS_PER_KT)
    assert claim.course_rad == pytest.approx(math.atan2(3.0, -4.0))
    assert claim.climb_mps == pytest.approx(-640 * M_PER_FT / 60.0)
    assert claim.sigma_horizontal_m == pytest.approx(30.0 / 2.448)
    assert claim.on_ground is False
    assert claim.row == 6


def test_halves_too_far_apart_make_no_place() -> None:
    even, odd = airborne(ICAO, HERE, 5000, is_odd=False), airborne(ICAO, HERE, 5000, is_odd=True)
    assert live((0.0, beast(even)), (11.0, beast(odd)))[0] == []
    apart = beast(even, odd, step=11 * 12_000_000)  # by the receiver's clock, though they came together
    assert live((0.0, apart))[0] == []
    assert len(live((0.0, apart), settings=Settings(counter_hz=0.0))[0]) == 1


def test_a_jump_begins_anew() -> None:
    far = (50.0, 4.6)
    frames = [airborne(ICAO, p, 5000, is_odd=odd) for p in (HERE, far) for odd in (False, True)]
    claims, adapter = live((0.0, beast(*frames)))
    assert [place(claim) for claim in claims] == [pytest.approx(HERE, abs=1e-4), pytest.approx(far, abs=1e-4)]
    assert adapter.statistics()["positions_unresolved"] == 2


def test_a_place_out_of_reach_is_refused() -> None:
    frames = [airborne(ICAO, (20.0, 4.6), 5000, is_odd=odd) for odd in (False, True)]
    assert live((0.0, beast(*frames)))[0] == []
    assert len(live((0.0, beast(*frames)), settings=Settings(reference=False))[0]) == 1


def test_on_the_surface_the_receiver_is_the_reference() -> None:
    claims, _ = live((0.0, beast(surface(ICAO, HERE, is_odd=False))))
    claim = claims[0]
    assert place(claim) == pytest.approx(HERE, abs=1e-4)
    assert (claim.on_ground, claim.altitude_pressure_m, claim.height_m) == (True, None, None)
    assert claim.speed_mps == pytest.approx(15.0 * MPS_PER_KT)
    assert claim.course_rad == pytest.approx(math.pi / 2.0)
    assert live((0.0, beast(surface(ICAO, HERE, is_odd=False))), settings=Settings(reference=False))[0] == []


@pytest.mark.parametrize(
    ("control", "means", "identifier"),
    [
        (0, "ads-b", "4ca123"),
        (1, "ads-b", "~4ca123"),
        (2, "tis-b", "4ca123"),
        (5, "tis-b", "~4ca123"),
        (6, "ads-r", "4ca123"),
    ],
)
def test_who_says_it_is_told(control: int, means: str, identifier: str) -> None:
    frames = [airborne(ICAO, HERE, 5000, is_odd=odd, control=control, form=18) for odd in (False, True)]
    claims, _ = live((0.0, beast(*frames)))
    assert [(claim.means, claim.identifier) for claim in claims] == [(means, identifier)]


def test_the_marks_of_mlat_are_told() -> None:
    frames = [airborne(ICAO, HERE, 5000, is_odd=odd) for odd in (False, True)]
    claims, _ = live((0.0, b"".join(write_frame(BeastFrame(frame, MLAT_COUNTER, 1)) for frame in frames)))
    assert [claim.means for claim in claims] == ["mlat"]


def test_what_was_said_grows_old() -> None:
    pair = [airborne(ICAO, HERE, 5000, is_odd=odd) for odd in (False, True)]
    told = beast(identification(ICAO, "TCSN12"), velocity(ICAO, 300, 400, 0, 0))
    claims, adapter = live((0.0, told), (20.0, beast(*pair)))
    assert (claims[0].callsign, claims[0].speed_mps) == ("TCSN12", None)
    list(adapter.on_tick(NOW_S + 100.0))
    again = adapter.decode(Packet(PacketKind.DATA, "adsb", NOW_S + 100.0, beast(*pair), connection=1))
    assert [claim.callsign for claim in again if isinstance(claim, Claim)] == [None]


# ---- AVR, SBS-1 ------------------------------------------------------------------------------------------------------


def test_avr_lines() -> None:
    lines = [f"*{airborne(ICAO, HERE, 5000, is_odd=odd).hex()};\n".encode() for odd in (False, True)]
    claims, adapter = live((0.0, lines[0] + b"*broken;\n" + lines[1]))
    assert len(claims) == 1
    assert adapter.statistics()["problems"]["reasons"] == {"avr: broken line": 1}


def sbs(kind: int, **fields: object) -> bytes:
    return write_line(SbsMessage(kind, "4CA123", NOW_S, NOW_S, **fields))  # type: ignore[arg-type]


def test_sbs_lines_are_merged_by_address() -> None:
    lines = (
        sbs(1, callsign="TCSN12")
        + sbs(4, speed_kt=100.0, track_deg=90.0, climb_fpm=-640.0)
        + sbs(5, altitude_ft=3000.0)
        + sbs(3, latitude_deg=52.2, longitude_deg=4.6, on_ground=False)
    )
    claims, _ = live((1.0, lines))
    claim = claims[0]
    assert (claim.identifier, claim.callsign, claim.on_ground) == ("4ca123", "TCSN12", False)
    assert (claim.time_s, claim.received_s) == (NOW_S, NOW_S + 1.0)
    assert claim.altitude_pressure_m == pytest.approx(3000.0 * M_PER_FT)
    assert claim.speed_mps == pytest.approx(100.0 * MPS_PER_KT)
    assert claim.course_rad == pytest.approx(math.pi / 2.0)


def test_sbs_in_local_time_takes_the_receipt() -> None:
    line = sbs(3, latitude_deg=52.2, longitude_deg=4.6)
    claims, adapter = live((7200.0, line))
    assert claims[0].time_s == NOW_S + 7200.0
    assert adapter.statistics()["clocks_astray"] == 1


def test_sbs_on_the_ground_and_by_mlat() -> None:
    lines = sbs(2, latitude_deg=52.2, longitude_deg=4.6, altitude_ft=0.0) + sbs(
        3, latitude_deg=52.2, longitude_deg=4.6, mlat=True
    )
    claims, _ = live((0.0, lines))
    assert [(claim.on_ground, claim.altitude_pressure_m, claim.means) for claim in claims] == [
        (True, None, "ads-b"),
        (None, 0.0, "mlat"),
    ]


def test_other_lines_of_the_format_are_no_problem() -> None:
    claims, adapter = live((0.0, b"STA,,1,1,4CA123,1,,,,,RM\r\nMSG,3,broken\r\n"))
    assert claims == []
    assert adapter.statistics()["lines_of_other_types"] == 1
    assert adapter.statistics()["problems"]["reasons"] == {"sbs: broken line": 1}


# ---- aircraft.json ---------------------------------------------------------------------------------------------------


def document(now_s: float, *entries: str) -> bytes:
    return f'{{"now": {now_s}, "aircraft": [{", ".join(entries)}]}}\n'.encode()


def test_a_polled_server_repeats_itself() -> None:
    first = '{"hex": "4ca123", "type": "adsb_icao", "lat": 52.2, "lon": 4.6, "seen_pos": 0.5, "alt_baro": "ground"}'
    later = first.replace("0.5", "1.5")
    newer = later.replace("1.5", "0.1")
    claims, adapter = live(
        (0.0, document(NOW_S, first)), (1.0, document(NOW_S + 1.0, later)), (2.0, document(NOW_S + 2.0, newer))
    )
    assert [claim.time_s for claim in claims] == pytest.approx([NOW_S - 0.5, NOW_S + 1.9])
    assert adapter.statistics()["positions_repeated"] == 1
    assert (claims[0].on_ground, claims[0].altitude_pressure_m) == (True, None)


def test_sources_of_a_server_are_told_apart() -> None:
    entries = [
        f'{{"hex": "4ca12{k}", "type": "{kind}", "lat": 52.2, "lon": 4.6, "alt_baro": 100, "alt_geom": 250}}'
        for k, kind in enumerate(("adsb_icao", "adsr_icao", "tisb_other", "mlat", "mode_s"))
    ]
    claims, _ = live((0.0, document(NOW_S, *entries)))
    assert [claim.means for claim in claims] == ["ads-b", "ads-r", "tis-b", "mlat", "mode-s"]
    assert claims[0].altitude_pressure_m == pytest.approx(100 * M_PER_FT)
    assert claims[0].height_m == pytest.approx(250 * M_PER_FT)


def test_an_entry_that_is_broken_costs_no_other() -> None:
    claims, adapter = live((0.0, document(NOW_S, '{"hex": 5}', '{"hex": "4ca123", "lat": 52.2, "lon": 4.6}')))
    assert len(claims) == 1
    assert adapter.statistics()["problems"]["reasons"] == {"json: broken entry": 1}


# ---- files -----------------------------------------------------------------------------------------------------------


def test_recorded_lines_are_cut_at_their_times() -> None:
    lines = b"".join(
        write_line(SbsMessage(3, "4CA123", NOW_S + t, NOW_S + t, latitude_deg=52.2, longitude_deg=4.6))
        for t in (0.0, 0.0, 2.5)
    )
    packets = list(Adapter(Settings(), SITE).packets(lines, "day.sbs"))
    assert [packet.received_s - NOW_S for packet in packets] == [0.0, 0.0, 2.5, 2.5]
    assert [packet.origin for packet in packets] == ["day.sbs:1", "day.sbs:1", "day.sbs:3", "day.sbs:4"]


def test_a_recording_without_times_is_refused() -> None:
    with pytest.raises(TocsinError, match="when it was received"):
        list(Adapter(Settings(), SITE).packets(beast(identification(ICAO, "X")), "day.beast"))
