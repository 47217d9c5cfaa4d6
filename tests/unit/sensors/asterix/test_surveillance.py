import pytest

from asterix_records import block
from asterix_site import OF_DAY_S, live
from tocsin.model.claim import Claim
from tocsin.units import RAD_PER_DEG


def test_an_adsb_report_is_a_claim() -> None:
    record = {
        "080": 0x48AD01,
        "071": (OF_DAY_S, "s"),
        "131": (("LAT", (45.9, "°")), ("LON", (16.1, "°"))),
        "145": (40.0, "FL"),
        "140": (4100.0, "ft"),
        "160": (0, ("GS", (0.05, "NM/s")), ("TA", (90.0, "°"))),
        "170": "TCS7    ",
        "020": 13,
    }
    items, _ = live(block(21, record))
    claim = items[0]
    assert isinstance(claim, Claim)
    assert (claim.means, claim.identifier, claim.callsign, claim.category) == (
        "ads-b", "48ad01", "TCS7", "unmanned aircraft",
    )  # fmt: skip
    assert (claim.latitude_rad, claim.longitude_rad) == pytest.approx(
        (45.9 * RAD_PER_DEG, 16.1 * RAD_PER_DEG), abs=1e-8
    )
    assert claim.altitude_pressure_m == pytest.approx(1219.2)
    assert claim.height_m == pytest.approx(1249.68)
    assert claim.speed_mps == pytest.approx(92.6, abs=0.1)
