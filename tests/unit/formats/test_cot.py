from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.formats.cot import CotError, CotEvent, read_event, write_event

TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"), max_size=20
)
AN_ATAK_EVENT = b"""<?xml version='1.0' encoding='UTF-8' standalone='yes'?>
<event version='2.0' uid='ANDROID-589520ccfcd20f01' type='a-f-G-U-C' time='2020-02-08T18:10:44.000Z'
 start='2020-02-08T18:10:44.000Z' stale='2020-02-08T18:16:59.000Z' how='h-e'>
<point lat='43.97957317' lon='-66.07737696' hae='26.767999' ce='9999999.0' le='9999999.0'/>
<detail><uid Droid='HOPE'/><contact callsign='HOPE' endpoint='192.168.0.2:4242:tcp'/>
<track speed='0.0' course='0.0'/></detail></event>"""


def test_a_devices_event_is_read() -> None:
    event = read_event(AN_ATAK_EVENT)
    assert (event.uid, event.type, event.how) == ("ANDROID-589520ccfcd20f01", "a-f-G-U-C", "h-e")
    assert (event.latitude_deg, event.longitude_deg) == (43.97957317, -66.07737696)
    assert (event.height_m, event.ce_m, event.le_m) == (26.767999, None, None)
    assert event.stale_s - event.time_s == 375.0
    assert (event.callsign, event.speed_mps) == ("HOPE", 0.0)


@given(TEXT, TEXT, st.floats(-90, 90), st.floats(-180, 180), st.none() | st.floats(-500, 9000))
def test_what_is_written_reads_back(
    uid: str, remarks: str, latitude: float, longitude: float, height: float | None
) -> None:
    event = CotEvent(uid, "a-u-A", "m-f", 1.7e9, 1.7e9 + 5.0, latitude, longitude, height, remarks=remarks)
    again = read_event(write_event(event))
    assert again.uid == uid
    assert again.remarks == remarks
    assert (again.latitude_deg, again.longitude_deg) == pytest.approx((latitude, longitude), abs=1e-7)
    if height is None or again.height_m is None:
        assert again.height_m is height
    else:  # written to a tenth; half of one is not exact as a float
        assert abs(Decimal(str(again.height_m)) - Decimal(height)) <= Decimal("0.05")
    assert (again.time_s, again.stale_s) == (1.7e9, 1.7e9 + 5.0)


@pytest.mark.parametrize("data", [b"", b"<event/>", b"<a><point/></a>", b"<event uid='x'><point lat='n'/></event>"])
def test_what_is_no_event_is_refused(data: bytes) -> None:
    with pytest.raises(CotError):
        read_event(data)


def test_entities_are_not_resolved() -> None:
    bomb = b"<!DOCTYPE e [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>" + AN_ATAK_EVENT.split(b"?>", 1)[1].replace(
        b"<uid Droid='HOPE'/>", b"<remarks>&x;</remarks>"
    )
    assert "root" not in read_event(bomb).remarks


@given(st.binary(max_size=100), st.integers(0, len(AN_ATAK_EVENT)))
def test_no_bytes_do_worse_than_an_error(noise: bytes, at: int) -> None:
    with suppress(CotError):
        read_event(AN_ATAK_EVENT[:at] + noise + AN_ATAK_EVENT[at:])
