"""The positions adapter: sentences and features live, whole files replayed, and what is refused."""

import pytest

from tocsin.model.adapter import AdapterContext
from tocsin.model.claim import Claim
from tocsin.model.errors import TocsinError
from tocsin.model.packet import Packet, PacketKind
from tocsin.model.sensor import Pose
from tocsin.sensors.positions.adapter import Adapter
from tocsin.sensors.positions.settings import Settings
from tocsin.units import RAD_PER_DEG
from unit.formats.test_fixes import KML, POINT, TIME_S, gpx
from unit.formats.test_nmea import GGA, RMC, log

SITE = AdapterContext("car", Pose(), 54.6 * RAD_PER_DEG, 18.8 * RAD_PER_DEG, 41.0)


def live(*pieces: bytes, settings: Settings | None = None) -> tuple[list[Claim], Adapter]:
    adapter = Adapter(settings or Settings(), SITE)
    found = [
        item for piece in pieces for item in adapter.decode(Packet(PacketKind.DATA, "car", TIME_S, piece, connection=1))
    ]
    return [item for item in found if isinstance(item, Claim)], adapter


@pytest.mark.parametrize(("data", "count"), [(gpx(), 6), (KML, 3), (POINT, 1), (log(RMC, GGA), 1)])
def test_a_file_is_replayed_at_the_times_it_says(data: bytes, count: int) -> None:
    adapter = Adapter(Settings(), SITE)
    packets = list(adapter.packets(data, "log"))
    claims = [item for packet in packets for item in adapter.decode(packet)]
    assert len(claims) == count
    assert [one.time_s for one in claims] == [one.received_s for one in claims] == sorted(one.time_s for one in claims)
    assert adapter.statistics()["problems"]["reasons"] == {}


def test_sentences_are_claims_of_the_carrier() -> None:
    settings = Settings(identifier="PATROL-1", category="ground vehicle", sigma_horizontal_m=3.0)
    (first, second), adapter = live(log("$GPGSV,1,1,00*79", RMC), log(GGA), settings=settings)
    assert (first.means, first.identifier, first.category, first.sigma_horizontal_m) == (
        "gnss", "PATROL-1", "ground vehicle", 3.0,
    )  # fmt: skip
    assert (first.altitude_msl_m, second.altitude_msl_m) == (None, 12.5)
    assert adapter.statistics()["lines_of_other_kinds"] == 1


def test_a_name_comes_from_the_file_or_the_sensor() -> None:
    (claim,), _ = live(POINT)
    assert claim.identifier == "car"
    assert claim.height_m == 90.5


def test_what_is_refused_is_counted() -> None:
    _, adapter = live(log(RMC.replace("A", "V", 1)), b"$" + b"x" * 5000)
    reasons = adapter.statistics()["problems"]["reasons"]
    assert reasons == {"sentence: refused": 1, "sentence: too long": 1}
    _, adapter = live(b'{"type": "Feature"}')
    assert adapter.statistics()["problems"]["reasons"] == {"document: broken": 1}


def test_a_file_that_is_none_says_so() -> None:
    with pytest.raises(TocsinError, match="log: no GPX"):
        list(Adapter(Settings(), SITE).packets(b"hello", "log"))
